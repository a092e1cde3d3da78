import tailwindcss from "@tailwindcss/vite";
import vue from "@vitejs/plugin-vue";
import { baseCompile } from "@intlify/message-compiler";
import { fileURLToPath, URL } from "node:url";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** The policy of the app's window, so that `npm run preview` shows what the shell will allow.
 *  `connect-src` differs: the shell adds its IPC origins, the preview needs none. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'";

type Texts = string | { [key: string]: Texts };

const ACCENTED: Record<string, string> = Object.fromEntries(
  [..."aàeèiìoòuùcçnñsšyýzžAÀEÈIÌOÒUÙCÇNÑSŠYÝZŽ"].flatMap((letter, place, all) => (place % 2 ? [] : [[letter, all[place + 1] ?? letter]])),
);

/** A text as a wordy language might have it: accents, vowels twice, and marks around all that came out of a locale
 *  file. Values in braces and the bar between one and many stay. */
export const lengthened = (text: string) =>
  text
    .split(/(\{[^}]*\}|\|)/)
    .map((part, place) => (place % 2 || !/\p{L}/u.test(part) ? part : `⟦${part.replace(/[a-z]/gi, (letter) => (ACCENTED[letter] ?? letter).repeat(/[aeiou]/i.test(letter) ? 2 : 1))}⟧`))
    .join("");

/** Texts are compiled here and not in the window: half a millisecond each would be felt at the start, and a text that
 *  does not compile fails the build. What vue-i18n gets is its own syntax tree, never a function made from text, so
 *  `script-src 'self'` holds. */
function compiledTexts(): Plugin {
  const compile = (texts: Texts, say: (text: string) => string): unknown =>
    typeof texts === "string"
      ? baseCompile(say(texts), { jit: true, minify: true, location: false }).ast
      : Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, compile(value, say)]));
  return {
    name: "compiled-texts",
    enforce: "pre",
    transform: {
      filter: { id: /\/src\/locales\/(zh|en)\/\w+\.json(\?pseudo)?$/ },
      handler(json, id) {
        const pseudo = id.endsWith("?pseudo");
        const code = JSON.stringify(compile(JSON.parse(json) as Texts, pseudo ? lengthened : (text) => text));
        // A name with a query is no JSON to Vite.
        return { code: pseudo ? `export default ${code}` : code, map: null };
      },
    },
  };
}

/** The preview opens the app on what was recorded, or on the browser host, in place of the window's IPC. */
const previewEntry = (): Plugin => ({
  name: "preview-entry",
  transformIndexHtml: { order: "pre", handler: (html) => html.replace("/src/app/boot.ts", "/src/testing/preview.ts") },
});

export default defineConfig(({ mode }) => ({
  plugins: [vue(), tailwindcss(), compiledTexts(), mode === "preview" && previewEntry()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // Vue: runtime-only build, no Options API. vue-i18n: no compiler in the bundle.
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __INTLIFY_JIT_COMPILATION__: true,
    __INTLIFY_DROP_MESSAGE_COMPILER__: true,
    // No release has what is for development and for looking at pages.
    __PREVIEW__: JSON.stringify(mode === "preview" || mode === "development"),
  },
  json: { stringify: true }, // texts: JSON is read faster than the same written as code
  clearScreen: false,
  server: { port: 5199, strictPort: true, host: "127.0.0.1" },
  preview: { port: 1421, strictPort: true, host: "127.0.0.1", headers: { "Content-Security-Policy": CSP } },
  build: {
    // WebView2 is evergreen; macOS 13's WKWebView is Safari 16.4, which Tailwind 4 needs anyway.
    target: ["chrome111", "safari16.4"],
    // One style sheet, there from the start: the saved page may be any page.
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  test: {
    environment: "jsdom",
    // Several times quicker than a process for each file.
    pool: "threads",
    // The default leaves one core free, which on two of them is half the computer.
    maxWorkers: "100%",
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
    // The first test of a file compiles every page; on a busy computer that alone can take seconds.
    testTimeout: 20_000,
  },
}));
