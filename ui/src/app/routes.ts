// Pages that exist; nothing else has an entry.
import type { RouteRecordRaw } from "vue-router";

import { isAboutOne, PAGE_NAMES, pagePath, PAGES } from "./pages";

declare module "vue-router" {
  interface RouteMeta {
    /** The page speaks of one mini-program, and has nothing to show without. */
    readonly aboutOne?: boolean;
  }
}

export const routes: RouteRecordRaw[] = [
  ...PAGE_NAMES.map((name) => ({ path: pagePath(name), name, component: PAGES[name].load, meta: { aboutOne: isAboutOne(name) } })),
  { path: "/wizard/:account?", name: "wizard", component: () => import("@/features/wizard/WizardPage.vue") },
  { path: "/failed", name: "failed", component: () => import("./FailedPage.vue") },
  // For who builds the pages; a release has no such chunk.
  ...(__FAKE_HOST__ ? [{ path: "/gallery", name: "gallery", component: () => import("@/gallery/GalleryPage.vue") }] : []),
  { path: "/:unknown(.*)", redirect: "/wizard" },
];
