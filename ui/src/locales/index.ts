// Each language is a chunk of its own, so that only the one on screen is loaded. Chinese is written first and gives
// the shape; an English file with a key missing or too many does not compile. What is loaded is the compiled form of
// the texts (see `compiledTexts` in vite.config.ts): no compiler is shipped.
import type { Language } from "@/ipc/bindings";

import type en from "./en";
import type zh from "./zh";

export type Messages = typeof zh;

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

const LOADERS: Record<Language, () => Promise<{ default: SameKeys<typeof zh, typeof en> }>> = {
  zh: () => import("./zh"),
  en: () => import("./en"),
};

/** The texts of one language. Errors: none that a person can meet, the chunks lie inside the app. */
export async function loadMessages(language: Language): Promise<Messages> {
  if (__FAKE_HOST__ && new URLSearchParams(window.location.search).has("pseudo")) return (await import("./pseudo")).default;
  return (await LOADERS[language]()).default as Messages;
}
