// What is stored about whom, in the order in which a reader asks.
export const STORED = ["figures", "copies", "login", "sign_in", "customers", "logs", "exports"] as const;

/** What is said of each. */
export const STORED_COLUMNS = ["whose", "where", "how_long"] as const;
