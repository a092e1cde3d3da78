import { mount } from "@vue/test-utils";
import { describe, expect, it, vi } from "vitest";
import { nextTick } from "vue";

import { expectAccessible } from "@/testing/axe";

import type { TableColumn } from "./dataTable";
import DataTable from "./DataTable.vue";

interface Shop {
  name: string;
  left: number | null;
}

const SHOPS: Shop[] = [
  { name: "甲", left: 30 },
  { name: "乙", left: null },
  { name: "丙", left: 4 },
];

const COLUMNS: TableColumn<Shop>[] = [
  { id: "name", head: "小程序", value: (shop) => shop.name, heads: true },
  { id: "left", head: "剩余", value: (shop) => shop.left, end: true },
];

function table(rows: Shop[], rowHeight?: number) {
  const props = { caption: "小程序", columns: COLUMNS, rows, rowKey: (shop: Shop) => shop.name, testid: "shops" };
  return mount(DataTable<Shop>, { props: rowHeight ? { ...props, rowHeight } : props, attachTo: document.body });
}

const names = (page: ReturnType<typeof table>) => page.findAll("tbody th").map((head) => head.text());

describe("data table", () => {
  it("keeps the order it is given, and sorts by a head, what is not known last", async () => {
    const page = table(SHOPS);
    expect(names(page)).toEqual(["甲", "乙", "丙"]);
    const head = page.get("[data-testid='shops.sort.left']");
    const orders = [];
    for (let press = 0; press < 3; press += 1) {
      await head.trigger("click");
      await nextTick();
      orders.push([head.element.closest("th")?.getAttribute("aria-sort"), names(page).join("")]);
    }
    expect(orders).toEqual([
      ["descending", "甲丙乙"],
      ["ascending", "丙甲乙"],
      [null, "甲乙丙"],
    ]);
  });

  it("follows its rows", async () => {
    const page = table(SHOPS);
    await page.setProps({ rows: SHOPS.slice(1) });
    expect(names(page)).toEqual(["乙", "丙"]);
  });

  it("keeps few of many rows in the document, and says how many there are", async () => {
    // Nothing is laid out here: the box says how high it would be.
    const [height, width] = (["clientHeight", "clientWidth"] as const).map((side) =>
      vi.spyOn(Element.prototype, side, "get").mockReturnValue(600),
    );
    const many = Array.from({ length: 1000 }, (_, index) => ({ name: `店 ${index}`, left: index }));
    const page = table(many, 40);
    await nextTick();
    expect(names(page).length).toBeGreaterThan(5);
    expect(names(page).length).toBeLessThan(60);
    expect(page.get("table").attributes("aria-rowcount")).toBe("1001");
    expect(page.get("tbody tr[data-row]").attributes("aria-rowindex")).toBe("2");
    height?.mockRestore();
    width?.mockRestore();
  });

  it("is accessible", async () => {
    await expectAccessible(table(SHOPS).element);
    await expectAccessible(table(SHOPS, 40).element);
  });
});
