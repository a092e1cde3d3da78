// What the host refuses with, and where its words are. No prose comes from the host: the texts live in
// locales/*/errors.json, and this file does not compile while one of them is missing in either language.
import type en from "@/locales/en/errors.json";
import type zh from "@/locales/zh/errors.json";

import { ERROR_CODES, type ErrorCode, type ErrorView } from "./bindings";

/** Three short lines and one button. */
export interface ErrorText {
  /** What happened. */
  what: string;
  /** What it means for the shop. */
  means: string;
  /** What to do now. */
  todo: string;
  /** The button: a verb. */
  button: string;
}

/** Compiles only while every code has its text in this language. */
type Complete<Codes extends Record<ErrorCode, ErrorText>> = Codes;
export type ErrorTexts = Complete<(typeof zh)["code"]> & Complete<(typeof en)["code"]>;

/** Errors that end the start of the app: they fill the page, nothing else can be shown. */
export const STARTUP_CODES: readonly ErrorCode[] = [
  "already_running",
  "database_newer",
  "database_damaged",
  "database_missing",
  "stored_word_unknown",
  "disk_read_only",
  "disk_full",
  "disk_failed",
  "practice_port_taken",
  "practice_failed",
  "keyring_absent",
  "keyring_locked",
  "keyring_failed",
];

export function isErrorView(value: unknown): value is ErrorView {
  if (typeof value !== "object" || value === null) return false;
  const candidate = value as Partial<ErrorView>;
  return (
    ERROR_CODES.some((code) => code === candidate.code) &&
    typeof candidate.ref === "string" &&
    typeof candidate.params === "object" &&
    typeof candidate.retry === "object"
  );
}

/** Whatever was thrown, as an ErrorView. What the host did not send in its own form (a refused permission, a
 *  broken argument) is our own fault and is shown as `internal`; its text is not shown and not kept, because it
 *  could quote an argument. */
export function toErrorView(thrown: unknown): ErrorView {
  if (isErrorView(thrown)) return thrown;
  return { code: "internal", params: {}, retry: { kind: "never" }, ref: "ui" };
}

/** Waiting has an end; what was asked for may still be done. */
export function noAnswer(): ErrorView {
  return { code: "no_answer", params: {}, retry: { kind: "now" }, ref: "ui" };
}
