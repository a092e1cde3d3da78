// The complete list of what the UI may ask of its host. Pages import from here, never from @tauri-apps.
// One method, one Tauri command of the same name in snake_case; arguments keep their names (Tauri maps
// camelCase to snake_case). Every method rejects with an ErrorView and with nothing else.
import type {
  AccountsView,
  AcquisitionMode,
  AllocationPlanView,
  AllocationView,
  AppView,
  BillColumns,
  BillFileView,
  BillView,
  BulkOrderView,
  Changed,
  ConsolePage,
  ConsoleView,
  CopiedView,
  EligibilityView,
  Environment,
  ExportedView,
  ExportFormat,
  ExportTable,
  Language,
  LoginCheck,
  LoginField,
  MemberCardView,
  OverviewView,
  PacksView,
  PickedShare,
  PracticeView,
  PriceListView,
  PriceRowDraft,
  ProxyChoice,
  PlansView,
  OrderNote,
  OrdersView,
  ProviderView,
  PurchaseView,
  SettingsView,
  ShopCategory,
  Step,
  Subject,
  SummaryView,
  SyncAllView,
  Theme,
  TypedFigures,
  UsageCurveView,
  UsageView,
  WaysView,
  WhatIf,
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
  /** The console windows that are open, and where they really are. */
  getConsoles(): Promise<ConsoleView[]>;
  /** Brings an account's console window to the front as it is. */
  showConsole(account: string): Promise<void>;
  /** Types the e-mail or password into the console window's own field, on request only. */
  fillConsole(account: string, field: LoginField): Promise<void>;
  confirmSignedIn(account: string): Promise<WizardView>;

  // usage
  connectAppSecret(account: string, appId: string, appSecret: string): Promise<WizardView>;
  connectMemberCardUsage(account: string, accessKey: string): Promise<WizardView>;
  connectTypedIn(account: string, figures: TypedFigures): Promise<WizardView>;
  getUsage(account: string): Promise<UsageView | null>;
  /** Usage over time: what was, what is likely to come, which lot paid. */
  getUsageCurve(account: string): Promise<UsageCurveView>;
  syncUsage(account: string): Promise<UsageView>;
  confirmUsageSeen(account: string): Promise<WizardView>;

  // packs and purchase
  getPacks(account: string, monthlyCalls: number | null): Promise<PacksView>;
  /** The next twelve months, one plan beside another, as things are or as the shop imagines them. */
  comparePlans(account: string, whatIf: WhatIf): Promise<PlansView>;
  /** The newest purchase, whatever became of it. */
  getPurchase(account: string): Promise<PurchaseView | null>;
  pickPack(account: string, pack: string): Promise<WizardView>;
  buyNothing(account: string): Promise<WizardView>;
  /** Writes the intent, then opens the console's buy page; the app looks for arrival behind it. */
  beginPurchase(account: string): Promise<PurchaseView>;
  checkArrival(account: string): Promise<PurchaseView>;
  giveUpPurchase(account: string): Promise<WizardView>;
  /** Takes giving up back. */
  resumePurchase(account: string): Promise<PurchaseView>;

  // orders
  getOrders(account: string): Promise<OrdersView>;
  /** Writes down what the shop did in the console: asked for a refund or an invoice, or the order's number. */
  noteOrder(account: string, order: string, note: OrderNote): Promise<OrdersView>;

  // member card
  connectMemberCard(account: string, accessKey: string): Promise<MemberCardView>;
  /** As last read, from the cache. */
  getMemberCard(account: string): Promise<MemberCardView>;
  /** Reads the platform again. */
  syncMemberCard(account: string): Promise<MemberCardView>;
  /** Intent, call, read back; resolves only when the platform shows the new mode. */
  setMode(account: string, mode: AcquisitionMode): Promise<MemberCardView>;
  /** Takes the last switch back while it is offered (`MemberCardView.undo`), the same way. */
  undoMode(account: string, change: string): Promise<MemberCardView>;
  /** Step 10 without a change, or without a member-card platform. */
  keepMode(account: string): Promise<WizardView>;

  // overview
  getOverview(account: string): Promise<OverviewView>;
  /** Tells of the account again on a day (`YYYY-MM-DD`), in place of any day before; nothing: not any more. */
  setReminder(account: string, day: string | null): Promise<OverviewView>;

  // accounts
  /** All of them, worst first, archived ones last. */
  getAccounts(): Promise<AccountsView>;
  /** Reads all of them again; resolves when that is done or stopped. */
  syncAll(): Promise<SyncAllView>;
  /** How far that is, or how the last one went. */
  getSyncAll(): Promise<SyncAllView>;
  cancelSyncAll(): Promise<void>;

  // settings
  getSettings(): Promise<SettingsView>;
  setAccountName(account: string, name: string): Promise<SettingsView>;
  /** Out of lists and syncs, or back into them. */
  archiveAccount(account: string, archived: boolean): Promise<SettingsView>;
  /** Out of sight; nothing is destroyed before `finishRemoval`, or the next start. */
  removeAccount(account: string): Promise<SettingsView>;
  restoreAccount(account: string): Promise<SettingsView>;
  /** Destroys what a removed account had: keyring entries, console profile, readings, records. */
  finishRemoval(account: string): Promise<void>;
  setProxy(choice: ProxyChoice): Promise<SettingsView>;

  // price list
  /** On a day (`YYYY-MM-DD`), or today. */
  getPriceList(day: string | null): Promise<PriceListView>;
  setPriceRow(draft: PriceRowDraft): Promise<PriceListView>;
  removePriceRow(id: string, from: string): Promise<PriceListView>;
  /** `bytes` as base64. */
  importPriceList(name: string, bytes: string): Promise<PriceListView>;
  /** 0 is the built-in list alone. */
  restorePriceList(version: number): Promise<PriceListView>;
  // spreadsheets: into the shop's downloads, never over a file that is there
  exportTable(format: ExportFormat, table: ExportTable): Promise<ExportedView>;
  /** A picture into the shop's downloads; `png` in base64. */
  exportPicture(name: string, png: string): Promise<ExportedView>;
  /** A text for a person to read, into the shop's downloads. */
  exportText(name: string, text: string): Promise<ExportedView>;
  /** A text that is no secret into the clipboard, to be pasted elsewhere. */
  copyText(text: string): Promise<void>;
  /** Opens the folder with an exported file in it. */
  showExport(name: string): Promise<void>;
  // the bill beside the shop's own sign-ups
  /** `bytes` as base64. The file is held in the host's memory until the next one. */
  readBillFile(account: string, name: string, bytes: string): Promise<BillFileView>;
  compareBillFile(account: string, columns: BillColumns): Promise<BillView>;
  /** Asks the member-card platform for the records. */
  compareBillPlatform(account: string): Promise<BillView>;
  // bulk purchase
  /** Checks AppID and AppSecret by reading the orders once; the AppSecret goes into the OS keyring. */
  connectProvider(environment: Environment, name: string, appId: string, appSecret: string): Promise<ProviderView>;
  getProviders(): Promise<ProviderView[]>;
  /** Asks WeChat now. */
  getBulkOrders(provider: string): Promise<BulkOrderView[]>;
  /** Who should get how many calls, so that nobody runs dry within so many days; without a number,
   *  the host's own. Asks WeChat for order and packs. */
  planAllocations(provider: string, order: string, coverDays: number | null): Promise<AllocationPlanView>;
  /** Writes everything down, then sends it behind the answer; each keeps its request id, whatever happens. */
  sendAllocations(provider: string, order: string, picks: PickedShare[]): Promise<AllocationView[]>;
  /** Asks again now for what is not settled, under the same request ids. */
  retryAllocations(provider: string): Promise<AllocationView[]>;
  getAllocations(provider: string): Promise<AllocationView[]>;
  cancelAllocation(id: string): Promise<AllocationView>;

  // practice: windows and clock of the embedded platform
  openPracticePhone(account: string): Promise<void>;
  openPracticeCardOffice(account: string): Promise<void>;
  openPracticeClaim(account: string): Promise<void>;
  openPracticeProvider(): Promise<void>;
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
