// The pictures of docs/guide.md, as the picture tests keep them: each page as a shop usually finds it.
import type { Language } from "@/ipc/bindings";

import type { Topic } from "./topics";

const KEPT = "../../../../tests/e2e/pictures/";
const files = import.meta.glob<string>(
  // The name of a state has a dash, that of a page has none; of the guide there is no picture in the guide.
  [
    "../../../../tests/e2e/pictures/*.{zh,en}-light.png",
    "!../../../../tests/e2e/pictures/*-*.*-light.png",
    "!../../../../tests/e2e/pictures/guide.*",
  ],
  { import: "default", eager: true },
);

/** Where the picture is; only what is looked at is fetched. */
export const pictureOf = (topic: Topic, language: Language) => files[`${KEPT}${topic}.${language}-light.png`];
