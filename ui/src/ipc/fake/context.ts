import type { Tag, WizardView } from "../bindings";
import type { Host } from "../client";
import type { FakeAccount, FakeWorld } from "./world";

export type Method = Exclude<keyof Host, "onChanged">;

/** What the parts of the in-memory host share. */
export interface Context {
  world: FakeWorld;
  find(id: string): FakeAccount;
  wizard(account: FakeAccount): WizardView;
  touch(account: string, ...tags: Tag[]): void;
  now(): string;
}

/** One group of the host's methods. */
export type Part<K extends Method> = Pick<Host, K>;
