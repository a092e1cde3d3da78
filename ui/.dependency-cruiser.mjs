// Who may import whom: shared ← layout ← features ← app, with testing/ next to them; and no import circle.
/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    { name: "no-circle", comment: "Modules of a circle cannot be understood one at a time.", severity: "error", from: {}, to: { circular: true } },
    { name: "resolvable", comment: "An import that leads nowhere hides a rule from itself.", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "\\?(raw|pseudo)$" } },
    {
      name: "ipc-is-the-ground",
      comment: "The way to the host knows nothing of what is shown; errors.ts types its codes by their texts.",
      severity: "error",
      from: { path: "^src/ipc/", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/", pathNot: ["^src/ipc/", "^src/locales/(zh|en)/errors\\.json$"] },
    },
    {
      name: "shared-below-layout",
      comment: "What every page may use knows no page and no frame.",
      severity: "error",
      from: { path: "^src/(shared|locales|illustrations)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/(layout|features|app|testing)/" },
    },
    {
      name: "layout-below-features",
      comment: "The frame is the same whatever page stands in it.",
      severity: "error",
      from: { path: "^src/layout/", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/(features|app|testing)/" },
    },
    {
      name: "features-below-app",
      comment: "Routes and start put the features together.",
      severity: "error",
      from: { path: "^src/features/", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/(app|testing)/" },
    },
    {
      name: "features-through-their-index",
      comment: "What a feature offers to others stands in its index.ts; the rest may change freely.",
      severity: "error",
      from: { path: "^src/features/([^/]+)/" },
      to: { path: "^src/features/", pathNot: ["^src/features/$1/", "^src/features/[^/]+/index\\.ts$"] },
    },
    {
      name: "no-tests-in-the-app",
      comment: "What is for tests is not shipped.",
      severity: "error",
      from: { path: "^src/", pathNot: ["\\.test\\.ts$", "^src/testing/"] },
      to: { path: ["\\.test\\.ts$", "^src/testing/"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.test.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "default", "types"], extensions: [".ts", ".vue", ".json", ".css", ".svg"] },
  },
};
