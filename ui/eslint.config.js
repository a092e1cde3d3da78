import pluginVue from "eslint-plugin-vue";
import tseslint from "typescript-eslint";

/** Only src/ipc may know that there is a Tauri behind the Host. */
const onlyIpcKnowsTauri = {
  patterns: [{ group: ["@tauri-apps/*"], message: "Go through the Host in src/ipc." }],
};

export default tseslint.config(
  { ignores: ["dist/**", "dist-*/**", "node_modules/**", "src/ipc/bindings.ts", "src/ipc/client.ts"] },
  ...tseslint.configs.recommended,
  ...pluginVue.configs["flat/recommended"],
  {
    files: ["**/*.vue"],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  {
    files: ["src/**/*.{ts,vue}"],
    rules: {
      "no-restricted-imports": ["error", onlyIpcKnowsTauri],
      "no-restricted-globals": [
        "error",
        { name: "localStorage", message: "The host keeps what must survive." },
        { name: "sessionStorage", message: "The host keeps what must survive." },
        { name: "fetch", message: "The window talks to nobody but the host." },
      ],
      "no-console": "error",
      "no-eval": "error",
      "no-new-func": "error",
      "no-implied-eval": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      // Layout of templates is the formatter's business, not a rule's.
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/html-self-closing": "off",
      "vue/html-indent": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/first-attribute-linebreak": "off",
      "vue/multiline-html-element-content-newline": "off",
      "vue/require-default-prop": "off",
      "vue/multi-word-component-names": "off",
      // `style=""` in a template would be blocked by the CSP once rendered as text.
      "vue/no-static-inline-styles": "error",
      "vue/no-v-html": "error",
      "vue/block-lang": ["error", { script: { lang: "ts" } }],
      "vue/component-api-style": ["error", ["script-setup"]],
    },
  },
  {
    files: ["src/ipc/**/*.ts"],
    rules: { "no-restricted-imports": "off" },
  },
  {
    // The browser host is asked over HTTP; a release bundle has no such file.
    files: ["src/ipc/http.ts"],
    rules: { "no-restricted-globals": "off" },
  },
  {
    files: ["**/*.test.ts", "src/testing/**"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
);
