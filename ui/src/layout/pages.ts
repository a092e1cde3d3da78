// The pages of the rail, in its order. A page is its folder in features/, a name in locales (`app.rail`), a line
// here, and its component in app/routes.ts.
import { Bell, BookOpen, ChartColumn, FileSearch, IdCard, LayoutDashboard, PackageOpen, ReceiptText, Rows3, Settings, ShoppingCart } from "@lucide/vue";
import { computed, type Component } from "vue";

import { useApp } from "@/ipc/queries";

interface Page {
  readonly icon: Component;
  /** At the foot of the rail: about the app, not about a mini-program. */
  readonly foot?: boolean;
  /** About all mini-programs: there once there are several. */
  readonly all?: boolean;
}

export const PAGES = {
  accounts: { icon: Rows3, all: true },
  overview: { icon: LayoutDashboard },
  usage: { icon: ChartColumn },
  packs: { icon: ShoppingCart },
  orders: { icon: ReceiptText },
  member_card: { icon: IdCard },
  bulk: { icon: PackageOpen },
  bill: { icon: FileSearch },
  inbox: { icon: Bell, foot: true },
  settings: { icon: Settings, foot: true },
  guide: { icon: BookOpen, foot: true },
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
