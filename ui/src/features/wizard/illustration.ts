// The drawings and the help texts live in folders of their own; a step names only itself and a moment.
import type { Component } from "vue";

const drawings = import.meta.glob<{ default: Component }>("../../illustrations/StepIllustration.vue", { eager: true });

export const illustration: Component | null = Object.values(drawings)[0]?.default ?? null;
