import tailwindcss from "@tailwindcss/vite";
import vue from "@vitejs/plugin-vue";
import { fileURLToPath, URL } from "node:url";
import { defineConfig } from "vitest/config";

/** The policy of the app's window, so that `npm run preview` shows what the shell will allow.
 *  `connect-src` differs: the shell adds its IPC origins, the fake host needs none. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'";

export default defineConfig(({ mode }) => ({
  plugins: [vue(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // Vue: runtime-only build, no Options API. vue-i18n 11 interprets messages; it never builds functions
  // from text, so `script-src 'self'` holds (a test in src/locales proves it on the bundle's flags).
  define: {
    __VUE_OPTIONS_API__: true,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __INTLIFY_JIT_COMPILATION__: true,
    // The in-memory host is compiled in only for `vite dev` and `--mode fake`.
    __FAKE_HOST__: JSON.stringify(mode === "fake" || mode === "development"),
  },
  clearScreen: false,
  server: { port: 1420, strictPort: true, host: "127.0.0.1" },
  preview: { port: 1421, strictPort: true, host: "127.0.0.1", headers: { "Content-Security-Policy": CSP } },
  build: {
    // WebView2 is evergreen; macOS 13's WKWebView is Safari 16.4, which Tailwind 4 needs anyway.
    target: ["chrome111", "safari16.4"],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/shared/testing/setup.ts"],
    restoreMocks: true,
    // The first test of a file compiles every page; on a busy computer that alone can take seconds.
    testTimeout: 20_000,
  },
}));
