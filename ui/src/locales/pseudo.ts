// No language of the app: the English texts made longer and marked (`lengthened` in vite.config.ts), to find what is
// cut off and what does not come out of a locale file. Only the preview and development have it.
import type first from "./en";
import type deferred from "./en/deferred";

const files = import.meta.glob<unknown>("./en/*.json", { query: "?pseudo", import: "default", eager: true });

export default Object.fromEntries(
  Object.entries(files).map(([path, texts]) => [/(\w+)\.json/.exec(path)?.[1] ?? path, texts]),
) as typeof first & typeof deferred;
