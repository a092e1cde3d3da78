// JavaScript on the start path in gzipped kB: what the window loads before its first page stands.
// `node start-path.mjs DIST`, a build with Vite's manifest in it.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const [dist] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(`${dist}/.vite/manifest.json`, "utf8"));

/** Everything that a chunk cannot run without. */
function reach(name, found = new Set()) {
  if (!manifest[name]) throw new Error(`${name} is not in the manifest`);
  if (!found.has(name)) {
    found.add(name);
    for (const other of manifest[name].imports ?? []) reach(other, found);
  }
  return found;
}

// The window loads the kept page's few lines, then the app, the words of one language, and the first page; the wizard
// with the step it stands at.
const BEFORE = ["index.html", "src/app/main.ts", "src/locales/zh/index.ts"];
const WIZARD = "src/features/wizard/WizardPage.vue";
const steps = Object.keys(manifest).filter((name) => /^src\/features\/wizard\/steps\/\w+\/\w+Step\.vue$/.test(name));
const firstPages = [
  ["src/features/overview/OverviewPage.vue"],
  ["src/features/accounts/AccountsPage.vue"],
  ...steps.map((step) => [WIZARD, step]),
];
for (const page of firstPages) {
  const chunks = new Set([...BEFORE, ...page].flatMap((name) => [...reach(name)]));
  const files = [...new Set([...chunks].map((name) => manifest[name].file))].filter((file) => file.endsWith(".js"));
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(`${dist}/${file}`), { level: 9 }).length, 0);
  const name = page.map((file) => file.split("/").at(-1)).join(", ");
  console.log(`${name.padEnd(38)} ${(bytes / 1000).toFixed(1).padStart(6)} kB in ${files.length} files`);
}
