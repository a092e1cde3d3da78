// The privacy notice of the app, and the one in docs/, which is made of the same words:
// `UPDATE_PRIVACY=1 npx vitest run privacy` writes it again.
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import type { Language } from "@/ipc/bindings";
import { mountWithHost } from "@/testing/mount";
import { texts } from "@/testing/texts";

import { STORED, STORED_COLUMNS } from "./privacy";
import SettingsPage from "./SettingsPage.vue";

const DOCS = "../docs/";
const FILES: Record<Language, string> = { zh: "privacy.zh-CN.md", en: "privacy.md" };
const LANGUAGES = ["zh", "en"] as const;

function written(language: Language): string {
  const { privacy } = texts[language];
  const other: Language = language === "zh" ? "en" : "zh";
  const link = `[${texts[other].privacy.title}](${FILES[other]})`;
  const columns = ["what", ...STORED_COLUMNS] as const;
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rows = STORED.map((one) => line(columns.map((column) => privacy.stored.row[one][column])));
  const table = [line(columns.map((column) => privacy.stored.column[column])), line(columns.map(() => "---")), ...rows].join("\n");
  const part = ({ title, text }: { title: string; text: string }) => `## ${title}\n\n${text}`;
  const parts = [
    `# ${privacy.title}`,
    link,
    privacy.text,
    part(privacy.who),
    `## ${privacy.stored.title}\n\n${table}`,
    part(privacy.to_whom),
    `${part(privacy.rights)}\n\n${privacy.rights.all}`,
    part(privacy.customers),
  ];
  return `${parts.join("\n\n")}\n`;
}

describe("privacy notice", () => {
  it.each(LANGUAGES)("is the same in docs/ as in the app, in %s", async (language) => {
    const file = DOCS + FILES[language];
    if (process.env.UPDATE_PRIVACY) writeFileSync(file, written(language));
    expect(readFileSync(file, "utf8")).toBe(written(language));
    const page = await mountWithHost(SettingsPage, { language, path: "/settings?tab=privacy" });
    const shown = page.element.textContent ?? "";
    const said = [...Object.values(texts[language].privacy.stored.row).flatMap((row) => Object.values(row)), texts[language].privacy.rights.all];
    expect(said.filter((text) => !shown.includes(text))).toEqual([]);
  });

  it.each(LANGUAGES)("names places that are there, in %s", (language) => {
    const { privacy, settings } = texts[language];
    expect(privacy.to_whom.text).toContain(settings.tab.general);
    expect(privacy.to_whom.text).toContain(settings.hosts.title);
    expect(privacy.rights.text).toContain(settings.tab.accounts);
  });
});
