// Which component asks which step's question. A step without one does not compile. A start loads the step it shows, and
// the others after it: each next one is there at once.
import { shallowReactive, type Component } from "vue";

import { STEPS, type Step } from "@/ipc/bindings";

const LOADERS: Record<Step, () => Promise<{ default: Component }>> = {
  welcome: () => import("./welcome/WelcomeStep.vue"),
  eligibility: () => import("./eligibility/EligibilityStep.vue"),
  way: () => import("./way/WayStep.vue"),
  login: () => import("./login/LoginStep.vue"),
  console: () => import("./console/ConsoleStep.vue"),
  connect: () => import("./connect/ConnectStep.vue"),
  usage: () => import("./usage/UsageStep.vue"),
  pack: () => import("./pack/PackStep.vue"),
  payment: () => import("./payment/PaymentStep.vue"),
  mode: () => import("./mode/ModeStep.vue"),
  done: () => import("./done/DoneStep.vue"),
};

const loaded = shallowReactive(new Map<Step, Component>());

/** Nothing until it is loaded. */
export const stepComponent = (step: Step): Component | undefined => loaded.get(step);

export async function loadStep(step: Step): Promise<void> {
  if (!loaded.has(step)) loaded.set(step, (await LOADERS[step]()).default);
}

export async function loadSteps(): Promise<void> {
  await Promise.all(STEPS.map(loadStep));
}
