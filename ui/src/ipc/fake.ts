// A Host without a Tauri: for component tests, and for looking at the pages in a browser (`npm run dev`). It keeps
// state and refuses like the real one; it never leaves memory. Not part of a release bundle.
import type { Changed, ErrorCode, ErrorView, Tag } from "./bindings";
import type { Host } from "./client";
import { accountMethods } from "./fake/accounts";
import { billMethods } from "./fake/bill";
import { bulkMethods } from "./fake/bulk";
import type { Context, Method } from "./fake/context";
import { exportMethods } from "./fake/exports";
import { cardMethods } from "./fake/member_card";
import { orderMethods } from "./fake/orders";
import { arrive, purchaseMethods, usageMethods } from "./fake/quota";
import { priceListMethods, settingsMethods } from "./fake/settings";
import * as views from "./fake/views";
import { appMethods, loginMethods, wizardMethods } from "./fake/wizard";
import { beijing, newWorld, refusal, type FakeAccount, type FakeWorld } from "./fake/world";

export interface FakeControl {
  readonly world: FakeWorld;
  /** The next call of this method is refused so; `params` as the host would send them. */
  failNext(method: Method, code: ErrorCode, params?: Record<string, string>): void;
  /** So is every call of it from now on. */
  failAlways(method: Method, code: ErrorCode, params?: Record<string, string>): void;
  /** Holds calls of this method until the returned function is called: to see the busy state. */
  hold(method: Method): () => void;
  /** Tells listeners what changed behind the page's back. */
  emit(changed: Changed): void;
  /** All answers so far, as JSON: whatever else stands on the page are words of the app. */
  said(): string;
  /** How often a method was called. */
  calls(method: Method): number;
  /** What the console window would notice: a signed-in page. */
  signIn(account: string): void;
  /** WeChat's usage interface shows the pack that was picked. */
  arrive(account: string): void;
}

export type FakeHost = Host & { control: FakeControl };

export function createFakeHost(change: (world: FakeWorld) => void = () => undefined): FakeHost {
  const world = newWorld();
  change(world);
  const listeners = new Set<(changed: Changed) => void>();
  const failures = new Map<Method, ErrorView[]>();
  const broken = new Map<Method, ErrorView>();
  const gates = new Map<Method, Promise<void>>();
  const counts = new Map<Method, number>();
  const answers: unknown[] = [];

  const emit = (changed: Changed) => listeners.forEach((listen) => listen(changed));
  const touch = (account: string, ...tags: Tag[]) => emit({ account, tags });
  const find = (id: string): FakeAccount => {
    const found = world.accounts.find((account) => account.id === id && !account.leaving);
    if (!found) throw refusal("not_found");
    return found;
  };
  const wizard = (account: FakeAccount) => views.wizardView(world, account);
  const now = () => beijing(world.now);

  const context: Context = { world, find, wizard, touch, now };
  const plain: Omit<Host, "onChanged"> = {
    ...appMethods(context),
    ...accountMethods(context),
    ...wizardMethods(context),
    ...loginMethods(context),
    ...usageMethods(context),
    ...purchaseMethods(context),
    ...orderMethods(context),
    ...cardMethods(context),
    ...settingsMethods(context),
    ...priceListMethods(context),
    ...exportMethods(context),
    ...billMethods(context),
    ...bulkMethods(context),
  };

  const guarded = Object.fromEntries(
    (Object.keys(plain) as Method[]).map((method) => [
      method,
      async (...values: never[]) => {
        counts.set(method, (counts.get(method) ?? 0) + 1);
        await gates.get(method);
        const failure = failures.get(method)?.shift() ?? broken.get(method);
        if (failure) {
          answers.push(failure);
          throw failure;
        }
        const answer = await (plain[method] as (...args: never[]) => Promise<unknown>)(...values);
        answers.push(answer);
        return answer;
      },
    ]),
  ) as unknown as Omit<Host, "onChanged">;

  return {
    ...guarded,
    async onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    control: {
      world,
      emit,
      failNext: (method, code, params = {}) =>
        failures.set(method, [...(failures.get(method) ?? []), refusal(code, params)]),
      failAlways: (method, code, params = {}) => broken.set(method, refusal(code, params)),
      hold(method) {
        let open = () => undefined as void;
        gates.set(method, new Promise<void>((resolve) => (open = resolve)));
        return () => {
          gates.delete(method);
          open();
        };
      },
      said: () => JSON.stringify(answers),
      calls: (method) => counts.get(method) ?? 0,
      signIn(id) {
        find(id).signedInAt = now();
        touch(id, "wizard");
      },
      arrive(id) {
        arrive(world, find(id));
        touch(id, "purchase", "usage", "wizard");
      },
    },
  };
}
