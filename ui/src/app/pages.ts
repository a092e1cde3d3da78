// The pages of the rail, in its order. A page is its folder in features/, a name in locales (`app.rail`) and a line here.
import { BookOpen, ChartColumn, FileSearch, IdCard, LayoutDashboard, PackageOpen, ReceiptText, Rows3, Settings, ShoppingCart } from "@lucide/vue";
import { computed, type Component } from "vue";

import { useApp } from "@/ipc/queries";

interface Page {
  readonly icon: Component;
  readonly load: () => Promise<Component>;
  /** At the foot of the rail: about the app, not about a mini-program. */
  readonly foot?: boolean;
  /** About all mini-programs: there once there are several. */
  readonly all?: boolean;
}

export const PAGES = {
  accounts: { icon: Rows3, load: () => import("@/features/accounts/AccountsPage.vue"), all: true },
  overview: { icon: LayoutDashboard, load: () => import("@/features/overview/OverviewPage.vue") },
  usage: { icon: ChartColumn, load: () => import("@/features/usage/UsagePage.vue") },
  packs: { icon: ShoppingCart, load: () => import("@/features/packs/PacksPage.vue") },
  orders: { icon: ReceiptText, load: () => import("@/features/orders/OrdersPage.vue") },
  member_card: { icon: IdCard, load: () => import("@/features/member_card/MemberCardPage.vue") },
  bulk: { icon: PackageOpen, load: () => import("@/features/bulk/BulkPage.vue") },
  bill: { icon: FileSearch, load: () => import("@/features/bill/BillPage.vue") },
  settings: { icon: Settings, load: () => import("@/features/settings/SettingsPage.vue"), foot: true },
  guide: { icon: BookOpen, load: () => import("@/features/guide/GuidePage.vue"), foot: true },
} as const satisfies Record<string, Page>;

export type PageName = keyof typeof PAGES;

/** In the order of the rail. */
export const PAGE_NAMES = Object.keys(PAGES) as PageName[];

const isFor = <F extends "foot" | "all">(flag: F) => (page: PageName) => flag in PAGES[page];
export const isFoot = isFor("foot");
export const isAboutAll = isFor("all");
/** The page speaks of one mini-program, and has nothing to show without. */
export const isAboutOne = (page: PageName) => !isFoot(page) && !isAboutAll(page);

/** Those that have an entry now. */
export function usePageNames() {
  const { data: app } = useApp();
  const several = computed(() => (app.value?.accounts.length ?? 0) > 1);
  return computed(() => PAGE_NAMES.filter((page) => several.value || !isAboutAll(page)));
}

export const pagePath = (page: PageName) => `/${page}`;

/** The guide, at what it says about `page`. */
export const guidePath = (page: string) => `${pagePath("guide")}?page=${page}`;
