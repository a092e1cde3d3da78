// Where an id is made of text. Everywhere else it comes with an answer of the host.
import type { AccountId, OrderId, ProviderId } from "./bindings";

/** Stands for an id until there is one; nothing is asked about it. */
export const noId = <Id extends AccountId | OrderId | ProviderId>(): Id => "" as Id;

/** The account that an address names. */
export const accountNamed = (part: string | readonly string[] | undefined): AccountId => String(part ?? "") as AccountId;
