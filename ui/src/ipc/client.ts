// Generated from crates/companion/src/commands by `cargo xtask bindings`. Do not edit.
// What the UI may ask of its host. Pages import from here, never from @tauri-apps.
import type {
  AccountId,
  AccountKind,
  AccountsView,
  AcquisitionMode,
  AddingView,
  AllocationId,
  AllocationPlanView,
  AllocationView,
  AppView,
  BackgroundView,
  BackupView,
  BillColumns,
  BillFileView,
  BillView,
  BulkOrderView,
  Changed,
  ChannelId,
  ChannelKind,
  ChannelsView,
  Closing,
  ConsolePage,
  ConsoleView,
  CopiedView,
  Day,
  EligibilityView,
  Environment,
  ExportFormat,
  ExportTable,
  ExportedView,
  GuardRule,
  GuardView,
  HelpPage,
  HostView,
  InboxView,
  Language,
  LoginCheck,
  LoginField,
  MemberCardView,
  ModeChangeId,
  OrderId,
  OrderNote,
  OrdersView,
  OverviewView,
  PackId,
  PacksView,
  PickedShare,
  PlansView,
  PracticeView,
  PriceListView,
  PriceRowDraft,
  ProviderId,
  ProviderView,
  ProxyChoice,
  PurchaseView,
  SavedPage,
  SendAnswer,
  SettingsView,
  ShopCategory,
  Step,
  Subject,
  SummaryView,
  SyncAllView,
  Tag,
  Theme,
  TypedFigures,
  UsageCurveView,
  UsageView,
  WaysView,
  WhatIf,
  WizardView,
} from "./bindings";

/** Carries a command to the host and brings its answer back. Rejects with an `ErrorView` and with nothing else. */
export type Call = <T>(command: string, args: Record<string, unknown>) => Promise<T>;

/** A question whose answer may be kept until one of its tags changes. */
export interface Read<T> {
  readonly queryKey: readonly [command: string, args: Record<string, unknown>];
  readonly queryFn: () => Promise<T>;
}

export interface Commands {
  /** Rejects with the start-up error when the app could not open its files. */
  getApp(): Promise<AppView>;
  setLanguage(language: Language): Promise<AppView>;
  setTheme(theme: Theme): Promise<AppView>;
  hideFigures(hidden: boolean): Promise<AppView>;
  selectAccount(account: AccountId): Promise<AppView>;
  /** Tries again after a start-up error. */
  restartApp(): Promise<void>;
  /** Called once, two frames after the first page is mounted. `at` is when anything could be read first, the saved
   *  page or this one, in milliseconds since 1970. */
  contentShown(at: number): Promise<void>;
  /** Saves the page for the next start. */
  savePage(page: SavedPage): Promise<void>;
  /** Opens one of the official pages in the system browser. */
  openHelpPage(page: HelpPage): Promise<void>;
  startAccount(environment: Environment, kind: AccountKind, name: string): Promise<WizardView>;
  getWizard(account: AccountId): Promise<WizardView>;
  /** Puts a step on screen; refused with `step_not_ready` while something before it is missing. */
  goToStep(account: AccountId, step: Step): Promise<WizardView>;
  /** Changes name, kind or environment while nothing depends on them yet (before step 4). */
  renameAccount(account: AccountId, environment: Environment, kind: AccountKind, name: string): Promise<WizardView>;
  decideEligibility(account: AccountId, subject: Subject, category: ShopCategory, verified: boolean): Promise<EligibilityView>;
  compareWays(monthlyCalls: number): Promise<WaysView>;
  chooseWay(account: AccountId, way: AcquisitionMode, monthlyCalls: number): Promise<WizardView>;
  finishWizard(account: AccountId): Promise<WizardView>;
  getSummary(account: AccountId): Promise<SummaryView>;
  /** Opens the system's print dialog, which can also save as PDF. */
  printSummary(): Promise<void>;
  checkLogin(email: string, password: string): Promise<LoginCheck>;
  suggestPassword(): Promise<string>;
  /** Into the keyring; nothing is stored when either is refused. */
  saveLogin(account: AccountId, email: string, password: string): Promise<WizardView>;
  confirmLoginSet(account: AccountId): Promise<WizardView>;
  /** The one command that lets a saved secret out of Rust, when the person asks to see it. */
  revealLogin(account: AccountId, field: LoginField): Promise<string>;
  copyLogin(account: AccountId, field: LoginField): Promise<CopiedView>;
  openConsole(account: AccountId, page: ConsolePage): Promise<void>;
  /** The open console windows, and where they really are: what a page cannot fake. */
  getConsoles(): Promise<Array<ConsoleView>>;
  /** Brings an account's console window to the front as it is. */
  showConsole(account: AccountId): Promise<void>;
  /** Types the e-mail or password into the console window's own field, on request only. */
  fillConsole(account: AccountId, field: LoginField): Promise<void>;
  confirmSignedIn(account: AccountId): Promise<WizardView>;
  connectAppSecret(account: AccountId, appId: string, appSecret: string): Promise<WizardView>;
  connectMemberCardUsage(account: AccountId, accessKey: string): Promise<WizardView>;
  connectTypedIn(account: AccountId, figures: TypedFigures): Promise<WizardView>;
  getUsage(account: AccountId): Promise<UsageView | null>;
  /** Usage over time: what was, what is likely to come, which lot paid. */
  getUsageCurve(account: AccountId): Promise<UsageCurveView>;
  syncUsage(account: AccountId): Promise<UsageView>;
  confirmUsageSeen(account: AccountId): Promise<WizardView>;
  getPacks(account: AccountId, monthlyCalls: number | null): Promise<PacksView>;
  /** The next twelve months, plan by plan, as things are or as the shop imagines them. */
  comparePlans(account: AccountId, whatIf: WhatIf): Promise<PlansView>;
  /** The newest purchase, whatever became of it. */
  getPurchase(account: AccountId): Promise<PurchaseView | null>;
  /** Takes giving up back. */
  resumePurchase(account: AccountId): Promise<PurchaseView>;
  pickPack(account: AccountId, pack: PackId): Promise<WizardView>;
  buyNothing(account: AccountId): Promise<WizardView>;
  /** Writes the intent, then opens the console's buy page; the app looks for the arrival in the background. */
  beginPurchase(account: AccountId): Promise<PurchaseView>;
  checkArrival(account: AccountId): Promise<PurchaseView>;
  giveUpPurchase(account: AccountId): Promise<WizardView>;
  getOrders(account: AccountId): Promise<OrdersView>;
  /** Writes down what the shop did in the console: asked for a refund or an invoice, or the order's number. */
  noteOrder(account: AccountId, order: OrderId, note: OrderNote): Promise<OrdersView>;
  connectMemberCard(account: AccountId, accessKey: string): Promise<MemberCardView>;
  /** As last read, from the cache. */
  getMemberCard(account: AccountId): Promise<MemberCardView>;
  /** Reads the platform again. */
  syncMemberCard(account: AccountId): Promise<MemberCardView>;
  /** Intent, call, read back; resolves only when the platform shows the new mode. */
  setMode(account: AccountId, mode: AcquisitionMode): Promise<MemberCardView>;
  /** Takes the last switch back while it is offered (`MemberCardView.undo`), the same way. */
  undoMode(account: AccountId, change: ModeChangeId): Promise<MemberCardView>;
  /** Step 10 without a change, or without a member-card platform. */
  keepMode(account: AccountId): Promise<WizardView>;
  /** What the guard does before quota ends, by the figures that are known. */
  getGuard(account: AccountId): Promise<GuardView>;
  /** Sets the guard's rule; switching it on hands the account over to it. */
  setGuard(account: AccountId, rule: GuardRule): Promise<GuardView>;
  getOverview(account: AccountId): Promise<OverviewView>;
  /** Reminds of the account on a day, instead of any day before; `null`: not any more. */
  setReminder(account: AccountId, day: Day | null): Promise<OverviewView>;
  /** All of them, worst first, archived ones last. */
  getAccounts(): Promise<AccountsView>;
  /** How far the sync of all accounts is, or how the last one went. */
  getSyncAll(): Promise<SyncAllView>;
  /** Reads all accounts again; resolves when that is done or stopped. */
  syncAll(): Promise<SyncAllView>;
  cancelSyncAll(): Promise<void>;
  /** Adds a mini-program for each line of a list; resolves when all lines are done or it was stopped. */
  addAccounts(environment: Environment, name: string, bytes: string): Promise<AddingView>;
  getAdding(): Promise<AddingView>;
  stopAdding(): Promise<void>;
  getSettings(): Promise<SettingsView>;
  setAccountName(account: AccountId, name: string): Promise<SettingsView>;
  /** Out of lists and syncs, or back into them. */
  archiveAccount(account: AccountId, archived: boolean): Promise<SettingsView>;
  /** Out of sight; nothing is destroyed before `finish_removal`, or the next start. */
  removeAccount(account: AccountId): Promise<SettingsView>;
  restoreAccount(account: AccountId): Promise<SettingsView>;
  /** Destroys what a removed account had: keyring entries, console profile, readings, records. */
  finishRemoval(account: AccountId): Promise<void>;
  /** Every host that the app may contact, with its reason. */
  getHosts(): Promise<Array<HostView>>;
  setProxy(choice: ProxyChoice): Promise<SettingsView>;
  /** What a purchase is worth to the shop, in yuan. */
  setErrandPrice(price: string): Promise<SettingsView>;
  /** How many hours lie between two readings that nobody asked for; `null`: never. */
  setReadEvery(hours: number | null): Promise<SettingsView>;
  /** Days of cover below which an alert is raised, and the hours in which the system shows nothing. */
  setAlerting(warnDays: number, quietFrom: number | null, quietTo: number | null): Promise<SettingsView>;
  /** Every alert that was raised, newest first. */
  getInbox(): Promise<InboxView>;
  /** Marks one alert as read; `null`: all of them. */
  markInboxRead(id: string | null): Promise<InboxView>;
  getChannels(): Promise<ChannelsView>;
  /** The product of an address that is being typed; `null` where it does not show. */
  recogniseChannel(address: string): Promise<ChannelKind | null>;
  /** The address goes into the keyring. Nothing is sent. */
  addChannel(kind: ChannelKind, label: string, address: string, signing: string | null): Promise<ChannelsView>;
  /** What is `null` stays as it is; a new address comes with its own signing key, or without one. */
  changeChannel(channel: ChannelId, kind: ChannelKind, label: string, address: string | null, signing: string | null): Promise<ChannelsView>;
  switchChannel(channel: ChannelId, on: boolean): Promise<ChannelsView>;
  /** The address leaves the keyring. */
  removeChannel(channel: ChannelId): Promise<ChannelsView>;
  /** Sends a test message; rejects with why it did not arrive. */
  testChannel(channel: ChannelId): Promise<ChannelsView>;
  /** Also where the app could not open its files. */
  getBackups(): Promise<Array<BackupView>>;
  /** The ledger of now becomes a backup itself. The app starts again; one that could not start is to try again. */
  restoreBackup(name: string): Promise<void>;
  /** What the app does while nobody looks. */
  getBackground(): Promise<BackgroundView>;
  setClosing(closing: Closing): Promise<BackgroundView>;
  /** Whether the system starts the app when the person logs in. */
  setAtLogIn(on: boolean): Promise<BackgroundView>;
  /** The answer to the question that closing the main window asks: remembered and done. `null`: the window stays. */
  answerClosing(closing: Closing | null): Promise<void>;
  /** The list of a day, or of today. */
  getPriceList(day: Day | null): Promise<PriceListView>;
  setPriceRow(draft: PriceRowDraft): Promise<PriceListView>;
  removePriceRow(id: PackId, from: Day): Promise<PriceListView>;
  importPriceList(name: string, bytes: string): Promise<PriceListView>;
  /** 0 is the built-in list alone. */
  restorePriceList(version: number): Promise<PriceListView>;
  /** Into the shop's downloads, never over a file that is there. */
  exportTable(format: ExportFormat, table: ExportTable): Promise<ExportedView>;
  /** A picture that the page took of itself. */
  exportPicture(name: string, png: string): Promise<ExportedView>;
  /** A text for a person to read. */
  exportText(name: string, text: string): Promise<ExportedView>;
  /** A text that is no secret into the clipboard. */
  copyText(text: string): Promise<void>;
  /** Opens the folder with the file in it; only files that were exported can be asked for. */
  showExport(name: string): Promise<void>;
  /** The file is held in memory until the next one, at most for ten minutes after it was used. */
  readBillFile(account: AccountId, name: string, bytes: string): Promise<BillFileView>;
  compareBillFile(account: AccountId, columns: BillColumns): Promise<BillView>;
  /** Asks the member-card platform for the records. */
  compareBillPlatform(account: AccountId): Promise<BillView>;
  /** Checks AppID and AppSecret by reading the orders once; the AppSecret goes into the keyring. */
  connectProvider(environment: Environment, name: string, appId: string, appSecret: string): Promise<ProviderView>;
  getProviders(): Promise<Array<ProviderView>>;
  /** The AppSecret leaves the keyring; what was handed on stays on record. */
  removeProvider(provider: ProviderId): Promise<Array<ProviderView>>;
  /** Asks WeChat now, so no change of ours asks again. */
  getBulkOrders(provider: ProviderId): Promise<Array<BulkOrderView>>;
  /** Who should get how many calls, so that nobody runs out within that number of days; without one, within the app's
   *  own. Asks WeChat for order and packs. */
  planAllocations(provider: ProviderId, order: OrderId, coverDays: number | null): Promise<AllocationPlanView>;
  /** Writes everything down, then sends it in the background; each keeps its request id, whatever happens. The page
   *  names the batch: sent once more, it is the same. Without `again` the answer asks before a receiver that is being
   *  served gets more. */
  sendAllocations(provider: ProviderId, order: OrderId, picks: Array<PickedShare>, batch: string, again: boolean): Promise<SendAnswer>;
  /** Asks again now for what is not settled, under the same request ids; what was never sent is sent. */
  retryAllocations(provider: ProviderId): Promise<Array<AllocationView>>;
  getAllocations(provider: ProviderId): Promise<Array<AllocationView>>;
  cancelAllocation(id: AllocationId): Promise<AllocationView>;
  openPracticePhone(): Promise<void>;
  openPracticeCardOffice(account: AccountId): Promise<void>;
  openPracticeClaim(account: AccountId): Promise<void>;
  openPracticeProvider(): Promise<void>;
  /** Practice's time is part of nearly every answer: all are out of date. */
  advancePracticeClock(days: number): Promise<PracticeView>;
}

export interface Host extends Commands {
  /** Hears what changed in the background; returns the way to stop listening. */
  onChanged(listener: (changed: Changed) => void): Promise<() => void>;
}

export const createCommands = (call: Call): Commands => ({
  getApp: () => call("get_app", {}),
  setLanguage: (language) => call("set_language", { language }),
  setTheme: (theme) => call("set_theme", { theme }),
  hideFigures: (hidden) => call("hide_figures", { hidden }),
  selectAccount: (account) => call("select_account", { account }),
  restartApp: () => call("restart_app", {}),
  contentShown: (at) => call("content_shown", { at }),
  savePage: (page) => call("save_page", { page }),
  openHelpPage: (page) => call("open_help_page", { page }),
  startAccount: (environment, kind, name) => call("start_account", { environment, kind, name }),
  getWizard: (account) => call("get_wizard", { account }),
  goToStep: (account, step) => call("go_to_step", { account, step }),
  renameAccount: (account, environment, kind, name) => call("rename_account", { account, environment, kind, name }),
  decideEligibility: (account, subject, category, verified) => call("decide_eligibility", { account, subject, category, verified }),
  compareWays: (monthlyCalls) => call("compare_ways", { monthlyCalls }),
  chooseWay: (account, way, monthlyCalls) => call("choose_way", { account, way, monthlyCalls }),
  finishWizard: (account) => call("finish_wizard", { account }),
  getSummary: (account) => call("get_summary", { account }),
  printSummary: () => call("print_summary", {}),
  checkLogin: (email, password) => call("check_login", { email, password }),
  suggestPassword: () => call("suggest_password", {}),
  saveLogin: (account, email, password) => call("save_login", { account, email, password }),
  confirmLoginSet: (account) => call("confirm_login_set", { account }),
  revealLogin: (account, field) => call("reveal_login", { account, field }),
  copyLogin: (account, field) => call("copy_login", { account, field }),
  openConsole: (account, page) => call("open_console", { account, page }),
  getConsoles: () => call("get_consoles", {}),
  showConsole: (account) => call("show_console", { account }),
  fillConsole: (account, field) => call("fill_console", { account, field }),
  confirmSignedIn: (account) => call("confirm_signed_in", { account }),
  connectAppSecret: (account, appId, appSecret) => call("connect_app_secret", { account, appId, appSecret }),
  connectMemberCardUsage: (account, accessKey) => call("connect_member_card_usage", { account, accessKey }),
  connectTypedIn: (account, figures) => call("connect_typed_in", { account, figures }),
  getUsage: (account) => call("get_usage", { account }),
  getUsageCurve: (account) => call("get_usage_curve", { account }),
  syncUsage: (account) => call("sync_usage", { account }),
  confirmUsageSeen: (account) => call("confirm_usage_seen", { account }),
  getPacks: (account, monthlyCalls) => call("get_packs", { account, monthlyCalls }),
  comparePlans: (account, whatIf) => call("compare_plans", { account, whatIf }),
  getPurchase: (account) => call("get_purchase", { account }),
  resumePurchase: (account) => call("resume_purchase", { account }),
  pickPack: (account, pack) => call("pick_pack", { account, pack }),
  buyNothing: (account) => call("buy_nothing", { account }),
  beginPurchase: (account) => call("begin_purchase", { account }),
  checkArrival: (account) => call("check_arrival", { account }),
  giveUpPurchase: (account) => call("give_up_purchase", { account }),
  getOrders: (account) => call("get_orders", { account }),
  noteOrder: (account, order, note) => call("note_order", { account, order, note }),
  connectMemberCard: (account, accessKey) => call("connect_member_card", { account, accessKey }),
  getMemberCard: (account) => call("get_member_card", { account }),
  syncMemberCard: (account) => call("sync_member_card", { account }),
  setMode: (account, mode) => call("set_mode", { account, mode }),
  undoMode: (account, change) => call("undo_mode", { account, change }),
  keepMode: (account) => call("keep_mode", { account }),
  getGuard: (account) => call("get_guard", { account }),
  setGuard: (account, rule) => call("set_guard", { account, rule }),
  getOverview: (account) => call("get_overview", { account }),
  setReminder: (account, day) => call("set_reminder", { account, day }),
  getAccounts: () => call("get_accounts", {}),
  getSyncAll: () => call("get_sync_all", {}),
  syncAll: () => call("sync_all", {}),
  cancelSyncAll: () => call("cancel_sync_all", {}),
  addAccounts: (environment, name, bytes) => call("add_accounts", { environment, name, bytes }),
  getAdding: () => call("get_adding", {}),
  stopAdding: () => call("stop_adding", {}),
  getSettings: () => call("get_settings", {}),
  setAccountName: (account, name) => call("set_account_name", { account, name }),
  archiveAccount: (account, archived) => call("archive_account", { account, archived }),
  removeAccount: (account) => call("remove_account", { account }),
  restoreAccount: (account) => call("restore_account", { account }),
  finishRemoval: (account) => call("finish_removal", { account }),
  getHosts: () => call("get_hosts", {}),
  setProxy: (choice) => call("set_proxy", { choice }),
  setErrandPrice: (price) => call("set_errand_price", { price }),
  setReadEvery: (hours) => call("set_read_every", { hours }),
  setAlerting: (warnDays, quietFrom, quietTo) => call("set_alerting", { warnDays, quietFrom, quietTo }),
  getInbox: () => call("get_inbox", {}),
  markInboxRead: (id) => call("mark_inbox_read", { id }),
  getChannels: () => call("get_channels", {}),
  recogniseChannel: (address) => call("recognise_channel", { address }),
  addChannel: (kind, label, address, signing) => call("add_channel", { kind, label, address, signing }),
  changeChannel: (channel, kind, label, address, signing) => call("change_channel", { channel, kind, label, address, signing }),
  switchChannel: (channel, on) => call("switch_channel", { channel, on }),
  removeChannel: (channel) => call("remove_channel", { channel }),
  testChannel: (channel) => call("test_channel", { channel }),
  getBackups: () => call("get_backups", {}),
  restoreBackup: (name) => call("restore_backup", { name }),
  getBackground: () => call("get_background", {}),
  setClosing: (closing) => call("set_closing", { closing }),
  setAtLogIn: (on) => call("set_at_log_in", { on }),
  answerClosing: (closing) => call("answer_closing", { closing }),
  getPriceList: (day) => call("get_price_list", { day }),
  setPriceRow: (draft) => call("set_price_row", { draft }),
  removePriceRow: (id, from) => call("remove_price_row", { id, from }),
  importPriceList: (name, bytes) => call("import_price_list", { name, bytes }),
  restorePriceList: (version) => call("restore_price_list", { version }),
  exportTable: (format, table) => call("export_table", { format, table }),
  exportPicture: (name, png) => call("export_picture", { name, png }),
  exportText: (name, text) => call("export_text", { name, text }),
  copyText: (text) => call("copy_text", { text }),
  showExport: (name) => call("show_export", { name }),
  readBillFile: (account, name, bytes) => call("read_bill_file", { account, name, bytes }),
  compareBillFile: (account, columns) => call("compare_bill_file", { account, columns }),
  compareBillPlatform: (account) => call("compare_bill_platform", { account }),
  connectProvider: (environment, name, appId, appSecret) => call("connect_provider", { environment, name, appId, appSecret }),
  getProviders: () => call("get_providers", {}),
  removeProvider: (provider) => call("remove_provider", { provider }),
  getBulkOrders: (provider) => call("get_bulk_orders", { provider }),
  planAllocations: (provider, order, coverDays) => call("plan_allocations", { provider, order, coverDays }),
  sendAllocations: (provider, order, picks, batch, again) => call("send_allocations", { provider, order, picks, batch, again }),
  retryAllocations: (provider) => call("retry_allocations", { provider }),
  getAllocations: (provider) => call("get_allocations", { provider }),
  cancelAllocation: (id) => call("cancel_allocation", { id }),
  openPracticePhone: () => call("open_practice_phone", {}),
  openPracticeCardOffice: (account) => call("open_practice_card_office", { account }),
  openPracticeClaim: (account) => call("open_practice_claim", { account }),
  openPracticeProvider: () => call("open_practice_provider", {}),
  advancePracticeClock: (days) => call("advance_practice_clock", { days }),
});

export const reads = (host: Commands) => ({
  getApp: (): Read<AppView> => ({ queryKey: ["get_app", {}], queryFn: () => host.getApp() }),
  getWizard: (account: AccountId): Read<WizardView> => ({ queryKey: ["get_wizard", { account }], queryFn: () => host.getWizard(account) }),
  compareWays: (monthlyCalls: number): Read<WaysView> => ({ queryKey: ["compare_ways", { monthlyCalls }], queryFn: () => host.compareWays(monthlyCalls) }),
  getSummary: (account: AccountId): Read<SummaryView> => ({ queryKey: ["get_summary", { account }], queryFn: () => host.getSummary(account) }),
  getConsoles: (): Read<Array<ConsoleView>> => ({ queryKey: ["get_consoles", {}], queryFn: () => host.getConsoles() }),
  getUsage: (account: AccountId): Read<UsageView | null> => ({ queryKey: ["get_usage", { account }], queryFn: () => host.getUsage(account) }),
  getUsageCurve: (account: AccountId): Read<UsageCurveView> => ({ queryKey: ["get_usage_curve", { account }], queryFn: () => host.getUsageCurve(account) }),
  getPacks: (account: AccountId, monthlyCalls: number | null): Read<PacksView> => ({ queryKey: ["get_packs", { account, monthlyCalls }], queryFn: () => host.getPacks(account, monthlyCalls) }),
  comparePlans: (account: AccountId, whatIf: WhatIf): Read<PlansView> => ({ queryKey: ["compare_plans", { account, whatIf }], queryFn: () => host.comparePlans(account, whatIf) }),
  getPurchase: (account: AccountId): Read<PurchaseView | null> => ({ queryKey: ["get_purchase", { account }], queryFn: () => host.getPurchase(account) }),
  getOrders: (account: AccountId): Read<OrdersView> => ({ queryKey: ["get_orders", { account }], queryFn: () => host.getOrders(account) }),
  getMemberCard: (account: AccountId): Read<MemberCardView> => ({ queryKey: ["get_member_card", { account }], queryFn: () => host.getMemberCard(account) }),
  getGuard: (account: AccountId): Read<GuardView> => ({ queryKey: ["get_guard", { account }], queryFn: () => host.getGuard(account) }),
  getOverview: (account: AccountId): Read<OverviewView> => ({ queryKey: ["get_overview", { account }], queryFn: () => host.getOverview(account) }),
  getAccounts: (): Read<AccountsView> => ({ queryKey: ["get_accounts", {}], queryFn: () => host.getAccounts() }),
  getSyncAll: (): Read<SyncAllView> => ({ queryKey: ["get_sync_all", {}], queryFn: () => host.getSyncAll() }),
  getAdding: (): Read<AddingView> => ({ queryKey: ["get_adding", {}], queryFn: () => host.getAdding() }),
  getSettings: (): Read<SettingsView> => ({ queryKey: ["get_settings", {}], queryFn: () => host.getSettings() }),
  getHosts: (): Read<Array<HostView>> => ({ queryKey: ["get_hosts", {}], queryFn: () => host.getHosts() }),
  getInbox: (): Read<InboxView> => ({ queryKey: ["get_inbox", {}], queryFn: () => host.getInbox() }),
  getChannels: (): Read<ChannelsView> => ({ queryKey: ["get_channels", {}], queryFn: () => host.getChannels() }),
  getBackups: (): Read<Array<BackupView>> => ({ queryKey: ["get_backups", {}], queryFn: () => host.getBackups() }),
  getBackground: (): Read<BackgroundView> => ({ queryKey: ["get_background", {}], queryFn: () => host.getBackground() }),
  getPriceList: (day: Day | null): Read<PriceListView> => ({ queryKey: ["get_price_list", { day }], queryFn: () => host.getPriceList(day) }),
  getProviders: (): Read<Array<ProviderView>> => ({ queryKey: ["get_providers", {}], queryFn: () => host.getProviders() }),
  getBulkOrders: (provider: ProviderId): Read<Array<BulkOrderView>> => ({ queryKey: ["get_bulk_orders", { provider }], queryFn: () => host.getBulkOrders(provider) }),
  planAllocations: (provider: ProviderId, order: OrderId, coverDays: number | null): Read<AllocationPlanView> => ({ queryKey: ["plan_allocations", { provider, order, coverDays }], queryFn: () => host.planAllocations(provider, order, coverDays) }),
  getAllocations: (provider: ProviderId): Read<Array<AllocationView>> => ({ queryKey: ["get_allocations", { provider }], queryFn: () => host.getAllocations(provider) }),
});

/** The tags whose change makes the answer of a read out of date. */
export const DEPENDS: Readonly<Record<string, readonly Tag[]>> = {
  get_app: ["app", "practice", "inbox", "usage"],
  get_wizard: ["wizard", "purchase"],
  compare_ways: ["price_list"],
  get_summary: ["wizard", "purchase"],
  get_consoles: ["console"],
  get_usage: ["usage", "purchase", "practice"],
  get_usage_curve: ["usage", "purchase", "practice"],
  get_packs: ["usage", "purchase", "practice"],
  compare_plans: ["usage", "purchase", "practice"],
  get_purchase: ["purchase", "practice"],
  get_orders: ["purchase", "usage", "practice"],
  get_member_card: ["member_card", "practice"],
  get_guard: ["member_card", "usage", "practice"],
  get_overview: ["wizard", "usage", "purchase", "member_card", "practice", "reminder"],
  get_accounts: ["app", "wizard", "usage", "member_card", "practice", "outlooks"],
  get_sync_all: ["sync"],
  get_adding: ["adding"],
  get_settings: ["app", "wizard", "member_card"],
  get_hosts: ["app", "channels"],
  get_inbox: ["inbox", "app"],
  get_channels: ["channels", "inbox"],
  get_backups: ["backups"],
  get_background: ["app"],
  get_price_list: ["price_list"],
  get_providers: ["bulk"],
  get_bulk_orders: [],
  plan_allocations: [],
  get_allocations: ["bulk"],
};

/** The tags that a command changes, also when it is refused. */
export const CHANGES: Readonly<Record<string, readonly Tag[]>> = {
  set_language: ["app"],
  set_theme: ["app"],
  hide_figures: ["app"],
  select_account: ["app"],
  start_account: ["app", "wizard"],
  go_to_step: ["app", "wizard"],
  rename_account: ["app", "wizard", "usage"],
  decide_eligibility: ["wizard"],
  choose_way: ["wizard"],
  finish_wizard: ["app", "wizard"],
  save_login: ["wizard"],
  confirm_login_set: ["wizard"],
  open_console: ["console"],
  confirm_signed_in: ["wizard"],
  connect_app_secret: ["usage", "wizard", "purchase"],
  connect_member_card_usage: ["usage", "wizard", "purchase", "member_card"],
  connect_typed_in: ["usage", "wizard", "purchase"],
  sync_usage: ["usage"],
  confirm_usage_seen: ["wizard"],
  resume_purchase: ["purchase"],
  pick_pack: ["purchase"],
  buy_nothing: ["purchase"],
  begin_purchase: ["purchase", "console"],
  check_arrival: ["purchase", "usage"],
  give_up_purchase: ["purchase"],
  note_order: ["purchase"],
  connect_member_card: ["member_card", "wizard"],
  sync_member_card: ["member_card", "wizard"],
  set_mode: ["member_card", "wizard"],
  undo_mode: ["member_card", "wizard"],
  keep_mode: ["member_card", "wizard"],
  set_guard: ["member_card"],
  set_reminder: ["reminder"],
  sync_all: ["usage", "sync"],
  cancel_sync_all: ["sync"],
  add_accounts: ["app", "wizard", "usage", "adding"],
  stop_adding: ["adding"],
  set_account_name: ["app", "wizard"],
  archive_account: ["app", "wizard"],
  remove_account: ["app", "wizard"],
  restore_account: ["app", "wizard"],
  finish_removal: ["app", "wizard", "console"],
  set_proxy: ["app"],
  set_errand_price: ["app", "usage"],
  set_read_every: ["app"],
  set_alerting: ["app", "inbox"],
  mark_inbox_read: ["inbox"],
  add_channel: ["channels"],
  change_channel: ["channels"],
  switch_channel: ["channels"],
  remove_channel: ["channels"],
  test_channel: ["channels"],
  restore_backup: ["backups"],
  set_closing: ["app"],
  set_at_log_in: ["app"],
  answer_closing: ["app"],
  set_price_row: ["price_list", "usage"],
  remove_price_row: ["price_list", "usage"],
  import_price_list: ["price_list", "usage"],
  restore_price_list: ["price_list", "usage"],
  connect_provider: ["bulk"],
  remove_provider: ["bulk"],
  send_allocations: ["bulk"],
  retry_allocations: ["bulk"],
  cancel_allocation: ["bulk"],
};

/** Commands that may take longer than the UI waits for others. */
export const LONG: readonly string[] = ["sync_all", "add_accounts"];
