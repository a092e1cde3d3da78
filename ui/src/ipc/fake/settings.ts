// The in-memory host: accounts put aside or away, the proxy, and the shop's own price list.
import type { PriceListView, PriceRowView, SettingsView } from "../bindings";
import type { Context, Part } from "./context";
import { PRICES, refusal, type FakeAccount, type FakeWorld } from "./world";

function settingsView(world: FakeWorld, now: string): SettingsView {
  return {
    accounts: world.accounts
      .filter((account) => !account.leaving)
      .map((account) => ({
        id: account.id,
        name: account.name,
        environment: account.environment,
        created_at: now,
        archived_at: account.archivedAt,
        wizard_at: account.finishedAt ? null : account.at,
        source: account.source,
        app_id: account.appId,
        has_login: account.email !== "",
        has_member_card: account.cardConnected,
      })),
    proxy: world.proxy,
    errand_price: world.errandPrice,
    home: "D:/merchant-companion",
  };
}

export function settingsMethods({
  world,
  find,
  touch,
  now,
}: Context): Part<
  | "getSettings"
  | "setAccountName"
  | "archiveAccount"
  | "removeAccount"
  | "restoreAccount"
  | "finishRemoval"
  | "setProxy"
  | "setErrandPrice"
> {
  const leaving = (id: string): FakeAccount => {
    const found = world.accounts.find((account) => account.id === id && account.leaving);
    if (!found) throw refusal("not_found");
    return found;
  };
  const answer = (id: string) => {
    touch(id, "app", "wizard", "usage");
    return settingsView(world, now());
  };
  return {
    async getSettings() {
      return settingsView(world, now());
    },
    async setAccountName(id, name) {
      if (name.trim() === "") throw refusal("name_empty");
      find(id).name = name.trim();
      return answer(id);
    },
    async archiveAccount(id, archived) {
      find(id).archivedAt = archived ? now() : null;
      return answer(id);
    },
    async removeAccount(id) {
      find(id).leaving = true;
      return answer(id);
    },
    async restoreAccount(id) {
      leaving(id).leaving = false;
      return answer(id);
    },
    async finishRemoval(id) {
      world.accounts = world.accounts.filter((account) => account.id !== id || !account.leaving);
    },
    async setErrandPrice(price) {
      if (!/^\d{1,3}(\.\d{1,2})?$/.test(price)) throw refusal("errand_price_invalid");
      world.errandPrice = Number(price).toFixed(2);
      touch("", "app", "usage");
      return settingsView(world, now());
    },
    async setProxy(choice) {
      if (choice.kind === "address" && !/^https?:\/\/[^@]+$/.test(choice.address)) throw refusal("proxy_invalid");
      world.proxy = choice;
      return settingsView(world, now());
    },
  };
}

const GUIDE = { zh: "会员卡平台购买指引（2023 年 8 月，付费管理截图）", en: "Buying guide of a member-card platform, August 2023" };
const OFFICIAL = { zh: "微信官方文档", en: "WeChat documentation of the two components" };
const NOTICE = { zh: "微信《关于手机号快速验证组件升级及收费的通知》（2023-06-26）", en: "WeChat's notice of 26 June 2023" };
const ASSUMED = { zh: "暂无公开来源，按标准单价推定", en: "No public source; assumed from the standard price" };

type BuiltIn = Omit<PriceRowView, "in_force">;

function builtIn(): BuiltIn[] {
  const common = { days: 365, from: "2023-06-26", until: null, own: false } as const;
  const quick = PRICES.map(([calls, price, list]) => ({
    ...common,
    id: `q-365-${calls}`,
    capability: "quick" as const,
    calls,
    price: price.toFixed(2),
    list_price: list.toFixed(2),
    price_per_call: (price / calls).toFixed(3),
    source: GUIDE,
    as_of: "2023-08-01",
    assumed: false,
  }));
  const realtime = {
    ...common,
    id: "r-365-1000",
    capability: "realtime" as const,
    calls: 1000,
    price: "40.00",
    list_price: "40.00",
    price_per_call: "0.04",
    source: ASSUMED,
    as_of: "2026-07-01",
    assumed: true,
  };
  return [...quick, realtime];
}

function priceListView(world: FakeWorld, asked: string | null): PriceListView {
  const day = asked ?? world.now.toISOString().slice(0, 10);
  const own = world.priceLists.at(-1) ?? [];
  const replaced = (row: BuiltIn) => own.filter((other) => other.id === row.id).map((other) => other.from).sort()[0];
  const theirs = builtIn().map((row) => ({ ...row, until: replaced(row) ?? null }));
  const rows = [...own, ...theirs].map((row) => ({
    ...row,
    in_force: row.from <= day && (row.until === null || day < row.until),
  }));
  rows.sort((a, b) => a.capability.localeCompare(b.capability) || b.days - a.days || a.calls - b.calls || b.from.localeCompare(a.from));
  const starts = [
    { day: "2023-08-28", source: OFFICIAL, as_of: "2026-07-01", in_force: true },
    { day: "2023-08-26", source: NOTICE, as_of: "2023-06-26", in_force: false },
  ];
  const capability = { unit_price_source: OFFICIAL, unit_price_as_of: "2026-07-01", charging_starts: starts };
  return {
    day,
    version: world.priceLists.length,
    changed_at: world.priceLists.length > 0 ? world.now.toISOString() : null,
    own_rows: own.length,
    built_in_as_of: "2026-07-01",
    fits: true,
    rows,
    capabilities: [
      { capability: "quick", unit_price: "0.03", ...capability },
      { capability: "realtime", unit_price: "0.04", ...capability },
    ],
  };
}

export function priceListMethods({
  world,
  now,
}: Context): Part<"getPriceList" | "setPriceRow" | "removePriceRow" | "importPriceList" | "restorePriceList"> {
  const keep = (rows: BuiltIn[]) => {
    world.priceLists.push(rows);
    return priceListView(world, null);
  };
  const own = () => world.priceLists.at(-1) ?? [];
  return {
    async getPriceList(day) {
      return priceListView(world, day);
    },
    async setPriceRow(draft) {
      const wrong = (field: string) => refusal("price_invalid", { row: "1", field });
      if (!/^\d+(\.\d{1,2})?$/.test(draft.price)) throw wrong("price");
      if (draft.calls < 1) throw wrong("calls");
      if (draft.source.trim() === "") throw wrong("source");
      const id = `${draft.capability === "quick" ? "q" : "r"}-${draft.days}-${draft.calls}`;
      const price = Number(draft.price).toFixed(2);
      const row: BuiltIn = {
        ...draft,
        id,
        price,
        list_price: draft.list_price ? Number(draft.list_price).toFixed(2) : price,
        price_per_call: (Number(price) / draft.calls).toFixed(3),
        source: { zh: draft.source, en: draft.source },
        as_of: now().slice(0, 10),
        assumed: false,
        own: true,
      };
      return keep([...own().filter((other) => other.id !== id || other.from !== row.from), row]);
    },
    async removePriceRow(id, from) {
      return keep(own().filter((row) => row.id !== id || row.from !== from));
    },
    async importPriceList(name, bytes) {
      if (bytes === "") throw refusal("file_unreadable", { name });
      const [first] = builtIn();
      if (!first) return priceListView(world, null);
      const source = { zh: "付费管理页面", en: "付费管理页面" };
      return keep([{ ...first, price: "33.00", list_price: "33.00", from: "2026-01-01", source, own: true }]);
    },
    async restorePriceList(version) {
      return keep(version === 0 ? [] : [...(world.priceLists[version - 1] ?? [])]);
    },
  };
}
