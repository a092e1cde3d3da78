// The words of the app. Keys are typed from the Chinese files; English must have the same ones (see locales/index.ts).
import { computed } from "vue";
import { createI18n, useI18n } from "vue-i18n";

import type { Language } from "@/ipc/bindings";
import { loadFirstMessages, loadDeferredMessages, type Messages } from "@/locales";

type Paths<T, Prefix extends string = ""> = {
  [K in keyof T & string]: T[K] extends string ? `${Prefix}${K}` : Paths<T[K], `${Prefix}${K}.`>;
}[keyof T & string];

/** `wizard.back`, `eligibility.question`, … */
export type TextKey = Paths<Messages>;
export type TextValues = Record<string, string | number>;

/** The words that a first page may need, beginning in `language`. */
export async function createTexts(language: Language) {
  const messages: { [L in Language]?: Messages } = { [language]: await loadFirstMessages(language) };
  return createI18n({
    legacy: false,
    locale: language,
    fallbackLocale: false,
    messages,
    // A missing key is caught by the compiler; a missing value should be seen in development.
    missingWarn: true,
    fallbackWarn: false,
  });
}

/** Adds the words of all other pages. */
export async function addDeferredTexts({ global: texts }: Awaited<ReturnType<typeof createTexts>>): Promise<void> {
  const language = texts.locale.value;
  texts.mergeLocaleMessage(language, await loadDeferredMessages(language));
}

/** Each language is named in itself, so that a person who cannot read the page finds theirs. */
export const LANGUAGES: readonly { language: Language; name: string; lang: string }[] = [
  { language: "zh", name: "中文", lang: "zh-CN" },
  { language: "en", name: "English", lang: "en" },
];

export function useText() {
  const { t, locale, availableLocales, setLocaleMessage } = useI18n({ useScope: "global" });
  return {
    /** Goes on in another language as soon as its words are there. */
    async speak(language: Language): Promise<void> {
      if (!availableLocales.includes(language)) {
        const [first, deferred] = await Promise.all([loadFirstMessages(language), loadDeferredMessages(language)]);
        setLocaleMessage(language, { ...first, ...deferred });
      }
      locale.value = language;
    },
    t: (key: TextKey, values: TextValues = {}) => t(key, values),
    /** Picks the form for one or many; Chinese has one form. */
    tn: (key: TextKey, count: number, values: TextValues = {}) => t(key, { n: count, ...values }, count),
    language: computed(() => locale.value as Language),
  };
}
