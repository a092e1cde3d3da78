// The guide in the app, and the guide in docs/, which is made of the same words and of the pictures that the picture
// tests keep: `UPDATE_GUIDE=1 npx vitest run guide` writes it again.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import type { Language } from "@/ipc/bindings";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost } from "@/testing/mount";
import { until } from "@/testing/page";
import { texts } from "@/testing/texts";

import GuidePage from "./GuidePage.vue";
import { STEPS_OF_A_TOPIC, TOPICS } from "./topics";

const DOCS = "../docs/";
const FILES: Record<Language, string> = { zh: "guide.zh-CN.md", en: "guide.md" };
const picture = (topic: string, language: Language) => `../tests/e2e/pictures/${topic}.${language}-light.png`;

function written(language: Language): string {
  const { app, guide } = texts[language];
  const sections = TOPICS.map((topic) => {
    const words = guide.page[topic];
    const steps = STEPS_OF_A_TOPIC.map((step, place) => `${place + 1}. ${words[step]}`).join("\n");
    const name = app.rail[topic];
    return `## ${name}\n\n**${words.answers}** ${words.text}\n\n![${name}](${picture(topic, language)})\n\n${steps}\n`;
  });
  const other: Language = language === "zh" ? "en" : "zh";
  const head = `# ${app.name} · ${guide.title}\n\n[${texts[other].guide.title}](${FILES[other]})\n\n> **${guide.emergency.title}**\n>\n> ${guide.emergency.text}\n`;
  return [head, ...sections].join("\n");
}

describe("emergency", () => {
  it.each(["zh", "en"] as const)("stands before everything else in %s, and names the page as the rail does", async (language) => {
    const page = await mountWithHost(GuidePage, { language, path: "/guide", scene: "shop" });
    const first = page.element.querySelector('main [data-testid^="guide."]');
    expect(first?.getAttribute("data-testid")).toBe("guide.emergency");
    expect(first?.textContent).toContain(texts[language].app.rail.member_card);
  });
});

describe("guide in docs/", () => {
  it.each(["zh", "en"] as const)("is the guide of the app, in %s", (language) => {
    const file = DOCS + FILES[language];
    if (process.env.UPDATE_GUIDE) writeFileSync(file, written(language));
    expect(readFileSync(file, "utf8")).toBe(written(language));
  });

  it.each(["zh", "en"] as const)("shows pictures that are kept, in %s", (language) => {
    const missing = TOPICS.map((topic) => picture(topic, language)).filter((path) => !existsSync(DOCS + path));
    expect(missing).toEqual([]);
  });
});

describe("guide in the app", () => {
  it("speaks of every page and leads to it", async () => {
    const page = await mountWithHost(GuidePage, { scene: "shop" });
    for (const topic of TOPICS) {
      expect(page.get(`guide.${topic}`).text()).toContain(texts.zh.guide.page[topic].answers);
      expect(page.get(`guide.${topic}.picture`).get("img").attributes("src")).toContain(`/${topic}.zh-light.png`);
      expect(page.get(`guide.${topic}`).find("a").attributes("href")).toContain(topic);
    }
  });

  it("opens at the page one comes from", async () => {
    const page = await mountWithHost(GuidePage, { scene: "shop" });
    await page.get("guide.to.orders").trigger("click");
    await until(() => expect(document.activeElement).toBe(page.get("guide.orders").get("h2").element));
  });

  it("is accessible", async () => {
    const page = await mountWithHost(GuidePage, { scene: "shop" });
    await expectAccessible(page.element);
  });
});
