import { readdirSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { routes } from "@/app/routes";
import { expectAccessible } from "@/shared/testing/axe";
import { mountWithHost } from "@/shared/testing/mount";

import GalleryPage from "./GalleryPage.vue";

const files = (folder: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".vue"))
    .map((file) => file.replace(".vue", ""));

describe("gallery", () => {
  it("shows every shared component and every illustration", async () => {
    const page = await mountWithHost(GalleryPage);
    const shown = new Set([...page.element.querySelectorAll("[data-component]")].map((item) => item.getAttribute("data-component")));
    expect([...files("src/shared/ui"), ...files("src/illustrations")].filter((name) => !shown.has(name))).toEqual([]);
  });

  it("is accessible", async () => {
    const page = await mountWithHost(GalleryPage);
    await expectAccessible(page.element);
  });

  it("is in no release: only builds with the in-memory host have its address", () => {
    expect(__FAKE_HOST__).toBe(false);
    expect(routes.map((route) => route.path)).not.toContain("/gallery");
  });
});
