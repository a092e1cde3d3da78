// How numbers, money and moments are written. Days are Beijing days wherever the shop's computer stands.
import type { Day, Instant, Language, Money, PricePerCall } from "@/ipc/bindings";

import { areFiguresHidden, HIDDEN } from "./hiding";
import { now as present } from "./now";

/** Beijing is UTC+8 all year; no daylight saving. */
const BEIJING_AHEAD = 8 * 3_600_000;

interface Moment {
  year: number;
  month: number;
  day: number;
  hour: string;
  minute: string;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function moment(at: Instant | Day | Date): Moment {
  const beijing = new Date(new Date(at).getTime() + BEIJING_AHEAD);
  return {
    year: beijing.getUTCFullYear(),
    month: beijing.getUTCMonth() + 1,
    day: beijing.getUTCDate(),
    hour: twoDigits(beijing.getUTCHours()),
    minute: twoDigits(beijing.getUTCMinutes()),
  };
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}

/** In words wherever a day is read: `3 月 12 日`, with the year when it is not this one. */
export function formatDay(at: Instant | Day, language: Language, now: Instant | Date = present()): string {
  return moment(at).year === moment(now).year ? inWords(at, language, false) : formatFullDay(at, language);
}

/** `2027 年 3 月 12 日`: on paper, which is still read next year. */
export const formatFullDay = (at: Instant | Day, language: Language) => inWords(at, language, true);

function inWords(at: Instant | Day, language: Language, withYear: boolean): string {
  const { year, month, day } = moment(at);
  if (language === "zh") return `${withYear ? `${year} 年 ` : ""}${month} 月 ${day} 日`;
  return `${day} ${MONTHS[month - 1] ?? ""}${withYear ? ` ${year}` : ""}`;
}

export function isToday(at: Instant, now: Instant | Date = present()): boolean {
  const [then, today] = [moment(at), moment(now)];
  return then.year === today.year && then.month === today.month && then.day === today.day;
}

/** `10:32` today, `11 月 20 日 10:32` on another day. */
export function formatMoment(at: Instant, language: Language, now: Instant | Date = present()): string {
  const then = moment(at);
  const time = `${then.hour}:${then.minute}`;
  if (isToday(at, now)) return time;
  return `${formatDay(at, language, now)} ${time}`;
}

/** `2027-08-31`: in the columns of a table, which need one width. */
export function formatDate(at: Instant | Day): string {
  const { year, month, day } = moment(at);
  return `${year}-${twoDigits(month)}-${twoDigits(day)}`;
}

/** `1,000`; not where figures are hidden. */
export function formatCount(count: number): string {
  if (areFiguresHidden.value) return HIDDEN;
  return String(Math.trunc(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `¥1,500.00` from the host's `1500.00`; text in, text out, so that no float comes near money. Not where figures are hidden. */
export const formatMoney = (yuan: Money) => (areFiguresHidden.value ? HIDDEN : inYuan(yuan));

/** `¥0.03` a call: as many decimals as the host gives. */
export const formatUnitPrice = (yuan: PricePerCall) => inYuan(yuan);

function inYuan(yuan: Money | PricePerCall): string {
  const [whole = "0", cents] = yuan.split(".");
  const negative = whole.startsWith("-");
  const grouped = whole.replace("-", "").replace(/\B(?=(\d{3})+$)/g, ",");
  return `${negative ? "−" : ""}¥${grouped}${cents === undefined ? ".00" : `.${cents}`}`;
}
