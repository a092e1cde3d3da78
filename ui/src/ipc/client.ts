// The complete list of what the UI may ask of its host. Pages import from here, never from @tauri-apps.
// One method, one Tauri command of the same name in snake_case; arguments keep their names (Tauri maps
// camelCase to snake_case). Every method rejects with an ErrorView and with nothing else.
import type {
  AcquisitionMode,
  AppView,
  Changed,
  ConsolePage,
  CopiedView,
  EligibilityView,
  Environment,
  Language,
  LoginCheck,
  LoginField,
  MemberCardView,
  OverviewView,
  PacksView,
  PracticeView,
  PurchaseView,
  ShopCategory,
  Step,
  Subject,
  SummaryView,
  Theme,
  TypedFigures,
  UsageView,
  WaysView,
  WizardView,
} from "./bindings";

export interface Host {
  // app — rejects with the start-up error when the app could not open its files
  getApp(): Promise<AppView>;
  setLanguage(language: Language): Promise<AppView>;
  setTheme(theme: Theme): Promise<AppView>;
  selectAccount(account: string): Promise<AppView>;
  /** Try again after a start-up error. */
  restartApp(): Promise<void>;
  /** Called once, two frames after the first page is mounted: start-up time goes to the log. `at` is when anything
   *  could be read first, the kept page or this one, in milliseconds since 1970. */
  contentShown(at: number): Promise<void>;
  /** Keeps the page for the next start. */
  keepPage(page: KeptPage): Promise<void>;

  // wizard
  startAccount(environment: Environment, name: string): Promise<WizardView>;
  getWizard(account: string): Promise<WizardView>;
  /** Puts a step on screen; refused with `step_not_ready` while something before it is missing. */
  goToStep(account: string, step: Step): Promise<WizardView>;
  /** Changes name or environment while nothing depends on them yet (before step 4). */
  renameAccount(account: string, environment: Environment, name: string): Promise<WizardView>;
  decideEligibility(
    account: string,
    subject: Subject,
    category: ShopCategory,
    verified: boolean,
  ): Promise<EligibilityView>;
  compareWays(monthlyCalls: number): Promise<WaysView>;
  chooseWay(account: string, way: AcquisitionMode, monthlyCalls: number): Promise<WizardView>;
  finishWizard(account: string): Promise<WizardView>;
  getSummary(account: string): Promise<SummaryView>;
  printSummary(): Promise<void>;

  // login
  checkLogin(email: string, password: string): Promise<LoginCheck>;
  suggestPassword(): Promise<string>;
  /** Into the OS keyring; nothing is stored when either is refused. */
  saveLogin(account: string, email: string, password: string): Promise<WizardView>;
  confirmLoginSet(account: string): Promise<WizardView>;
  /** The one call that shows a secret: the saved e-mail or password. */
  revealLogin(account: string, field: LoginField): Promise<string>;
  copyLogin(account: string, field: LoginField): Promise<CopiedView>;

  // console window (foreign pages; no IPC there)
  openConsole(account: string, page: ConsolePage): Promise<void>;
  /** Types the e-mail or password into the console window's own field, on request only. */
  fillConsole(account: string, field: LoginField): Promise<void>;
  confirmSignedIn(account: string): Promise<WizardView>;

  // usage
  connectAppSecret(account: string, appId: string, appSecret: string): Promise<WizardView>;
  connectMemberCardUsage(account: string, accessKey: string): Promise<WizardView>;
  connectTypedIn(account: string, figures: TypedFigures): Promise<WizardView>;
  getUsage(account: string): Promise<UsageView | null>;
  syncUsage(account: string): Promise<UsageView>;
  confirmUsageSeen(account: string): Promise<WizardView>;

  // packs and purchase
  getPacks(account: string, monthlyCalls: number | null): Promise<PacksView>;
  pickPack(account: string, pack: string): Promise<WizardView>;
  buyNothing(account: string): Promise<WizardView>;
  /** Writes the intent, then opens the console's buy page; the app looks for arrival behind it. */
  beginPurchase(account: string): Promise<PurchaseView>;
  checkArrival(account: string): Promise<PurchaseView>;
  giveUpPurchase(account: string): Promise<WizardView>;

  // member card
  connectMemberCard(account: string, accessKey: string): Promise<MemberCardView>;
  /** As last read, from the cache. */
  getMemberCard(account: string): Promise<MemberCardView>;
  /** Reads the platform again. */
  syncMemberCard(account: string): Promise<MemberCardView>;
  /** Intent, call, read back; resolves only when the platform shows the new mode. */
  setMode(account: string, mode: AcquisitionMode): Promise<MemberCardView>;
  /** Step 10 without a change, or without a member-card platform. */
  keepMode(account: string): Promise<WizardView>;

  // overview
  getOverview(account: string): Promise<OverviewView>;

  // practice: windows and clock of the embedded platform
  openPracticePhone(account: string): Promise<void>;
  openPracticeCardOffice(account: string): Promise<void>;
  openPracticeClaim(account: string): Promise<void>;
  advancePracticeClock(days: number): Promise<PracticeView>;

  // official pages in the system browser, from a fixed list
  openHelpPage(page: HelpPage): Promise<void>;

  // what changed behind the page's back; returns the way to stop listening
  onChanged(listener: (changed: Changed) => void): Promise<() => void>;
}

/** A page as it last stood: its markup, and how the document around it was set. */
export interface KeptPage {
  lang: string;
  theme: "light" | "dark";
  html: string;
}

export type HelpPage = "official_charge_guide" | "official_component_guide";
