// Pages that exist; nothing else has an entry.
import type { RouteRecordRaw } from "vue-router";

export const routes: RouteRecordRaw[] = [
  { path: "/wizard/:account?", name: "wizard", component: () => import("@/features/wizard/WizardPage.vue") },
  { path: "/overview", name: "overview", component: () => import("@/features/overview/OverviewPage.vue") },
  { path: "/failed", name: "failed", component: () => import("./FailedPage.vue") },
  { path: "/:unknown(.*)", redirect: "/wizard" },
];
