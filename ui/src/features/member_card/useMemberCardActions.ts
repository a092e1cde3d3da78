// What can be pressed about a member card, on its page and in the wizard: connecting, switching, reading, opening.
import { computed, shallowRef, type ComputedRef } from "vue";

import { useAction, type Action } from "@/ipc/useAction";
import type { AccountId, ErrorCode } from "@/ipc/bindings";
import { useHost } from "@/ipc/host";
import { useMemberCard } from "@/ipc/queries";

/** The form opens again, and says it at its field. */
const KEY_REFUSED: readonly ErrorCode[] = ["member_card_key_wrong", "member_card_not_connected"];
/** Nobody knows how it ended: it is looked up, not sent twice. */
const UNKNOWN: readonly (ErrorCode | undefined)[] = ["mode_not_confirmed", "mode_changed_elsewhere", "not_found"];

export function useMemberCardActions(id: ComputedRef<AccountId>) {
  const host = useHost();
  const { data: card, error: readError, isFetching, refetch } = useMemberCard(id);
  const [connecting, switching, reading, opening] = [useAction(), useAction(), useAction(), useAction()];
  const acts = [switching, connecting, opening, reading];
  const problem = computed(() => acts.map((act) => act.error.value).find((error) => error !== null) ?? readError.value ?? null);
  const keySlip = computed(() => acts.map((act) => act.slip.value).find((slip) => slip !== null) ?? null);
  const keyRefused = shallowRef(false);
  const connected = computed(() => card.value?.connected === true && !keyRefused.value);
  const figures = computed(() => {
    const { quota, issued, remaining, sms_balance: sms } = card.value ?? {};
    const all = { quota, issued, cards_left: remaining, sms };
    return (Object.keys(all) as (keyof typeof all)[]).flatMap((key) => {
      const reading = all[key];
      return reading ? [{ key, reading }] : [];
    });
  });

  const forget = () => acts.forEach((act) => act.clear());
  /** The last press, so that the error's own button can repeat it. */
  let again: () => Promise<unknown> = () => Promise.resolve();
  async function press(act: Action, change: () => Promise<unknown>): Promise<boolean> {
    again = () => press(act, change);
    forget();
    const done = await act.run(async () => {
      await change();
      return true;
    }, KEY_REFUSED);
    keyRefused.value ||= act.slip.value !== null;
    return done === true;
  }

  async function connect(accessKey: string): Promise<boolean> {
    const done = await press(connecting, () => host.connectMemberCard(id.value, accessKey));
    if (done) keyRefused.value = false;
    return done;
  }
  const read = () => press(reading, () => host.syncMemberCard(id.value));

  async function onProblem() {
    const code = problem.value?.code;
    if (UNKNOWN.includes(code)) await read();
    else if (readError.value) await refetch();
    else await again();
  }

  return {
    card,
    isFetching,
    figures,
    problem,
    keySlip,
    keyRefused,
    connected,
    connecting,
    switching,
    reading,
    opening,
    connect,
    read,
    onProblem,
    switchBy: (change: () => Promise<unknown>) => press(switching, change),
    drop: () => press(switching, () => host.keepMode(id.value)),
    openOffice: () => press(opening, () => host.openPracticeCardOffice(id.value)),
    openClaim: () => press(opening, () => host.openPracticeClaim(id.value)),
  };
}
