import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";

import { createTexts } from "@/shared/text";
import { expectAccessible } from "@/testing/axe";
import { until } from "@/testing/page";
import { refusal } from "@/testing/recorded";

import { useNotes } from "./notes";
import UndoNotes from "./UndoNotes.vue";

const { notes, tell } = useNotes();

async function shown() {
  const page = mount(UndoNotes, { global: { plugins: [await createTexts("zh")] }, attachTo: document.body });
  await flushPromises();
  return page;
}
/** A note is moved to its place at the foot once that is there. */
const seen = (name: string) =>
  until(() => expect(document.querySelector(`[data-testid="${name}"]`)).not.toBeNull());
const press = async (name: string) => {
  await seen(name);
  document.querySelector<HTMLElement>(`[data-testid="${name}"]`)?.click();
  await flushPromises();
};

describe("undo notes", () => {
  afterEach(() => vi.useRealTimers());

  it("take back once, and then nothing is put off any more", async () => {
    await shown();
    const undo = vi.fn(async () => undefined);
    const closed = vi.fn();
    const id = tell("已归档", { undo, closed });
    await until(() => expect(document.body.textContent).toContain("已归档"));
    await press("note.undo");
    await useNotes().undo(id);
    expect(undo).toHaveBeenCalledOnce();
    expect(closed).not.toHaveBeenCalled();
    expect(notes.value).toEqual([]);
  });

  it("say why taking back was refused, and can be asked again", async () => {
    await shown();
    const undo = vi.fn().mockRejectedValueOnce(refusal("disk_full")).mockResolvedValue(undefined);
    tell("已归档", { undo });
    await flushPromises();
    await press("note.undo");
    await until(() => expect(document.querySelector("[role=alert]")?.textContent).toContain("磁盘满了"));
    await press("note.undo");
    expect(undo).toHaveBeenCalledTimes(2);
    expect(notes.value).toEqual([]);
  });

  it("lead to what was made, and say why that was refused", async () => {
    await shown();
    const run = vi.fn().mockRejectedValueOnce(refusal("disk_full")).mockResolvedValue(undefined);
    tell("已存为 用量.csv", { show: { name: "打开文件夹", run } });
    await press("note.show");
    await until(() => expect(document.querySelector("[role=alert]")?.textContent).toMatch(/打不开.*磁盘满了/));
    await press("note.show");
    expect(run).toHaveBeenCalledTimes(2);
    expect(notes.value).toEqual([]);
  });

  it("do what was put off when their time is over", async () => {
    vi.useFakeTimers();
    await shown();
    const closed = vi.fn();
    tell("已删除", { undo: async () => undefined, closed });
    await vi.advanceTimersByTimeAsync(9_000);
    expect(closed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(closed).toHaveBeenCalledOnce();
    expect(notes.value).toEqual([]);
  });

  it("wait while the keyboard is on them", async () => {
    vi.useFakeTimers();
    await shown();
    tell("已删除", { undo: async () => undefined });
    await vi.advanceTimersByTimeAsync(100);
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "F8", code: "F8", bubbles: true }));
    document.querySelector<HTMLElement>("[data-testid='note.undo']")?.focus();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(notes.value.length).toBe(1);
  });

  it("can be put away, and are accessible", async () => {
    await shown();
    const closed = vi.fn();
    tell("已保存", { closed });
    await seen("note.close");
    expect(document.querySelector("[data-testid='note.undo']")).toBeNull();
    await expectAccessible();
    await press("note.close");
    expect(closed).toHaveBeenCalledOnce();
  });
});
