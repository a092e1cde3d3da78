// The in-memory host: a bill of thirty days, beside records that explain most of it.
import type { BillColumns, BillDaysView, BillFileView, BillReason, BillReasonView, BillSource, BillVerdict, BillView } from "../bindings";
import type { Context, Part } from "./context";
import { beijing, later, refusal, type FakeAccount, type FakeWorld } from "./world";

const DAYS = 30;
/** Days ago on which something differs. */
const EXTRA: Record<number, BillReason> = { 4: "again", 9: "not_fetched", 10: "midnight", 17: "other_version", 21: "again" };
const MISSING = [6, 13];

export interface FakeBill {
  /** Calls charged on certain days that no record has. */
  missing: number;
  /** Whether more was charged than members came. */
  extra: boolean;
  /** Sign-ups that were not charged. */
  uncharged: number;
  leftOut: number;
  duplicates: number;
  /** Instead of the one that follows from the others. */
  verdict: BillVerdict | null;
  file: BillFileView | null;
  remembered: BillColumns | null;
}

export const newBill = (): FakeBill => ({ missing: 1, extra: true, uncharged: 0, leftOut: 0, duplicates: 0, verdict: null, file: null, remembered: null });

function fileView(world: FakeWorld, name: string): BillFileView {
  const day = (ago: number, time: string) => `${beijing(later(world.now, -ago)).slice(0, 10)} ${time}`;
  return {
    name,
    titles: ["姓名", "手机号", "登记时间", "小程序版本", "状态"],
    sample: [
      ["张*", "138****8000", day(3, "10:32:05"), "正式版", "已发卡"],
      ["李*", "139****1207", day(3, "11:05:40"), "正式版", "已发卡"],
      ["王**", "186****3390", day(3, "12:18:22"), "正式版", "未换取号码"],
      ["张*", "138****8000", day(2, "09:47:13"), "正式版", "已是会员"],
      ["测试", "177****0001", day(2, "16:20:00"), "体验版", "已发卡"],
    ],
    rows: 186,
    columns: world.bill.remembered ?? { time: 2, who: 1, way: null, version: 3, outcome: 4, zone: "beijing" },
    remembered: world.bill.remembered !== null,
  };
}

function billView(world: FakeWorld, account: FakeAccount, source: BillSource): BillView {
  const { missing: missingCalls, extra, uncharged, leftOut, duplicates, verdict } = world.bill;
  const date = (ago: number) => beijing(later(world.now, -ago)).slice(0, 10);
  let used = 194;
  const days: BillDaysView[] = Array.from({ length: DAYS }, (_, place) => {
    const ago = DAYS - place;
    const why = extra ? EXTRA[ago] : undefined;
    const missing = MISSING.includes(ago) ? missingCalls : 0;
    const members = 3 + ((place * 7) % 6);
    const free = ago === 2 ? uncharged : 0;
    // What stands on the neighbouring day is charged there, not twice.
    const moved = extra && EXTRA[ago - 1] === "midnight" ? 1 : 0;
    const charged = members + (why ? 1 : 0) + missing - free - moved;
    const reasons: BillReasonView[] = why ? [{ reason: why, calls: 1, times: why === "midnight" ? [] : [`${date(ago)}T10:32:05+08:00`] }] : [];
    const before = { at: `${date(ago + 1)}T21:30:00+08:00`, used };
    used += charged;
    const readings = [before, { at: `${date(ago - 1)}T09:05:00+08:00`, used }];
    return { first: date(ago), last: date(ago), charged, members: members - free - moved, typed: place % 3, reasons, open: 0, missing, uncharged: free, readings };
  });
  const sum = (of: (day: BillDaysView) => number) => days.reduce((all, day) => all + of(day), 0);
  const callsOf = (reason: BillReason) => sum((day) => day.reasons.find((one) => one.reason === reason)?.calls ?? 0);
  const reasons = (["again", "other_version", "not_fetched", "midnight"] as const)
    .map((reason) => ({ reason, calls: callsOf(reason), times: [] }))
    .filter((one) => one.calls > 0);
  const explained = reasons.filter((one) => one.reason !== "midnight").reduce((all, one) => all + one.calls, 0);
  const missing = sum((day) => day.missing);
  const free = sum((day) => day.uncharged);
  const fitting: BillVerdict = missing > 0 ? "missing" : explained > 0 ? "explained" : free > 0 ? "uncharged" : "agrees";
  return {
    account: account.name,
    app_id: account.appId,
    source,
    verdict: verdict ?? fitting,
    records: 186,
    duplicates,
    left_out: leftOut,
    outside: 0,
    records_from: `${date(DAYS + 1)}T09:12:00+08:00`,
    records_until: `${date(0)}T18:40:00+08:00`,
    read_first: date(DAYS),
    read_last: date(1),
    first: date(DAYS),
    last: date(1),
    charged: sum((day) => day.charged ?? 0),
    recorded: sum((day) => day.members) + callsOf("midnight") + free + explained,
    members: sum((day) => day.members) + callsOf("midnight"),
    extra: explained + missing,
    explained,
    open: 0,
    missing,
    uncharged: free,
    reasons,
    days,
  };
}

export function billMethods({ world, find }: Context): Part<"readBillFile" | "compareBillFile" | "compareBillPlatform"> {
  const readable = (id: string) => {
    const account = find(id);
    if (account.days === 0) throw refusal("bill_no_days");
    return account;
  };
  return {
    async readBillFile(id, name, bytes) {
      find(id);
      if (bytes === "") throw refusal("file_unreadable", { name });
      world.bill.file = fileView(world, name);
      return world.bill.file;
    },
    async compareBillFile(id, columns) {
      const account = readable(id);
      if (!world.bill.file) throw refusal("not_found");
      if (columns.time === null) throw refusal("bill_time_missing");
      world.bill.remembered = columns;
      return billView(world, account, { kind: "file", name: world.bill.file.name });
    },
    async compareBillPlatform(id) {
      const account = readable(id);
      if (!account.cardConnected) throw refusal("member_card_not_connected");
      return billView(world, account, { kind: "member_card" });
    },
  };
}
