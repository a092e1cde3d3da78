import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import type { Day, Language } from "@/ipc/bindings";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost } from "@/testing/mount";
import { until } from "@/testing/page";
import { typed } from "@/testing/typed";

import DayField from "./DayField.vue";

const day = (text: string) => typed<Day>(text);

async function open(props: { modelValue?: Day | null; optional?: boolean } = {}, language: Language = "zh") {
  const chosen: (Day | null)[] = [];
  const page = await mountWithHost(DayField, {
    language,
    props: {
      modelValue: null,
      label: "活动日",
      first: day("2026-11-21"),
      last: day("2027-11-20"),
      testid: "day",
      "onUpdate:modelValue": (value: Day | null) => chosen.push(value),
      ...props,
    },
  });
  const calendar = () => document.querySelector<HTMLElement>('[data-testid="day.calendar"]');
  return {
    ...page,
    chosen,
    calendar,
    async openCalendar() {
      await page.click("day.open");
      await until(() => expect(calendar()?.querySelectorAll("[data-reka-calendar-cell-trigger]").length).toBeGreaterThan(27));
    },
    async leave(text: string) {
      await page.type("day", text);
      await page.get("day").trigger("change");
      await flushPromises();
    },
    cell: (which: string) => calendar()?.querySelector<HTMLElement>(`[data-value="${which}"]`) as HTMLElement,
  };
}

describe("a date field", () => {
  it("takes a day as people write it", async () => {
    const page = await open();
    await page.leave("２０２６年12月4日");
    expect(page.chosen.at(-1)).toBe("2026-12-04");
    expect((page.get("day").element as HTMLInputElement).value).toBe("2026-12-04");
  });

  it("says what it takes, and keeps what was typed", async () => {
    const page = await open({ modelValue: day("2026-12-04") });
    for (const [typed, said] of [["2026-11-20", "选 2026-11-21 到 2027-11-20 之间的一天"], ["2026-12-32", "写成 2026-01-31 这样"]] as const) {
      await page.leave(typed);
      expect(page.text()).toContain(said);
      expect((page.get("day").element as HTMLInputElement).value).toBe(typed);
      expect(page.get("day").attributes("aria-invalid")).toBe("true");
    }
    expect(page.chosen.filter((one) => one !== null)).toEqual([]);
  });

  it.each([["zh", "2026年11月", "一"], ["en", "November 2026", "M"]] as const)("opens a calendar in %s at its first month", async (language, month, monday) => {
    const page = await open({}, language);
    await page.openCalendar();
    expect(page.calendar()?.textContent).toContain(month);
    expect(page.calendar()?.querySelector("th")?.textContent).toBe(monday);
    await expectAccessible(document.body);
  });

  it("does not offer a day before the first", async () => {
    const page = await open();
    await page.openCalendar();
    page.cell("2026-11-20").click();
    await flushPromises();
    expect([page.cell("2026-11-20").getAttribute("aria-disabled"), page.chosen]).toEqual(["true", []]);
    page.cell("2026-11-21").click();
    await flushPromises();
    expect(page.chosen).toEqual(["2026-11-21"]);
    expect(page.calendar()).toBeNull();
  });

  it("is chosen from by the keyboard alone", async () => {
    const page = await open({ modelValue: day("2026-12-04") });
    await page.openCalendar();
    await until(() => expect(document.activeElement).toBe(page.cell("2026-12-04")));
    for (const key of ["ArrowRight", "ArrowDown", "Enter"]) {
      document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, code: key, bubbles: true, cancelable: true }));
      await flushPromises();
    }
    await until(() => expect(page.chosen).toEqual(["2026-12-12"]));
  });

  it("can be emptied where no day is an answer", async () => {
    const page = await open({ modelValue: day("2026-12-04"), optional: true });
    await page.openCalendar();
    document.querySelector<HTMLElement>('[data-testid="day.none"]')?.click();
    await flushPromises();
    expect(page.chosen).toEqual([null]);
  });
});
