// Choosing language and theme, wherever that is offered. Chosen before the app could start, a language lasts for this
// window only.
import { computed } from "vue";

import { useAction } from "@/ipc/useAction";
import type { Language, Theme } from "@/ipc/bindings";
import { useHost } from "@/ipc/host";
import { useApp, useStoreAnswer } from "@/ipc/queries";
import { useText } from "@/shared/text";

export const THEMES: readonly Theme[] = ["system", "light", "dark"];

export function useAppearanceChoice() {
  const { language, speak } = useText();
  const host = useHost();
  const store = useStoreAnswer();
  const { data: app } = useApp();
  const act = useAction();
  // Arrows go through a list faster than the host answers: what is chosen meanwhile waits its turn instead of being dropped.
  let turn: Promise<unknown> = Promise.resolve();
  const keep = (change: () => Promise<unknown>) => (turn = turn.then(() => act.run(change)));
  return {
    app,
    language,
    /** Why it could not be kept. */
    refused: act.error,
    forget: act.clear,
    /** Nothing as long as the app has not answered: there is nowhere to keep one. */
    theme: computed(() => app.value?.theme ?? null),
    async choose(wanted: Language) {
      await speak(wanted);
      if (app.value) await keep(async () => store.app(await host.setLanguage(wanted)));
    },
    async paint(wanted: Theme) {
      await keep(async () => store.app(await host.setTheme(wanted)));
    },
  };
}
