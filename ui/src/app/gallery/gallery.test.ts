import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { routes } from "@/app/routes";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost } from "@/testing/mount";

import GalleryPage from "./GalleryPage.vue";

const files = (folder: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".vue"))
    .map((file) => file.replace(".vue", ""));

/** Props that do not change how a component looks; a slip looks as a problem does. */
const NOT_SEEN = ["slip", "testid", "showTestid", "inputmode", "maxlength", "type"];

describe("gallery", () => {
  it("shows every shared component and every illustration", async () => {
    const page = await mountWithHost(GalleryPage);
    const shown = new Set([...page.element.querySelectorAll("[data-component]")].map((item) => item.getAttribute("data-component")));
    expect([...files("src/shared/ui"), ...files("src/illustrations")].filter((name) => !shown.has(name))).toEqual([]);
  });

  it("shows each of them with all that can be said to it", () => {
    const gallery = readFileSync("src/app/gallery/GalleryPage.vue", "utf8");
    const unshown = files("src/shared/ui").flatMap((name) => {
      const shown = [...gallery.matchAll(new RegExp(`<${name}\\s(?:=>|[^>])*>`, "g"))].join("\n");
      const props = /defineProps<\{([^}]*(?:\{[^}]*\}[^}]*)*)\}>/.exec(readFileSync(`src/shared/ui/${name}.vue`, "utf8"))?.[1] ?? "";
      // What a list in it holds is no part of it.
      const choices = [...props.replace(/\{[^}]*\}/g, "").matchAll(/(\w+)\?:/g)].map(([, prop]) => prop ?? "").filter((prop) => !NOT_SEEN.includes(prop));
      return choices
        .map((prop) => prop.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))
        .filter((prop) => !new RegExp(`[\\s:]${prop}[\\s=>]`).test(shown))
        .map((prop) => `${name} ${prop}`);
    });
    expect(unshown).toEqual([]);
  });

  // Every component there is: beside another test on a busy computer that takes longer than any page.
  it("is accessible", { timeout: 60_000 }, async () => {
    const page = await mountWithHost(GalleryPage);
    const groups = [...page.element.querySelectorAll("section[id]")];
    expect(groups.length).toBeGreaterThan(1);
    // One by one: what axe-core takes grows faster than what it looks at.
    for (const group of groups) await expectAccessible(group);
  });

  it("is in no release: only the preview and development have its address", () => {
    expect(__PREVIEW__).toBe(false);
    expect(routes.map((route) => route.path)).not.toContain("/gallery");
  });
});
