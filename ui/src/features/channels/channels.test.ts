import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import { CHANNEL_KINDS, type ChannelView, type ErrorCode, type Language } from "@/ipc/bindings";
import { useNotes } from "@/shared/ui/notes";
import { expectAccessible } from "@/testing/axe";
import { mountWithHost, type MountOptions } from "@/testing/mount";
import { until } from "@/testing/page";
import { expectReachable, expectTranslated } from "@/testing/step";

import { ChannelsCard } from "./index";

const { notes } = useNotes();
const open = (scene = "channels", options: MountOptions = {}) => mountWithHost(ChannelsCard, { scene, ...options });
type Page = Awaited<ReturnType<typeof open>>;

const shown = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
const channels = (page: Page) => page.host.read("getChannels").channels as [ChannelView, ChannelView];
const state = (page: Page, { id }: ChannelView) => page.get(`channels.state.${id}`).text();
const lastNote = () => notes.value.at(-1)?.text;

async function type(testid: string, value: string) {
  const field = shown(testid) as HTMLInputElement;
  field.value = value;
  field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
  await flushPromises();
}
async function save() {
  shown("channels.save")?.closest("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  await flushPromises();
}
async function openDialog(page: Page) {
  await page.click("channels.add");
  await until(() => expect(shown("channels.dialog")).not.toBeNull());
}

describe("channels", () => {
  it("say where alerts go and how the last message went, with what to do", async () => {
    const page = await open();
    const [wecom, dingtalk] = channels(page);
    const rows = page.get("channels.list").findAll("li").map((row) => row.text());
    expect(rows[0]).toContain("店长群");
    expect(rows[0]).toContain("企业微信群机器人 · qyapi.weixin.qq.com");
    expect(state(page, wecom)).toContain("已发出");
    expect(rows[1]).toContain("钉钉群机器人");
    expect(state(page, dingtalk)).toMatch(/没有发到：机器人要求消息里有关键词.*把「验号管家」加进自定义关键词/s);
    expect(page.text()).not.toContain("access_token");
  });

  it("say what waits and why, what is unclear, and what was given up", async () => {
    const page = await open();
    const [channel] = channels(page);
    const problem = (code: ErrorCode) => ({ code, params: { host: channel.host, errcode: "–", count: "300", seconds: "10" } });
    const as = async (change: Partial<ChannelView>) => {
      page.host.answer("getChannels", { channels: [{ ...channel, ...change }] });
      page.host.emit({ account: null, tags: ["channels"] });
      await flushPromises();
      return state(page, channel);
    };
    const at = channel.last!.at;
    expect(await as({ waiting: 3, last: null })).toMatch(/有 3 条提醒等着发.*还没发过/s);
    expect(await as({ waiting: 3, held: problem("channel_limited") })).toContain("有 3 条提醒等着发：发得太频繁");
    expect(await as({ waiting: 1, held: problem("channel_used_up") })).toContain("这个月已经发了 300 条");
    expect(await as({ last: { at, state: "unclear", problem: problem("channel_unclear") } })).toMatch(/不确定有没有发到.*看看手机上有没有收到/s);
    expect(await as({ last: { at, state: "given_up", problem: problem("unreachable") } })).toContain("一天内没能发出去：连不上");
  });

  it("are added by an address that is pasted whole, and its product is recognised", async () => {
    const page = await open();
    await openDialog(page);
    page.host.answer("recogniseChannel", "bark");
    await type("channels.address", "https://api.day.app/key/words");
    await until(() => expect((shown("channels.kind") as HTMLSelectElement).value).toBe("bark"));
    expect(shown("channels.where")?.textContent).toContain("Bark");
    await page.host.leadsTo("channels.added");
    await save();
    expect(page.host.sent("addChannel")).toEqual([{ kind: "bark", label: "", address: "https://api.day.app/key/words", signing: null }]);
    await until(() => expect(shown("channels.dialog")).toBeNull());
    expect(page.get("channels.list").findAll("li")).toHaveLength(3);
    expect(lastNote()).toContain("已添加");
  });

  it("ask for the product where the address does not show it, and for a signing key where one is made", async () => {
    const page = await open("channels.none");
    expect(page.has("channels.none")).toBe(true);
    await openDialog(page);
    page.host.answer("recogniseChannel", null as never);
    await type("channels.address", "https://hooks.example.com/a");
    await save();
    expect(shown("channels.dialog")?.textContent).toContain("选一个产品");
    expect(page.host.calls("addChannel")).toBe(0);
    for (const kind of CHANNEL_KINDS) {
      await type("channels.kind", kind);
      expect(shown("channels.where")?.textContent?.length).toBeGreaterThan(15);
      expect(shown("channels.signing") !== null).toBe(kind === "dingtalk" || kind === "feishu");
    }
    await type("channels.kind", "dingtalk");
    await type("channels.signing", "SEC1");
    page.host.refuse("addChannel", "keyring_locked");
    await save();
    expect(page.host.sent("addChannel").at(-1)).toEqual({ kind: "dingtalk", label: "", address: "https://hooks.example.com/a", signing: "SEC1" });
    expect(shown("error")?.dataset.code).toBe("keyring_locked");
  });

  it.each([
    ["channel_address_invalid", "channels.address"],
    ["channel_host_wrong", "channels.address"],
    ["channel_twice", "channels.address"],
    ["channel_secret_invalid", "channels.signing"],
  ] as const)("say %s at its field", async (code, field) => {
    const page = await open();
    await openDialog(page);
    page.host.answer("recogniseChannel", "dingtalk");
    await type("channels.address", "https://example.com");
    page.host.refuse("addChannel", code, { host: "example.com" });
    await save();
    await until(() => expect(document.activeElement).toBe(shown(field)));
    expect(shown(field)?.getAttribute("aria-invalid")).toBe("true");
    expect(shown("channels.dialog")).not.toBeNull();
  });

  it("are changed in a dialog that never shows what is kept, and an empty field keeps it", async () => {
    const page = await open();
    const [wecom, dingtalk] = channels(page);
    const value = (testid: string) => (shown(testid) as HTMLInputElement).value;
    const openIt = async () => {
      await page.click(`channels.change.${dingtalk.id}`);
      await until(() => expect(shown("channels.dialog")).not.toBeNull());
    };
    await openIt();
    expect([value("channels.address"), value("channels.signing"), value("channels.kind"), value("channels.label")]).toEqual(["", "", "dingtalk", dingtalk.label]);
    expect(shown("channels.dialog")?.textContent).toContain("空着就还用原来的地址");
    await type("channels.label", "财务");
    page.host.answer("changeChannel", { channels: [wecom, { ...dingtalk, label: "财务" }] });
    await save();
    expect(page.host.sent("changeChannel")).toEqual([{ channel: dingtalk.id, kind: "dingtalk", label: "财务", address: null, signing: null }]);
    await until(() => expect(shown("channels.dialog")).toBeNull());
    expect(page.get("channels.list").text()).toContain("财务");
    expect(lastNote()).toContain("已修改");
    expect(page.host.calls("addChannel")).toBe(0);
    // A new address names its product here too, and a refusal stands at the field.
    await openIt();
    page.host.answer("recogniseChannel", "bark");
    await type("channels.address", "https://api.day.app/key");
    await until(() => expect(value("channels.kind")).toBe("bark"));
    page.host.refuse("changeChannel", "channel_twice");
    await save();
    expect(page.host.sent("changeChannel").at(-1)).toEqual({ channel: dingtalk.id, kind: "bark", label: "财务", address: "https://api.day.app/key", signing: null });
    await until(() => expect(document.activeElement).toBe(shown("channels.address")));
    await expectAccessible(document.body);
    expectTranslated(document.body);
  });

  it("are tested by a button, whose answer stands at the channel", async () => {
    const page = await open();
    const [wecom, dingtalk] = channels(page);
    page.host.answer("testChannel", { channels: channels(page) });
    await page.click(`channels.test.${wecom.id}`);
    await until(() => expect(lastNote()).toContain("测试消息发出去了"));
    expect(page.host.sent("testChannel")).toEqual([{ channel: wecom.id }]);
    // The list says it already.
    page.host.refuse("testChannel", "channel_keyword_refused", { errcode: "310000" });
    await page.click(`channels.test.${dingtalk.id}`);
    await flushPromises();
    expect(page.has("error")).toBe(false);
    expect(state(page, dingtalk)).toContain("关键词");
    page.host.refuse("testChannel", "keyring_locked");
    await page.click(`channels.test.${dingtalk.id}`);
    await until(() => expect(page.get("error").attributes("data-code")).toBe("keyring_locked"));
  });

  it("are switched off and on, and stay as they were where that is refused", async () => {
    const page = await open();
    const [wecom] = channels(page);
    const box = () => page.get(`channels.on.${wecom.id}`).element as HTMLInputElement;
    const turn = async (on: boolean) => {
      await page.get(`channels.on.${wecom.id}`).setValue(on);
      await flushPromises();
    };
    page.host.refuse("switchChannel", "disk_full");
    await turn(false);
    expect([box().checked, page.get("error").attributes("data-code")]).toEqual([true, "disk_full"]);
    await page.host.leadsTo("channels.off", "channels.on");
    await turn(false);
    expect(box().checked).toBe(false);
    await turn(true);
    expect(box().checked).toBe(true);
    expect(page.host.sent("switchChannel")).toEqual([false, false, true].map((on) => ({ channel: wecom.id, on })));
  });

  it("are removed after a question, and stay where the keyring is locked", async () => {
    const page = await open("channels.on");
    const [, second] = channels(page);
    const ask = async () => {
      await page.click(`channels.remove.${second.id}`);
      await until(() => expect(shown("channels.ask")).not.toBeNull());
      expect(shown("channels.ask")?.textContent).toContain("从系统密码库里清掉");
      shown("channels.ask.do")?.click();
      await flushPromises();
    };
    page.host.refuse("removeChannel", "keyring_locked");
    await ask();
    expect(page.get("error").attributes("data-code")).toBe("keyring_locked");
    expect(page.get("channels.list").findAll("li")).toHaveLength(3);
    await page.host.leadsTo("channels.removed");
    await ask();
    expect(page.get("channels.list").findAll("li")).toHaveLength(2);
    expect(lastNote()).toContain("已移除");
  });

  it.each<Language>(["zh", "en"])("are accessible, reachable and complete in %s", async (language) => {
    const page = await open("channels", { language });
    await expectAccessible(page.element);
    expectTranslated(page.element);
    expectReachable(page.element);
    await openDialog(page);
    page.host.answer("recogniseChannel", "dingtalk");
    await type("channels.address", "https://oapi.dingtalk.com/robot/send?access_token=a");
    await until(() => expect(shown("channels.signing")).not.toBeNull());
    await expectAccessible(document.body);
    expectTranslated(document.body);
  });
});
