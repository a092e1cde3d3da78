// Generated from crates/companion/src/views by `cargo xtask bindings`. Do not edit.

export type Environment = "practice" | "live";
export type Language = "zh" | "en";
export type Theme = "system" | "light" | "dark";
export type ProxyChoice = { "kind": "system" } | { "kind": "direct" } | { "kind": "address", "address": string };
export type AccountView = { id: string, name: string, environment: Environment, 
/**
 * The wizard's furthest open step; `None` once the wizard is done.
 */
wizard_at: Step | null, };
export type AppView = { version: string, language: Language, theme: Theme, accounts: Array<AccountView>, 
/**
 * The account the pages speak of.
 */
active: string | null, 
/**
 * Present when the embedded practice platform runs.
 */
practice: PracticeView | null, 
/**
 * The live member-card platform's address is set in the environment.
 */
live_member_card: boolean, };
export type PracticeView = { 
/**
 * Names of the mini-programs that exist in practice, the first being the default.
 */
mini_programs: Array<string>, 
/**
 * The practice clock, RFC 3339.
 */
now: string, };
export type Origin = "platform" | "derived" | "typed_in" | "estimated";
export type Reading<T> = { value: T, origin: Origin, 
/**
 * RFC 3339, Beijing time.
 */
read_at: string, };
export type Retry = { "kind": "never" } | { "kind": "now" } | { "kind": "later", "at": string };
export type ErrorView = { code: ErrorCode, 
/**
 * Values for the text, by name; never secrets.
 */
params: { [key in string]: string }, retry: Retry, 
/**
 * Short reference for support; the same stands in the log.
 */
ref: string, };
export type ErrorCode = "already_running" | "database_newer" | "database_damaged" | "disk_read_only" | "disk_full" | "disk_failed" | "address_invalid" | "practice_port_taken" | "practice_failed" | "keyring_absent" | "keyring_locked" | "keyring_failed" | "clipboard_failed" | "window_failed" | "unreachable" | "timeout" | "http_status" | "not_json" | "truncated" | "too_large" | "unexpected_shape" | "tls_failed" | "wechat_busy" | "app_id_wrong" | "app_secret_wrong" | "app_secret_frozen" | "ip_not_allowed" | "confirmation_pending" | "ip_refused" | "token_stale" | "rate_minute" | "rate_day" | "not_permitted" | "account_frozen" | "bad_request" | "no_usage_yet" | "component_token_stale" | "not_authorised" | "component_ip_not_allowed" | "no_relationship" | "order_wrong" | "allocation_cancelled" | "pack_not_allocatable" | "allocation_refused" | "call_unknown" | "unknown_errcode" | "member_card_key_wrong" | "member_card_not_connected" | "member_card_not_offered" | "mode_not_confirmed" | "not_found" | "email_invalid" | "password_weak" | "name_empty" | "app_id_invalid" | "app_secret_invalid" | "figures_invalid" | "proxy_invalid" | "authorisation_invalid" | "allocation_invalid" | "pack_unknown" | "purchase_open" | "step_not_ready" | "login_missing" | "internal";
export type Tag = "app" | "wizard" | "usage" | "purchase" | "member_card" | "practice" | "sync" | "bulk";
export type Changed = { account: string | null, tags: Array<Tag>, };
export type SummaryView = { name: string, environment: Environment, finished_at: string, app_id: string | null, mode: AcquisitionMode | null, remaining: number | null, bought: PurchaseView | null, };
export type Step = "welcome" | "eligibility" | "way" | "login" | "console" | "connect" | "usage" | "pack" | "payment" | "mode" | "done";
export type StepState = "done" | "open" | "later" | "skipped";
export type StepView = { step: Step, state: StepState, 
/**
 * Minutes a newcomer needs, a rule of thumb.
 */
minutes: number, };
export type WizardView = { account: string, name: string, environment: Environment, 
/**
 * The step on screen; survives quitting and crashing.
 */
at: Step, steps: Array<StepView>, eligibility: EligibilityView | null, way: WayChosen | null, 
/**
 * E-mail and password are in the keyring.
 */
login_saved: boolean, 
/**
 * The shop said that 小程序助手 has saved them.
 */
login_confirmed: boolean, 
/**
 * RFC 3339; the console window reached a signed-in page, or the shop said so.
 */
signed_in_at: string | null, connection: ConnectionView | null, usage_seen: boolean, purchase: PurchaseDecision | null, mode: AcquisitionMode | null, finished_at: string | null, };
export type Subject = "government" | "non_profit" | "public_institution" | "enterprise" | "individual_business" | "media" | "other_organisation" | "individual";
export type ShopCategory = "government_services" | "public_medical" | "formal_education" | "retail" | "catering" | "other";
export type FreeRuleName = "government_or_non_profit" | "public_institution_government_services" | "medical_or_education";
export type NotEligibleReason = "individual" | "not_verified";
export type Decision = { "kind": "free", rule: FreeRuleName, needs_check: boolean, } | { "kind": "pays", unit_price: string, charging_since: string, } | { "kind": "not_eligible", reason: NotEligibleReason, };
export type EligibilityView = { subject: Subject, category: ShopCategory, verified: boolean, decision: Decision, };
export type WaysView = { monthly_calls: number, 
/**
 * Yuan, two decimals: calls of a year × unit price.
 */
authorised_year: string, authorised_unit: string, 
/**
 * What is paid in the first year once the trial quota is used up first.
 */
authorised_first_year: string, 
/**
 * Whole months the trial quota alone lasts; `None`: longer than ten years.
 */
trial_months: number | null, trial_calls: number, manual_year: string, };
export type WayChosen = { way: AcquisitionMode, monthly_calls: number, };
export type ConnectionView = { source: UsageSource, app_id: string | null, 
/**
 * RFC 3339.
 */
connected_at: string, };
export type PurchaseDecision = { "kind": "nothing", look_again: string | null, } | { "kind": "pack", purchase: PurchaseView, };
export type EmailProblem = "empty" | "not_an_address" | "too_long";
export type PasswordProblem = "too_short" | "one_kind_only" | "forbidden_character" | "contains_email" | "guessable";
export type LoginCheck = { email: EmailProblem | null, password: Array<PasswordProblem>, 
/**
 * 0 (guessed at once) to 4 (very strong).
 */
strength: number, };
export type LoginField = "email" | "password";
export type CopiedView = { 
/**
 * Seconds until the clipboard is cleared.
 */
clears_in_seconds: number, };
export type ConsolePage = "charge" | "dev_settings";
export type UsageSource = "app_secret" | "authorisation" | "member_card" | "typed_in";
export type LotSource = "trial" | "paid" | "allocated" | "other";
export type LotState = "in_effect" | "not_yet" | "spent";
export type LotView = { 
/**
 * WeChat's pkgId; `trial` for the trial quota.
 */
id: string, source: LotSource, state: LotState, total: number, used: number, remaining: number, 
/**
 * RFC 3339; `None` for the trial quota.
 */
effective_at: string | null, expires_at: string | null, 
/**
 * Calls that will expire unused at the present pace: an estimate. `None`: not known.
 */
wasted: number | null, };
export type MonthlyAverage = { calls: number, 
/**
 * WeChat says only "`calls` or fewer".
 */
at_most: boolean, };
export type RunOutView = { earliest: string | null, likely: string | null, latest: string | null, };
export type UsageView = { source: UsageSource, used: Reading<number>, remaining: Reading<number>, total: Reading<number>, average: Reading<MonthlyAverage> | null, lots: Array<LotView>, run_out: Reading<RunOutView> | null, sync: SyncView, };
export type SyncView = { last_tried: string | null, last_ok: string | null, running: boolean, error: ErrorView | null, 
/**
 * The figures are older than the sync interval allows.
 */
stale: boolean, };
export type SyncAllView = { running: boolean, 
/**
 * Accounts to read.
 */
total: number, 
/**
 * Accounts read, failed ones included.
 */
done: number, 
/**
 * Accounts whose reading failed; the reason is with each.
 */
failed: number, 
/**
 * Accounts left out because their platform said when it wants to be asked again.
 */
held_back: number, 
/**
 * It was stopped before its end.
 */
cancelled: boolean, };
export type TypedFigures = { used: number, remaining: number, total: number, };
export type PackView = { id: string, calls: number, days: number, 
/**
 * Yuan, two decimals.
 */
price: string, list_price: string, 
/**
 * Yuan a call, up to four decimals.
 */
price_per_call: string, 
/**
 * Where the row was seen, and when.
 */
source: string, as_of: string, 
/**
 * The row is our assumption, not seen on a screen.
 */
assumed: boolean, 
/**
 * Yuan a year at the shop's volume, waste included: an estimate.
 */
year_cost: string, 
/**
 * Calls that expire unused within a year at the shop's volume: an estimate.
 */
year_wasted: number, 
/**
 * Purchases a year at the shop's volume.
 */
year_purchases: number, 
/**
 * The id of a pack that is never dearer and never more bother.
 */
beaten_by: string | null, };
export type PacksView = { 
/**
 * Calls a month the advice is for.
 */
monthly_calls: number, 
/**
 * The volume is WeChat's "50 or fewer" or a typed guess, not a reading.
 */
monthly_is_estimate: boolean, remaining: number, advice: Advice, packs: Array<PackView>, };
export type Advice = { "kind": "buy_nothing", look_again: string, lasts_until: string | null, } | { "kind": "buy", pack: string, 
/**
 * Yuan over the next twelve months.
 */
year_cost: string, year_wasted: number, year_purchases: number, runner_up: RunnerUp | null, };
export type RunnerUp = { pack: string, costs_more: string, };
export type PurchaseState = "picked" | "waiting" | "arrived" | "arrived_different" | "given_up";
export type PurchaseView = { id: string, pack: string, calls: number, days: number, price: string, state: PurchaseState, picked_at: string, handed_over_at: string | null, arrived_at: string | null, 
/**
 * WeChat's pkgId of the lot that arrived.
 */
lot: string | null, 
/**
 * Calls of the lot that arrived, if it differs from the picked pack.
 */
arrived_calls: number | null, effective_at: string | null, expires_at: string | null, 
/**
 * Seven days from payment; `None` before arrival.
 */
refundable_until: string | null, 
/**
 * When the usage interface was last asked while waiting.
 */
last_checked: string | null, };
export type AcquisitionMode = "authorized" | "manual";
export type ChangedBy = "person" | "elsewhere";
export type ChangeState = "open" | "confirmed" | "failed";
export type ModeChangeView = { id: string, from: AcquisitionMode | null, to: AcquisitionMode, by: ChangedBy, state: ChangeState, asked_at: string, confirmed_at: string | null, };
export type MemberCardView = { 
/**
 * An access key is in the keyring and the platform's address is known.
 */
connected: boolean, mode: Reading<AcquisitionMode> | null, quota: Reading<number> | null, issued: Reading<number> | null, remaining: Reading<number> | null, sms_balance: Reading<number> | null, 
/**
 * Newest first.
 */
history: Array<ModeChangeView>, };
export type OverviewView = { account: string, name: string, environment: Environment, 
/**
 * The account pays nothing by a free rule.
 */
free: boolean, 
/**
 * `None` until usage was read or typed in once.
 */
usage: UsageView | null, mode: Reading<AcquisitionMode> | null, 
/**
 * The lot in effect or not yet in effect that expires first.
 */
next_expiry: LotView | null, advice: Advice | null, 
/**
 * The purchase that is still waiting, or the newest one.
 */
purchase: PurchaseView | null, alerts: Array<AlertView>, };
export type AlertView = { "kind": "quota_low", percent: number, remaining: number, } | { "kind": "expiring_unused", lot: string, days: number, calls: number, } | { "kind": "refund_window", purchase: string, until: string, } | { "kind": "purchase_waiting", purchase: string, since: string, };
export type ApiQuotaView = { daily: number, used: number, remaining: number, read_at: string, };
export type CallReportView = { 
/**
 * WeChat's reference of the call.
 */
rid: string, called_at: string, took_millis: number | null, 
/**
 * The interface that was called.
 */
path: string | null, errcode: number | null, client_ip: string | null, };
export type ProviderView = { id: string, name: string, environment: Environment, app_id: string, connected_at: string, };
export type BulkOrderView = { id: string, 
/**
 * The wholesale pack's name.
 */
name: string | null, 
/**
 * Yuan, two decimals.
 */
price: string | null, 
/**
 * `None` until it is paid.
 */
paid_at: string | null, valid_until: string | null, 
/**
 * Calls of the pool used and in all; `None` until it is paid.
 */
used: number | null, total: number | null, };
export type ConvertiblePackView = { sku: string, name: string | null, calls: number | null, days: number | null, };
export type AllocationState = "open" | "accepted" | "done" | "cancelling" | "cancelled" | "failed";
export type AllocationView = { id: string, order: string, sku: string, receiver_app_id: string, state: AllocationState, asked_at: string, 
/**
 * Why it failed, or why it was not cancelled.
 */
code: ErrorCode | null, };

export const ERROR_CODES = ["already_running", "database_newer", "database_damaged", "disk_read_only", "disk_full", "disk_failed", "address_invalid", "practice_port_taken", "practice_failed", "keyring_absent", "keyring_locked", "keyring_failed", "clipboard_failed", "window_failed", "unreachable", "timeout", "http_status", "not_json", "truncated", "too_large", "unexpected_shape", "tls_failed", "wechat_busy", "app_id_wrong", "app_secret_wrong", "app_secret_frozen", "ip_not_allowed", "confirmation_pending", "ip_refused", "token_stale", "rate_minute", "rate_day", "not_permitted", "account_frozen", "bad_request", "no_usage_yet", "component_token_stale", "not_authorised", "component_ip_not_allowed", "no_relationship", "order_wrong", "allocation_cancelled", "pack_not_allocatable", "allocation_refused", "call_unknown", "unknown_errcode", "member_card_key_wrong", "member_card_not_connected", "member_card_not_offered", "mode_not_confirmed", "not_found", "email_invalid", "password_weak", "name_empty", "app_id_invalid", "app_secret_invalid", "figures_invalid", "proxy_invalid", "authorisation_invalid", "allocation_invalid", "pack_unknown", "purchase_open", "step_not_ready", "login_missing", "internal"] as const;
export const STEPS = ["welcome", "eligibility", "way", "login", "console", "connect", "usage", "pack", "payment", "mode", "done"] as const;
