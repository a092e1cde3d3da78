// Which component asks which step's question. A step without one does not compile.
import type { Component } from "vue";

import type { Step } from "@/ipc/bindings";

import ConnectStep from "./connect/ConnectStep.vue";
import ConsoleStep from "./console/ConsoleStep.vue";
import DoneStep from "./done/DoneStep.vue";
import EligibilityStep from "./eligibility/EligibilityStep.vue";
import LoginStep from "./login/LoginStep.vue";
import ModeStep from "./mode/ModeStep.vue";
import PackStep from "./pack/PackStep.vue";
import PaymentStep from "./payment/PaymentStep.vue";
import UsageStep from "./usage/UsageStep.vue";
import WayStep from "./way/WayStep.vue";
import WelcomeStep from "./welcome/WelcomeStep.vue";

export const stepComponents: Record<Step, Component> = {
  welcome: WelcomeStep,
  eligibility: EligibilityStep,
  way: WayStep,
  login: LoginStep,
  console: ConsoleStep,
  connect: ConnectStep,
  usage: UsageStep,
  pack: PackStep,
  payment: PaymentStep,
  mode: ModeStep,
  done: DoneStep,
};
