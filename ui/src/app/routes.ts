// Pages that exist; nothing else has an entry.
import type { Component } from "vue";
import type { RouteRecordRaw } from "vue-router";

import { isAboutOne, PAGE_NAMES, pagePath, type PageName } from "@/layout/pages";

declare module "vue-router" {
  interface RouteMeta {
    /** The page speaks of one mini-program, and has nothing to show without. */
    readonly aboutOne?: boolean;
  }
}

const COMPONENTS: Record<PageName, () => Promise<Component>> = {
  accounts: () => import("@/features/accounts/AccountsPage.vue"),
  overview: () => import("@/features/overview/OverviewPage.vue"),
  usage: () => import("@/features/usage/UsagePage.vue"),
  packs: () => import("@/features/packs/PacksPage.vue"),
  orders: () => import("@/features/orders/OrdersPage.vue"),
  member_card: () => import("@/features/member_card/MemberCardPage.vue"),
  bulk: () => import("@/features/bulk/BulkPage.vue"),
  bill: () => import("@/features/bill/BillPage.vue"),
  inbox: () => import("@/features/inbox/InboxPage.vue"),
  settings: () => import("@/features/settings/SettingsPage.vue"),
  guide: () => import("@/features/guide/GuidePage.vue"),
};

export const routes: RouteRecordRaw[] = [
  ...PAGE_NAMES.map((name) => ({ path: pagePath(name), name, component: COMPONENTS[name], meta: { aboutOne: isAboutOne(name) } })),
  { path: "/wizard/:account?", name: "wizard", component: () => import("@/features/wizard/WizardPage.vue") },
  { path: "/failed", name: "failed", component: () => import("./FailedPage.vue") },
  // For who builds the pages; a release has no such chunk.
  ...(__PREVIEW__ ? [{ path: "/gallery", name: "gallery", component: () => import("./gallery/GalleryPage.vue") }] : []),
  { path: "/:unknown(.*)", redirect: "/wizard" },
];
