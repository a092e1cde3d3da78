// Writes the chosen language and theme onto <html>; `system` follows the computer.
import { useMediaQuery } from "@vueuse/core";
import { computed, watchEffect, type Ref } from "vue";
import { useI18n } from "vue-i18n";

import type { AppView, Language } from "@/ipc/bindings";
import { useText } from "@/shared/text";

/** Before the host has answered: what the computer speaks. */
export function systemLanguage(): Language {
  return navigator.language.toLowerCase().startsWith("zh") || navigator.language === "" ? "zh" : "en";
}

export function useAppearance(app: Ref<AppView | undefined>): void {
  const dark = useMediaQuery("(prefers-color-scheme: dark)");
  const { locale } = useI18n({ useScope: "global" });
  const { t } = useText();
  const theme = computed(() => {
    const chosen = app.value?.theme ?? "system";
    return chosen === "system" ? (dark.value ? "dark" : "light") : chosen;
  });
  watchEffect(() => {
    if (app.value) locale.value = app.value.language;
  });
  watchEffect(() => {
    const root = document.documentElement;
    root.dataset.theme = theme.value;
    root.lang = locale.value === "zh" ? "zh-CN" : "en";
    document.title = t("app.name");
  });
}
