// Which component asks which step's question.
import type { Component } from "vue";

import type { Step } from "@/ipc/bindings";

const found = import.meta.glob<{ default: Component }>("./*/*Step.vue", { eager: true });

/** `./usage/UsageStep.vue` asks `usage`. */
export const stepComponents = Object.fromEntries(
  Object.entries(found).map(([path, module]) => [path.split("/")[1] ?? "", module.default]),
) as Partial<Record<Step, Component>>;
