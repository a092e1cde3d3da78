// The rules of axe-core that need no layout (colours are measured on the tokens instead).
import axe from "axe-core";
import { expect } from "vitest";

export async function expectAccessible(element: Element = document.body): Promise<void> {
  const found = await axe.run(element, {
    // A page's part is tested, not the whole document; contrast needs a real renderer.
    rules: { region: { enabled: false }, "color-contrast": { enabled: false } },
  });
  expect(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}
