// Where a day is made of something else. Everywhere else it comes with an answer of the host.
import type { Day } from "@/ipc/bindings";

/** Written in full; whether the calendar has such a day is the host's to say. */
const isDay = (text: string): text is Day => /^\d{4}-\d\d-\d\d$/.test(text);

/** The day in a date field; `null` while it is empty or only half typed. */
export function typedDay(typed: string): Day | null {
  const text = typed.trim();
  return isDay(text) ? text : null;
}

/** The day that begins at a midnight in UTC, in seconds: charts count days like this. */
export const dayAt = (seconds: number): Day => new Date(seconds * 1000).toISOString().slice(0, 10) as Day;
