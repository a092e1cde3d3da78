// The pages of the rail, in its order. A page is its folder in features/, a name in locales (`app.rail`) and a line here.
import { ChartColumn, FileSearch, IdCard, LayoutDashboard, PackageOpen, ReceiptText, Settings, ShoppingCart } from "@lucide/vue";
import type { Component } from "vue";

interface Page {
  readonly icon: Component;
  readonly load: () => Promise<Component>;
  /** At the foot of the rail: about the app, not about a mini-program. */
  readonly foot?: boolean;
}

export const PAGES = {
  overview: { icon: LayoutDashboard, load: () => import("@/features/overview/OverviewPage.vue") },
  usage: { icon: ChartColumn, load: () => import("@/features/usage/UsagePage.vue") },
  packs: { icon: ShoppingCart, load: () => import("@/features/packs/PacksPage.vue") },
  orders: { icon: ReceiptText, load: () => import("@/features/orders/OrdersPage.vue") },
  member_card: { icon: IdCard, load: () => import("@/features/member_card/MemberCardPage.vue") },
  bulk: { icon: PackageOpen, load: () => import("@/features/bulk/BulkPage.vue") },
  bill: { icon: FileSearch, load: () => import("@/features/bill/BillPage.vue") },
  settings: { icon: Settings, load: () => import("@/features/settings/SettingsPage.vue"), foot: true },
} as const satisfies Record<string, Page>;

export type PageName = keyof typeof PAGES;

/** In the order of the rail. */
export const PAGE_NAMES = Object.keys(PAGES) as PageName[];

export const pagePath = (page: PageName) => `/${page}`;
