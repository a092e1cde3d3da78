// What the guide speaks of, in the order in which a shop meets it. A page without its words here does not compile.
import { PAGE_NAMES, type PageName } from "@/layout/pages";

export type Topic = Exclude<PageName, "guide"> | "wizard";

export const TOPICS: readonly Topic[] = ["wizard", ...PAGE_NAMES.filter((page) => page !== "guide")];

export const STEPS_OF_A_TOPIC = ["one", "two", "three"] as const;
