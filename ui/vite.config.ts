import tailwindcss from "@tailwindcss/vite";
import vue from "@vitejs/plugin-vue";
import { baseCompile } from "@intlify/message-compiler";
import { fileURLToPath, URL } from "node:url";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** The policy of the app's window, so that `npm run preview` shows what the shell will allow.
 *  `connect-src` differs: the shell adds its IPC origins, the fake host needs none. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'";

type Texts = string | { [key: string]: Texts };

/** Texts are compiled here and not in the window: half a millisecond each would be felt at the start, and a text that
 *  does not compile fails the build. What vue-i18n gets is its own syntax tree, never a function made from text, so
 *  `script-src 'self'` holds. */
function compiledTexts(): Plugin {
  const compile = (texts: Texts): unknown =>
    typeof texts === "string"
      ? baseCompile(texts, { jit: true, minify: true, location: false }).ast
      : Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, compile(value)]));
  return {
    name: "compiled-texts",
    enforce: "pre",
    transform: {
      filter: { id: /\/src\/locales\/(zh|en)\/\w+\.json$/ },
      handler: (json) => ({ code: JSON.stringify(compile(JSON.parse(json) as Texts)), map: null }),
    },
  };
}

export default defineConfig(({ mode }) => ({
  plugins: [vue(), tailwindcss(), compiledTexts()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // Vue: runtime-only build, no Options API. vue-i18n: no compiler in the bundle.
  define: {
    __VUE_OPTIONS_API__: true,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __INTLIFY_JIT_COMPILATION__: true,
    __INTLIFY_DROP_MESSAGE_COMPILER__: true,
    // The in-memory host is compiled in only for `vite dev` and `--mode fake`.
    __FAKE_HOST__: JSON.stringify(mode === "fake" || mode === "development"),
  },
  json: { stringify: true }, // texts: JSON is read faster than the same written as code
  clearScreen: false,
  server: { port: 5199, strictPort: true, host: "127.0.0.1" },
  preview: { port: 1421, strictPort: true, host: "127.0.0.1", headers: { "Content-Security-Policy": CSP } },
  build: {
    // WebView2 is evergreen; macOS 13's WKWebView is Safari 16.4, which Tailwind 4 needs anyway.
    target: ["chrome111", "safari16.4"],
    // One style sheet, there from the start: the kept page may be any page.
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  test: {
    environment: "jsdom",
    // Several times quicker than a process for each file.
    pool: "threads",
    setupFiles: ["src/shared/testing/setup.ts"],
    restoreMocks: true,
    // The first test of a file compiles every page; on a busy computer that alone can take seconds.
    testTimeout: 20_000,
  },
}));
