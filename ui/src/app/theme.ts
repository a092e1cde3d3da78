// Writes the chosen language and theme onto <html>; `system` follows the computer.
import { useMediaQuery } from "@vueuse/core";
import { computed, watchEffect, type Ref } from "vue";

import type { AppView, Language } from "@/ipc/bindings";
import { useText } from "@/shared/text";

/** Before the host has answered: what the computer speaks. */
export function systemLanguage(): Language {
  return navigator.language.toLowerCase().startsWith("zh") || navigator.language === "" ? "zh" : "en";
}

export function useAppearance(app: Ref<AppView | undefined>): void {
  const dark = useMediaQuery("(prefers-color-scheme: dark)");
  const { t, language, speak } = useText();
  const theme = computed(() => {
    const chosen = app.value?.theme ?? "system";
    return chosen === "system" ? (dark.value ? "dark" : "light") : chosen;
  });
  watchEffect(() => {
    if (app.value && app.value.language !== language.value) void speak(app.value.language);
  });
  watchEffect(() => {
    const root = document.documentElement;
    root.dataset.theme = theme.value;
    root.lang = language.value === "zh" ? "zh-CN" : "en";
    document.title = t("app.name");
  });
}
