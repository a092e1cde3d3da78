// Ids, days and amounts that a test makes up.

/** Text as the type that is wanted where it stands. */
export const typed = <T extends string>(text: string): T => text as T;
