// What the gallery fills components with. Sample words are the shop's and WeChat's own, in the language they come in.
import type { Day, ErrorView, Instant, Money, Reading } from "@/ipc/bindings";

const AT = "2026-11-21T10:32:00+08:00" as Instant;

export interface SampleRow {
  id: string;
  name: string;
  left: number | null;
}

export const SAMPLES = {
  at: AT,
  day: "2026-12-24" as Day,
  first: "2026-11-21" as Day,
  last: "2027-11-20" as Day,
  name: "晋味小馆会员中心",
  other: "青禾书店会员中心",
  sentence: "还够用到 3 月 12 日左右",
  hint: "最早 2 月 5 日，最晚 5 月 2 日",
  button: "去购买",
  problem: "填次数，至少 1 次",
  yuan: "1500.00" as Money,
  read: { value: 806, origin: "platform", read_at: AT } satisfies Reading<number>,
  estimated: { value: 806, origin: "estimated", read_at: AT } satisfies Reading<number>,
  typed: { value: 806, origin: "typed_in", read_at: AT } satisfies Reading<number>,
  error: { code: "unreachable", params: { host: "api.weixin.qq.com" }, retry: { kind: "now" }, ref: "K7QX-2M4P" } satisfies ErrorView,
  rows: [
    { id: "1", name: "晋味小馆会员中心", left: 806 },
    { id: "2", name: "青禾书店会员中心", left: null },
    { id: "3", name: "和平街小学家校通", left: 30 },
  ] as SampleRow[],
  choices: [
    { value: "day", name: "日" },
    { value: "week", name: "周" },
    { value: "month", name: "月" },
  ],
  cards: [
    { value: "authorized", title: "授权获取", text: "核验过的号码", testid: "gallery.card.authorized" },
    { value: "manual", title: "会员手动输入", text: "不花钱", testid: "gallery.card.manual" },
  ],
  otherCards: [
    { value: "personal", title: "个人付款", text: "微信扫码", testid: "gallery.card.personal" },
    { value: "company", title: "对公转账", testid: "gallery.card.company" },
  ],
};
