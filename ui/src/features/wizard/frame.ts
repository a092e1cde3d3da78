// What a step gets from the wizard around it.
import { inject, provide, type ComputedRef, type InjectionKey } from "vue";

import type { Action } from "@/ipc/useAction";
import type { AppView, Environment, Step, StepView, WizardView } from "@/ipc/bindings";

export interface WizardFrame {
  readonly app: ComputedRef<AppView>;
  /** `null` on the welcome page of a shop that has no account yet. */
  readonly wizard: ComputedRef<WizardView | null>;
  readonly step: ComputedRef<Step>;
  /** The chosen environment, before the account exists too. */
  readonly environment: ComputedRef<Environment>;
  chooseEnvironment(environment: Environment): void;
  /** Busy and error of the step's change. */
  readonly act: Action;
  /** Asks the host for a change (it answers with the wizard), then puts the next open step on screen. Resolves to
   *  false when the host refused; the error is then in `act`. */
  proceed(change?: () => Promise<WizardView>): Promise<boolean>;
  goTo(step: Step): Promise<void>;
  back(): Promise<void>;
  readonly canGoBack: ComputedRef<boolean>;
  leave(): void;
  stuck(): void;
}

const FRAME: InjectionKey<WizardFrame> = Symbol("wizard");

export function provideWizardFrame(frame: WizardFrame): void {
  provide(FRAME, frame);
}

export function useWizardFrame(): WizardFrame {
  const frame = inject(FRAME);
  if (!frame) throw new Error("a step stands outside the wizard");
  return frame;
}

/** The wizard of a step that only exists with an account (every one but welcome). */
export function useStepWizard(): ComputedRef<WizardView> {
  const { wizard } = useWizardFrame();
  return wizard as ComputedRef<WizardView>;
}

function reachable(view: StepView): boolean {
  return view.state === "done" || view.state === "open";
}

export function nextStep(steps: readonly StepView[], from: Step): Step | null {
  const here = steps.findIndex((view) => view.step === from);
  return steps.slice(here + 1).find(reachable)?.step ?? null;
}

export function previousStep(steps: readonly StepView[], from: Step): Step | null {
  const here = steps.findIndex((view) => view.step === from);
  return steps.slice(0, Math.max(0, here)).reverse().find(reachable)?.step ?? null;
}
