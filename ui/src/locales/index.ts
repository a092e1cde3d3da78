// Each language is two chunks of its own: what a first page may need, and the words of the other pages, which are loaded
// after it. Only the language on screen is loaded. Chinese is written first and gives the shape; an English file with a
// key missing or too many does not compile. What is loaded is the compiled form of the texts (see `compiledTexts` in
// vite.config.ts): no compiler is shipped.
import type { Language } from "@/ipc/bindings";

import type en from "./en";
import type enDeferred from "./en/deferred";
import type zh from "./zh";
import type zhDeferred from "./zh/deferred";

type Deferred = typeof zhDeferred;
export type Messages = typeof zh & Deferred;

/** Exact in both directions: neither language may have a key the other lacks. */
type SameKeys<A, B> = {
  [K in keyof A | keyof B]: K extends keyof A
    ? K extends keyof B
      ? A[K] extends string
        ? B[K] extends string
          ? string
          : never
        : SameKeys<A[K], B[K]>
      : never
    : never;
};

const FIRST: Record<Language, () => Promise<{ default: SameKeys<typeof zh, typeof en> }>> = {
  zh: () => import("./zh"),
  en: () => import("./en"),
};
const DEFERRED: Record<Language, () => Promise<{ default: SameKeys<typeof zhDeferred, typeof enDeferred> }>> = {
  zh: () => import("./zh/deferred"),
  en: () => import("./en/deferred"),
};

const isPseudo = () => new URLSearchParams(window.location.search).has("pseudo");

/** The texts of the pages a start may begin with. Errors: none that a person can meet, the chunks lie inside the app. */
export async function loadFirstMessages(language: Language): Promise<Messages> {
  // Written out, so that the bundler leaves the longer texts out of a release.
  if (__PREVIEW__ && isPseudo()) return (await import("./pseudo")).default;
  return (await FIRST[language]()).default as Messages;
}

/** The texts of all other pages. */
export async function loadDeferredMessages(language: Language): Promise<Deferred> {
  if (__PREVIEW__ && isPseudo()) return (await import("./pseudo")).default;
  return (await DEFERRED[language]()).default as Deferred;
}
