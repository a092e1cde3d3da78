// The in-memory host: the member card and its mode.
import type { AcquisitionMode, ChangeReason, MemberCardView, SignUpsView } from "../bindings";
import type { Context, Part } from "./context";
import { remainingOf, waysView } from "./views";
import { beijing, later, reading, refusal, type FakeAccount, type FakeWorld } from "./world";

/** Seconds for which a switch is offered to be taken back. */
const UNDO_SECONDS = 120;
const WEEKS: readonly [authorized: number, manual: number][] = [[9, 3], [12, 2], [7, 0], [11, 0], [14, 1], [38, 6], [10, 0], [8, 0]];

function signUps(world: FakeWorld): SignUpsView {
  const day = (ago: number) => beijing(later(world.now, -ago)).slice(0, 10);
  const weeks = WEEKS.map(([authorized, manual], index) => ({
    first: day(index * 7 + 6),
    last: day(index * 7),
    authorized,
    manual,
    cards_issued: authorized + manual - 1,
  }));
  const sum = (count: (week: (typeof weeks)[number]) => number) => weeks.reduce((all, week) => all + count(week), 0);
  return {
    read_at: beijing(world.now),
    weeks,
    authorized: sum((week) => week.authorized),
    manual: sum((week) => week.manual),
    cards_issued: sum((week) => week.cards_issued),
    numbers_not_fetched: 2,
  };
}

export function memberCardView(world: FakeWorld, a: FakeAccount): MemberCardView {
  const at = a.cardReadAt ?? beijing(world.now);
  const known = a.cardConnected;
  const newest = a.history[0];
  const undoable = newest?.state === "confirmed" && newest.why === "chosen" && newest.from !== null && newest.from !== newest.to;
  const calls = a.way?.monthly_calls;
  return {
    connected: known,
    mode: known ? reading(a.cardMode, "platform", at) : null,
    quota: known ? reading(10000, "platform", at) : null,
    issued: known ? reading(10000 - a.cardsLeft, "platform", at) : null,
    remaining: known ? reading(a.cardsLeft, "platform", at) : null,
    sms_balance: known ? reading(550, "platform", at) : null,
    history: known ? [...a.history] : [],
    undo: known && undoable ? { change: newest.id, to: newest.from as AcquisitionMode, seconds: UNDO_SECONDS } : null,
    unfinished: known ? a.unfinished : null,
    stale: a.cardStale,
    costs: calls === undefined ? null : { ways: waysView(calls), volume_is_estimate: true, free: a.eligibility?.decision.kind === "free" },
    sign_ups: known && a.signUpsCounted ? signUps(world) : null,
    seen: {
      shop: known ? a.name.replace("会员中心", "") : null,
      program: a.name,
      quota_dry: a.source ? remainingOf(a) === 0 : null,
      cards_dry: known && a.cardsLeft === 0,
    },
  };
}

export function cardMethods({
  world,
  find,
  wizard,
  touch,
  now,
}: Context): Part<"connectMemberCard" | "getMemberCard" | "syncMemberCard" | "setMode" | "undoMode" | "keepMode"> {
  const connected = (account: FakeAccount) => {
    if (!account.cardConnected) throw refusal("member_card_not_connected");
    return account;
  };
  const change = (account: FakeAccount, mode: AcquisitionMode, why: ChangeReason) => {
    account.history.unshift({
      id: `change-${world.nextId++}`,
      from: account.cardMode,
      to: mode,
      by: "person",
      why,
      state: "confirmed",
      asked_at: now(),
      confirmed_at: now(),
    });
    account.cardMode = mode;
    account.unfinished = null;
    account.modeKept = mode;
    touch(account.id, "member_card", "wizard");
    return memberCardView(world, account);
  };
  return {
    async connectMemberCard(id, accessKey) {
      if (accessKey.trim().length < 8) throw refusal("member_card_key_wrong");
      const account = find(id);
      account.cardConnected = true;
      touch(id, "member_card");
      return memberCardView(world, account);
    },
    async getMemberCard(id) {
      return memberCardView(world, find(id));
    },
    async syncMemberCard(id) {
      const account = connected(find(id));
      account.cardReadAt = now();
      account.cardStale = false;
      return memberCardView(world, account);
    },
    async setMode(id, mode) {
      return change(connected(find(id)), mode, "chosen");
    },
    async undoMode(id, taken) {
      const account = connected(find(id));
      const newest = account.history[0];
      if (newest?.id !== taken || !newest.from) throw refusal("not_found");
      return change(account, newest.from, "taken_back");
    },
    async keepMode(id) {
      const account = find(id);
      account.unfinished = null;
      account.modeKept = account.cardConnected ? account.cardMode : (account.way?.way ?? "authorized");
      return wizard(account);
    },
  };
}
