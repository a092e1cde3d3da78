// Where a day is made of something else. Everywhere else it comes with an answer of the host.
import type { Day } from "@/ipc/bindings";

/** Written in full, and in the calendar: 30 February is none. */
const isDay = (text: string): text is Day => {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  return at !== null && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
};

/** The day in a date field while it is typed; `null` while it is empty or only half there. */
export function typedDay(typed: string): Day | null {
  const text = typed.trim();
  return isDay(text) ? text : null;
}

/** The day in a date field that was left, as people write one: `2026/1/3`, `2026年1月3日`, also in full width. */
export function givenDay(typed: string): Day | null {
  const parts = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(typed.normalize("NFKC").replace(/\s/g, ""));
  return parts && typedDay([parts[1], parts[2]?.padStart(2, "0"), parts[3]?.padStart(2, "0")].join("-"));
}

/** Days are compared as text: they are written in full, the year first. */
export const isWithin = (day: Day, first?: Day, last?: Day) => (!first || day >= first) && (!last || day <= last);

/** The day that begins at a midnight in UTC, in seconds: charts count days like this. */
export const dayAt = (seconds: number): Day => new Date(seconds * 1000).toISOString().slice(0, 10) as Day;
