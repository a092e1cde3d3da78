// What the guide speaks of, in the order in which a shop meets it. A page without its words here does not compile.
import { PAGE_NAMES, type PageName } from "@/layout/pages";

/** The alerts follow with the picture that will be kept of them. */
export type Topic = Exclude<PageName, "guide" | "inbox"> | "wizard";

export const TOPICS: readonly Topic[] = ["wizard", ...PAGE_NAMES.filter((page) => page !== "guide" && page !== "inbox")];

export const STEPS_OF_A_TOPIC = ["one", "two", "three"] as const;
