// What the palette offers. A command says whether it was done: only then the palette closes.
import { Keyboard, Languages, Plus, RefreshCw, Settings, Store, SunMoon } from "@lucide/vue";
import { computed, type Component } from "vue";
import { useRouter } from "vue-router";

import { useAction } from "@/ipc/useAction";
import type { AccountId } from "@/ipc/bindings";
import { useHost } from "@/ipc/host";
import { useApp, useStoreAnswer } from "@/ipc/queries";
import { THEMES, useAppearanceChoice } from "@/layout/appearance";
import { isAboutAll, pagePath, PAGES, usePageNames, type PageName } from "@/layout/pages";
import { KEYS, useOverlay } from "@/layout/shortcuts";
import { activeAccount, startPath } from "@/layout/startPath";
import type { Findable } from "@/shared/finding";
import { LANGUAGES, useText } from "@/shared/text";

export interface Command extends Findable {
  readonly id: string;
  readonly icon: Component;
  readonly hint?: string;
  readonly keys?: readonly string[];
  run(): Promise<boolean>;
}

/** Only so many pages have a digit. */
const DIGITS = 9;

/** With `only`: the mini-programs, and the page of them all. */
export function useCommands(only: boolean) {
  const { t, language } = useText();
  const host = useHost();
  const store = useStoreAnswer();
  const router = useRouter();
  const { open } = useOverlay();
  const { data: app } = useApp();
  const { choose, paint, theme } = useAppearanceChoice();
  const act = useAction();

  async function go(path: string): Promise<boolean> {
    await router.push(path);
    return true;
  }
  const done = async (work: () => Promise<unknown>) => (await act.run(async () => (await work(), true))) === true;

  const names = usePageNames();
  const toPage = (page: PageName, index: number): Command => ({
    id: `page.${page}`,
    name: t(`app.rail.${page}`),
    also: page,
    icon: PAGES[page].icon,
    ...(index < DIGITS ? { keys: KEYS.page(index + 1) } : {}),
    run: () => go(pagePath(page)),
  });
  const pages = computed(() => names.value.map(toPage));

  const accounts = computed<Command[]>(() => [
    ...(only ? names.value.filter(isAboutAll).map(toPage) : []),
    ...(app.value?.accounts ?? []).map((account) => ({
      id: `account.${account.id}`,
      name: account.name,
      icon: Store,
      hint: t(`app.${account.environment}`),
      run: () =>
        done(async () => {
          const answer = await host.selectAccount(account.id);
          store.app(answer);
          await router.push(startPath(answer));
        }),
    })),
  ]);

  const actions = computed<Command[]>(() => {
    const account = app.value && activeAccount(app.value);
    const sync = (id: AccountId): Command => ({
      id: "action.sync",
      name: t("keyboard.sync"),
      also: "sync refresh",
      icon: RefreshCw,
      run: () => done(() => host.syncUsage(id)),
    });
    return [
      ...(account && account.wizard_at === null ? [sync(account.id)] : []),
      { id: "action.add", name: t("app.rail.wizard_new"), also: "add new", icon: Plus, run: () => go("/wizard") },
      { id: "action.prices", name: t("keyboard.prices"), also: "price", icon: Settings, run: () => go("/settings?tab=prices") },
      ...THEMES.filter((one) => one !== theme.value).map((one) => ({
        id: `action.theme.${one}`,
        name: t("keyboard.theme", { theme: t(`app.theme.${one}`) }),
        also: `theme ${one}`,
        icon: SunMoon,
        run: () => done(() => paint(one)),
      })),
      ...LANGUAGES.filter((one) => one.language !== language.value).map((one) => ({
        id: `action.language.${one.language}`,
        name: t("keyboard.language", { language: one.name }),
        also: "language 语言",
        icon: Languages,
        run: () => done(() => choose(one.language)),
      })),
      {
        id: "action.sheet",
        name: t("keyboard.sheet"),
        also: "keyboard shortcuts",
        icon: Keyboard,
        keys: KEYS.sheet,
        // The sheet takes the palette's place.
        run: async () => (open("sheet"), false),
      },
    ];
  });

  const groups = computed(() => {
    const shops = { name: t("keyboard.accounts"), commands: accounts.value };
    if (only) return [shops];
    return [
      { name: t("keyboard.pages"), commands: pages.value },
      shops,
      { name: t("keyboard.actions"), commands: actions.value },
    ];
  });
  return { groups, act };
}
