// The works of others that this app is made of, by name and licence: every library of the window, and of the Rust side
// those that do a job of their own.
export interface Part {
  readonly name: string;
  readonly licence: string;
}

export const PARTS: readonly Part[] = [
  { name: "@internationalized/date", licence: "Apache-2.0" },
  { name: "@lucide/vue", licence: "ISC" },
  { name: "@tanstack/vue-query", licence: "MIT" },
  { name: "@tanstack/vue-table", licence: "MIT" },
  { name: "@tanstack/vue-virtual", licence: "MIT" },
  { name: "@vueuse/core", licence: "MIT" },
  { name: "modern-screenshot", licence: "MIT" },
  { name: "pinyin-match", licence: "MIT" },
  { name: "reka-ui", licence: "MIT" },
  { name: "uplot", licence: "MIT" },
  { name: "vue", licence: "MIT" },
  { name: "vue-i18n", licence: "MIT" },
  { name: "vue-router", licence: "MIT" },
  { name: "Tauri", licence: "Apache-2.0 / MIT" },
  { name: "SQLite", licence: "Public domain" },
  { name: "Tokio", licence: "MIT" },
  { name: "reqwest", licence: "Apache-2.0 / MIT" },
  { name: "rustls", licence: "Apache-2.0 / ISC / MIT" },
  { name: "tiny-skia", licence: "BSD-3-Clause" },
  { name: "ksni", licence: "Unlicense" },
  { name: "keyring", licence: "Apache-2.0 / MIT" },
  { name: "calamine", licence: "MIT" },
  { name: "zxcvbn", licence: "MIT" },
];
