// Generated from crates/companion/src/api by `cargo xtask bindings`. Do not edit.

export type AccountId = string & { readonly __is: "AccountId" };
export type ProviderId = string & { readonly __is: "ProviderId" };
export type OrderId = string & { readonly __is: "OrderId" };
export type PackId = string & { readonly __is: "PackId" };
export type AllocationId = string & { readonly __is: "AllocationId" };
export type ModeChangeId = string & { readonly __is: "ModeChangeId" };
export type ChannelId = string & { readonly __is: "ChannelId" };
export type Instant = string & { readonly __is: "Instant" };
export type Day = string & { readonly __is: "Day" };
export type Money = string & { readonly __is: "Money" };
export type PricePerCall = string & { readonly __is: "PricePerCall" };

export type Environment = "practice" | "live";
export type AccountKind = "mini_program" | "mini_game";
export type Language = "zh" | "en";
export type Theme = "system" | "light" | "dark";
export type ProxyChoice = { "kind": "system" } | { "kind": "direct" } | { "kind": "address", "address": string };
export type AccountView = { id: AccountId, name: string, kind: AccountKind, environment: Environment, 
/**
 * The wizard's furthest open step; `None` once the wizard is done.
 */
wizard_at: Step | null, };
export type AppView = { version: string, language: Language, theme: Theme, 
/**
 * Numbers of calls and amounts are not to be seen, as on a screen that customers see.
 */
figures_hidden: boolean, accounts: Array<AccountView>, 
/**
 * The account the pages speak of.
 */
active: AccountId | null, 
/**
 * Alerts that were raised and not read.
 */
unread: number, 
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
 * The same of the mini-games.
 */
mini_games: Array<string>, 
/**
 * The practice clock.
 */
now: Instant, };
export type Origin = "platform" | "derived" | "typed_in" | "estimated";
export type Reading<T> = { value: T, origin: Origin, 
/**
 * RFC 3339, Beijing time.
 */
read_at: Instant, };
export type Retry = { "kind": "never" } | { "kind": "now" } | { "kind": "later", "at": Instant };
export type ErrorView = { code: ErrorCode, 
/**
 * Values for the text, by name; never secrets.
 */
params: { [key in string]: string }, retry: Retry, 
/**
 * Short reference for support; the same stands in the log.
 */
ref: string, };
export type ErrorCode = "already_running" | "database_newer" | "database_damaged" | "database_missing" | "backup_gone" | "backup_damaged" | "backup_newer" | "stored_word_unknown" | "disk_read_only" | "disk_full" | "disk_failed" | "address_invalid" | "practice_port_taken" | "practice_failed" | "keyring_absent" | "keyring_locked" | "keyring_failed" | "clipboard_failed" | "window_failed" | "autostart_failed" | "unreachable" | "timeout" | "http_status" | "not_json" | "truncated" | "too_large" | "unexpected_shape" | "tls_failed" | "wechat_busy" | "app_id_wrong" | "app_secret_wrong" | "app_secret_frozen" | "ip_not_allowed" | "confirmation_pending" | "ip_refused" | "token_stale" | "rate_minute" | "rate_day" | "not_permitted" | "mini_game_not_read" | "account_frozen" | "bad_request" | "no_usage_yet" | "component_token_stale" | "not_authorised" | "component_ip_not_allowed" | "no_relationship" | "order_wrong" | "allocation_cancelled" | "allocation_unclear" | "pack_not_allocatable" | "allocation_refused" | "call_unknown" | "unknown_errcode" | "member_card_key_wrong" | "member_card_not_connected" | "member_card_not_offered" | "mode_not_confirmed" | "mode_changed_elsewhere" | "guarded_elsewhere" | "guard_computer_not_chosen" | "guard_rule_invalid" | "not_found" | "email_invalid" | "password_weak" | "name_empty" | "app_id_invalid" | "app_secret_invalid" | "figures_invalid" | "proxy_invalid" | "errand_price_invalid" | "authorisation_invalid" | "allocation_invalid" | "price_invalid" | "account_list_invalid" | "file_unreadable" | "file_too_large" | "bill_time_missing" | "bill_file_gone" | "bill_no_days" | "pack_unknown" | "order_number_invalid" | "not_refundable" | "purchase_open" | "allocations_open" | "step_not_ready" | "login_missing" | "channel_address_invalid" | "channel_host_wrong" | "channel_secret_invalid" | "channel_twice" | "channel_secret_gone" | "channel_address_refused" | "channel_keyword_refused" | "channel_sign_refused" | "channel_ip_refused" | "channel_refused" | "channel_limited" | "channel_used_up" | "channel_redirects" | "channel_unclear" | "command_unknown" | "argument_missing" | "argument_unknown" | "argument_invalid" | "no_answer" | "internal";
export type Tag = "app" | "wizard" | "usage" | "purchase" | "member_card" | "practice" | "sync" | "outlooks" | "reminder" | "inbox" | "adding" | "channels" | "bulk" | "price_list" | "backups" | "console";
export type Changed = { account: AccountId | null, tags: Array<Tag>, };
export type SummaryView = { name: string, environment: Environment, finished_at: Instant, app_id: string | null, mode: AcquisitionMode | null, remaining: number | null, bought: PurchaseView | null, };
export type Step = "welcome" | "eligibility" | "way" | "login" | "console" | "connect" | "usage" | "pack" | "payment" | "mode" | "done";
export type StepState = "done" | "open" | "later" | "skipped";
export type StepView = { step: Step, state: StepState, 
/**
 * Minutes a newcomer needs, a rule of thumb.
 */
minutes: number, };
export type WizardView = { account: AccountId, name: string, kind: AccountKind, environment: Environment, 
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
signed_in_at: Instant | null, connection: ConnectionView | null, usage_seen: boolean, purchase: PurchaseDecision | null, mode: AcquisitionMode | null, finished_at: Instant | null, };
export type Subject = "government" | "non_profit" | "public_institution" | "enterprise" | "individual_business" | "media" | "other_organisation" | "individual";
export type ShopCategory = "government_services" | "public_medical" | "formal_education" | "retail" | "catering" | "other";
export type FreeRuleName = "government_or_non_profit" | "public_institution_government_services" | "medical_or_education";
export type NotEligibleReason = "individual" | "not_verified";
export type Decision = { "kind": "free", rule: FreeRuleName, needs_check: boolean, } | { "kind": "pays", unit_price: PricePerCall, charging_since: Instant, } | { "kind": "not_eligible", reason: NotEligibleReason, };
export type EligibilityView = { subject: Subject, category: ShopCategory, verified: boolean, decision: Decision, };
export type WaysView = { monthly_calls: number, 
/**
 * Yuan, two decimals: calls of a year × unit price.
 */
authorised_year: Money, authorised_unit: PricePerCall, 
/**
 * What is paid in the first year once the trial quota is used up first.
 */
authorised_first_year: Money, 
/**
 * Whole months the trial quota alone lasts; `None`: longer than ten years.
 */
trial_months: number | null, trial_calls: number, manual_year: Money, };
export type WayChosen = { way: AcquisitionMode, monthly_calls: number, };
export type ConnectionView = { source: UsageSource, app_id: string | null, 
/**
 * RFC 3339.
 */
connected_at: Instant, };
export type PurchaseDecision = { "kind": "nothing", look_again: Day | null, } | { "kind": "pack", purchase: PurchaseView, };
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
export type ConsoleView = { account: AccountId, name: string, environment: Environment, 
/**
 * The host whose page it shows now.
 */
host: string | null, 
/**
 * That host is WeChat's or Tencent's own, over TLS.
 */
official: boolean, 
/**
 * Where its page wanted to go last and was not let; `None`: nowhere.
 */
blocked: string | null, 
/**
 * This system keeps the accounts' sign-ins apart. Where it does not, signing in to one signs the others out.
 */
separate: boolean, };
export type UsageSource = "app_secret" | "authorisation" | "member_card" | "typed_in";
export type LotSource = "trial" | "paid" | "allocated" | "other";
export type LotState = "in_effect" | "not_yet" | "spent";
export type LotEnd = "used_up" | "expired" | "refunded" | "taken_back";
export type LotView = { 
/**
 * WeChat's pkgId; `trial` for the trial quota.
 */
id: string, source: LotSource, state: LotState, total: number, used: number, remaining: number, 
/**
 * `None` for a lot that can or will be used.
 */
ended: LotEnd | null, 
/**
 * RFC 3339; `None` for the trial quota.
 */
effective_at: Instant | null, expires_at: Instant | null, 
/**
 * Calls that will expire unused at the present pace: an estimate. `None`: not known.
 */
wasted: number | null, };
export type MonthlyAverage = { calls: number, 
/**
 * WeChat says only "`calls` or fewer".
 */
at_most: boolean, };
export type MonthlyVolume = { calls: number, 
/**
 * It rests on WeChat's "50 or fewer" or on a guess.
 */
is_estimate: boolean, };
export type RunOutView = { earliest: Day | null, likely: Day | null, latest: Day | null, 
/**
 * What brings the likely one: the date of the last pack, not use.
 */
by_expiry: boolean, 
/**
 * What the dates rest on.
 */
method: ForecastMethod, 
/**
 * Days of usage that are known.
 */
known_days: number, };
export type UsageView = { source: UsageSource, used: Reading<number>, remaining: Reading<number>, total: Reading<number>, 
/**
 * Calls of listed lots that ended unused. WeChat's total no longer counts them.
 */
expired: number, 
/**
 * WeChat's own figure: what it calls the recent average.
 */
average: Reading<MonthlyAverage> | null, 
/**
 * What is reckoned with for the year ahead. `None`: not known.
 */
monthly: MonthlyVolume | null, lots: Array<LotView>, run_out: Reading<RunOutView> | null, sync: SyncView, };
export type SyncView = { last_tried: Instant | null, last_ok: Instant | null, running: boolean, error: ErrorView | null, 
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
export type BreakEvenView = { 
/**
 * The smaller pack with the cheapest calls.
 */
against: PackId, 
/**
 * Above so many calls; `None`: its calls are no cheaper, it only means fewer errands.
 */
above: number | null, };
export type BoughtPacks = { pack: PackId, times: number, };
export type PackYear = { 
/**
 * Yuan.
 */
cost: Money, 
/**
 * Calls of packs and lots that expire unused.
 */
wasted: number, 
/**
 * Calls still usable afterwards.
 */
left: number, purchases: number, 
/**
 * What is bought, in the order of the first purchase of each; empty where nothing has to be.
 */
packs: Array<BoughtPacks>, };
export type PackView = { id: PackId, calls: number, days: number, 
/**
 * Yuan, two decimals.
 */
price: Money, list_price: Money, 
/**
 * Yuan less than the list price; `None` without a discount.
 */
saves: Money | null, 
/**
 * Yuan a call, up to four decimals.
 */
price_per_call: PricePerCall, 
/**
 * Where the row was seen, and when.
 */
source: string, as_of: Day, 
/**
 * The row is our assumption, not seen on a screen.
 */
assumed: boolean, 
/**
 * The next twelve months with what the shop has, if this pack is bought first: the same plan as in `PlansView`.
 * `None`: it would take very many purchases, or no plan is possible.
 */
year: PackYear | null, 
/**
 * Calls that would end unused because of it, were it bought today: an estimate.
 */
wasted_if_now: number, 
/**
 * The id of a pack that is never dearer and never more bother.
 */
beaten_by: PackId | null, 
/**
 * So little of it would be used before it ends that it is no choice.
 */
far_beyond: boolean, 
/**
 * From how many calls it pays against smaller packs; `None` for the smallest.
 */
break_even: BreakEvenView | null, };
export type PacksView = { 
/**
 * Calls a month the advice is for.
 */
monthly_calls: number, 
/**
 * The volume is WeChat's "50 or fewer" or a typed guess, not a reading.
 */
monthly_is_estimate: boolean, 
/**
 * WeChat's recent average, which the console shows next to its packs; `None` where it is not known.
 */
average: Reading<MonthlyAverage> | null, remaining: number, 
/**
 * What is left ends by the date of its last pack, not by use.
 */
ends_by_expiry: boolean, advice: Advice, packs: Array<PackView>, };
export type WhatIf = { 
/**
 * Calls a month; `None`: as known.
 */
monthly_calls: number | null, 
/**
 * A day that is not like others.
 */
campaign: CampaignWish | null, 
/**
 * At most so many purchases within the year.
 */
max_purchases: number | null, };
export type CampaignWish = { 
/**
 * From today to a year ahead.
 */
day: Day, extra_calls: number, };
export type PlanAdvice = { "kind": "buy_nothing", look_again: Day, lasts_until: Day | null, 
/**
 * Days of validity that would pass unused, were the pack of the best plan bought today.
 */
idle_days: number | null, 
/**
 * The pack that the best plan buys later; `None`: none is needed within the year.
 */
later: PackId | null, } | { "kind": "buy", pack: PackId, 
/**
 * The day on which it is needed.
 */
needed_on: Day, 
/**
 * How long the account lasts with the plan's purchases.
 */
lasts_until: Day | null, reasons: Array<AdviceReason>, } | { "kind": "cannot" } | { "kind": "too_old" };
export type AdviceReason = "nothing_left" | "runs_out_soon" | "cheapest" | "fewest_purchases" | "least_waste" | "most_left" | "once_is_enough";
export type PlannedPurchase = { day: Day, pack: PackId, };
export type RiskLevel = "small" | "some" | "certain";
export type RunOutRisk = { level: RiskLevel, 
/**
 * At most so many percent, in steps of five.
 */
at_most_percent: number, 
/**
 * From this day on with one chance in ten or more.
 */
from: Day | null, };
export type PlanRank = "nothing" | "best" | "smaller" | "bigger" | "runner_up" | "other";
export type Drawback = { "kind": "costs_more", yuan: Money, } | { "kind": "more_errands", times: number, } | { "kind": "more_waste", calls: number, } | { "kind": "less_left", calls: number, } | { "kind": "nothing" };
export type PlanView = { 
/**
 * The pack bought first; `None`: nothing is bought.
 */
first: PackId | null, 
/**
 * Yuan over the twelve months.
 */
cost: Money, 
/**
 * Calls that expire unused within the twelve months.
 */
wasted: number, 
/**
 * Calls still usable after them.
 */
left: number, 
/**
 * Number of purchases.
 */
purchases: number, 
/**
 * What is bought, in the order of the first purchase of each.
 */
packs: Array<BoughtPacks>, 
/**
 * When to buy what: the first twelve of them.
 */
schedule: Array<PlannedPurchase>, 
/**
 * The chance that the quota runs out although these purchases are made; `None` where it cannot be estimated.
 */
risk: RunOutRisk | null, rank: PlanRank, 
/**
 * What is worse than with the best plan; `None` for the best plan itself and for buying nothing.
 */
drawback: Drawback | null, };
export type PlansView = { 
/**
 * Calls a month the plans are for.
 */
monthly_calls: number, 
/**
 * The volume is WeChat's "50 or fewer" or a guess, not a reading.
 */
monthly_is_estimate: boolean, remaining: Reading<number>, 
/**
 * When the quota is used up if nothing is bought.
 */
run_out: RunOutView, advice: PlanAdvice, 
/**
 * The first one buys nothing; then the best plan, and those that start with another pack, best first.
 */
plans: Array<PlanView>, 
/**
 * The first and the last day a campaign can be on.
 */
first_day: Day, last_day: Day, };
export type OrderOrigin = "bought_here" | "seen" | "allocated" | "other";
export type OrderState = "waiting" | "given_up" | "arrived" | "not_yet" | "untouched" | "in_use" | "used_up" | "lapsed" | "refund_asked" | "refunded";
export type RefundLimit = "window" | "first_use" | "first_use_today" | "next_use";
export type RefundReason = "no_order" | "not_paid" | "used" | "too_late" | "expired";
export type ExpectedDays = { from: Day, to: Day, 
/**
 * The public holidays of every day involved are known.
 */
certain: boolean, };
export type RefundView = { "kind": "possible", until: Instant, limit: RefundLimit, 
/**
 * The end of the window.
 */
window_ends: Instant, 
/**
 * The day on which the quota before it may be used up: an estimate, on the early side.
 */
first_use: Day | null, } | { "kind": "refused", reasons: Array<RefundReason>, } | { "kind": "asked", asked_at: Instant, money: ExpectedDays | null, late: boolean, } | { "kind": "returned", seen_at: Instant, money: ExpectedDays | null, } | { "kind": "not_known" };
export type InvoiceView = { "kind": "possible", better_after: Instant | null, } | { "kind": "asked", asked_at: Instant, expected: ExpectedDays | null, };
export type OrderView = { id: OrderId, origin: OrderOrigin, 
/**
 * WeChat's number of the order; its interface does not tell it, so the shop writes it down.
 */
number: string | null, 
/**
 * WeChat's pkgId; `None` before arrival, and where usage is typed in.
 */
lot: string | null, calls: number, 
/**
 * Validity.
 */
days: number | null, 
/**
 * Yuan; `None` where nothing was paid or the price list knows no such pack.
 */
amount: Money | null, 
/**
 * The amount is the price list's, not that of a purchase made here.
 */
amount_is_estimate: boolean, 
/**
 * The instant of taking effect, which is that of payment.
 */
paid_at: Instant | null, expires_at: Instant | null, 
/**
 * Calls used, as last read; `None` where it cannot be seen.
 */
used: number | null, state: OrderState, 
/**
 * When it was handed over to the console, or first seen in the usage interface.
 */
noted_at: Instant, refund: RefundView, 
/**
 * `None` where there is nothing to invoice.
 */
invoice: InvoiceView | null, };
export type OrdersView = { account: AccountId, orders: Array<OrderView>, 
/**
 * When usage was last read; `None` where it is typed in or was never read.
 */
read_at: Instant | null, 
/**
 * Usage is typed in: what an order has used cannot be seen.
 */
typed_in: boolean, };
export type OrderNote = { "kind": "refund_asked" } | { "kind": "refund_not_asked" } | { "kind": "invoice_asked" } | { "kind": "invoice_not_asked" } | { "kind": "number", number: string, };
export type Advice = { "kind": "buy_nothing", look_again: Day, lasts_until: Day | null, } | { "kind": "buy", pack: PackId, 
/**
 * Yuan over the next twelve months.
 */
year_cost: Money, year_wasted: number, year_purchases: number, 
/**
 * What the plan buys, in the order of the first purchase of each.
 */
packs: Array<BoughtPacks>, runner_up: RunnerUp | null, } | { "kind": "too_old" };
export type RunnerUp = { pack: PackId, drawback: Drawback, };
export type PurchaseState = "picked" | "waiting" | "arrived" | "arrived_different" | "given_up";
export type PurchaseView = { id: OrderId, pack: PackId, calls: number, days: number, price: Money, state: PurchaseState, picked_at: Instant, handed_over_at: Instant | null, arrived_at: Instant | null, 
/**
 * WeChat's pkgId of the lot that arrived.
 */
lot: string | null, 
/**
 * Calls of the lot that arrived, if it differs from the picked pack.
 */
arrived_calls: number | null, effective_at: Instant | null, expires_at: Instant | null, 
/**
 * Seven days from payment; `None` before arrival.
 */
refundable_until: Instant | null, 
/**
 * When the usage interface was last asked while waiting.
 */
last_checked: Instant | null, };
export type AcquisitionMode = "authorized" | "manual";
export type ChangedBy = "person" | "guard" | "schedule" | "elsewhere";
export type ChangeReason = "chosen" | "taken_back" | "quota_low" | "refilled";
export type ChangeState = "open" | "confirmed" | "failed";
export type ModeChangeView = { id: ModeChangeId, from: AcquisitionMode | null, to: AcquisitionMode, by: ChangedBy, 
/**
 * `None`: the one who changed it did not say.
 */
why: ChangeReason | null, state: ChangeState, asked_at: Instant, confirmed_at: Instant | null, };
export type MemberCardView = { 
/**
 * An access key is in the keyring and the platform's address is known.
 */
connected: boolean, mode: Reading<AcquisitionMode> | null, quota: Reading<number> | null, issued: Reading<number> | null, remaining: Reading<number> | null, sms_balance: Reading<number> | null, 
/**
 * Newest first.
 */
history: Array<ModeChangeView>, 
/**
 * The last switch can still be taken back.
 */
undo: UndoView | null, 
/**
 * A switch whose outcome is not known and that nobody is finishing: the shop does it now or drops it.
 */
unfinished: UnfinishedChangeView | null, 
/**
 * The reading is older than the sync interval allows.
 */
stale: boolean, 
/**
 * What each mode costs; `None` while the shop's volume is not known.
 */
costs: ModeCostsView | null, 
/**
 * `None` until sign-ups were read, or where the platform does not count them.
 */
sign_ups: SignUpsView | null, seen: CustomersSeeView, };
export type UndoView = { change: ModeChangeId, 
/**
 * The mode that comes back.
 */
to: AcquisitionMode, 
/**
 * Seconds for which it is offered.
 */
seconds: number, };
export type UnfinishedChangeView = { to: AcquisitionMode, 
/**
 * RFC 3339.
 */
asked_at: Instant, };
export type GuardState = "off" | "dry_run" | "on";
export type GuardMeasure = "calls" | "days";
export type GuardAct = "to_manual" | "back" | "allocate";
export type GuardActState = "open" | "done" | "failed";
export type GuardPool = { provider: ProviderId, 
/**
 * Most calls a day.
 */
calls_a_day: number, };
export type GuardRule = { state: GuardState, measure: GuardMeasure, 
/**
 * It acts when less is left.
 */
act_below: number, 
/**
 * It goes back when that much is left again, after a refill; more than `act_below`.
 */
back_at: number, 
/**
 * Most acts a day, at least 2.
 */
acts_a_day: number, 
/**
 * From whose bulk orders it may allocate; `None`: no pool is used.
 */
pool: GuardPool | null, 
/**
 * This computer guards where the platform cannot tell computers apart.
 */
this_computer: boolean, };
export type GuardWhy = "unknown" | "enough" | "manual_by_person" | "authorized_by_person" | "waits_for_refill" | "waits_for_allocation" | "daily_limit" | "change_under_way";
export type GuardNow = { "kind": "nothing", why: GuardWhy, } | { "kind": "would", act: GuardAct, };
export type GuardActView = { id: string, act: GuardAct, dry_run: boolean, state: GuardActState, at: Instant, measure: GuardMeasure, 
/**
 * The threshold that was crossed.
 */
threshold: number, 
/**
 * Calls left then.
 */
remaining: number, 
/**
 * Days of cover then; `None`: more than two years, or not known.
 */
cover_days: number | null, 
/**
 * Calls that were allocated.
 */
calls: number | null, 
/**
 * Why it failed.
 */
code: ErrorCode | null, };
export type GuardTrouble = { code: ErrorCode, since: Instant, 
/**
 * Values for the text of the code.
 */
params: { [key in string]: string }, };
export type GuardView = { 
/**
 * The shop's rule; one to begin with before there is any.
 */
rule: GuardRule, 
/**
 * Usage is read and the member-card platform is connected: without both there is nothing to guard.
 */
can_guard: boolean, 
/**
 * Accounts are read without anybody asking; otherwise the guard never sees anything.
 */
reads_by_itself: boolean, now: GuardNow, 
/**
 * Why the guard could not do what it wanted to.
 */
trouble: GuardTrouble | null, 
/**
 * What this computer is called where several guard; `None` until it has guarded.
 */
label: string | null, 
/**
 * Acts of today, of those that the rule allows.
 */
acts_today: number, 
/**
 * The last acts, newest first.
 */
acts: Array<GuardActView>, };
export type ModeCostsView = { ways: WaysView, 
/**
 * The volume is WeChat's "50 or fewer" or a guess, not a reading.
 */
volume_is_estimate: boolean, 
/**
 * By a free rule the account pays in neither mode.
 */
free: boolean, };
export type CustomersSeeView = { 
/**
 * The shop's name on its platform; `None` until it was read.
 */
shop: string | null, program: string, 
/**
 * Nothing of WeChat's quota is left: authorising fails. `None`: not known.
 */
quota_dry: boolean | null, 
/**
 * No card of the platform is left.
 */
cards_dry: boolean, };
export type SignUpsView = { 
/**
 * When the platform counted, RFC 3339.
 */
read_at: Instant, 
/**
 * Whole weeks, newest first; the newest ends with the day of the reading.
 */
weeks: Array<SignUpWeekView>, 
/**
 * Of all weeks together.
 */
authorized: number, manual: number, cards_issued: number, 
/**
 * Charged by WeChat, but the number was never fetched.
 */
numbers_not_fetched: number, };
export type SignUpWeekView = { 
/**
 * First and last day, `YYYY-MM-DD`.
 */
first: Day, last: Day, authorized: number, manual: number, cards_issued: number, };
export type Situation = "dry_used_up" | "dry_expired" | "ends_today" | "ends_soon_by_use" | "ends_soon_by_expiry" | "cannot_read" | "stale" | "not_connected" | "unknown" | "dry_manual" | "manual" | "trial_enough" | "enough" | "lasts_long" | "pays_nothing";
export type Tone = "danger" | "warn" | "muted" | "calm";
export type Act = "let_members_type" | "let_members_authorise" | "buy" | "look_again" | "read_again" | "connect";
export type SituationView = { kind: Situation, tone: Tone, 
/**
 * What helps first, and after that.
 */
first: Act | null, second: Act | null, };
export type ExpiryView = { 
/**
 * When the first of them ends, RFC 3339.
 */
expires_at: Instant, lots: number, 
/**
 * Calls left of all of them.
 */
calls: number, 
/**
 * Calls of them that will expire unused: an estimate. `None`: not known.
 */
wasted: number | null, };
export type OverviewView = { account: AccountId, name: string, environment: Environment, 
/**
 * The account pays nothing by a free rule.
 */
free: boolean, 
/**
 * What the shop wants to know first.
 */
situation: SituationView, 
/**
 * The mode can be switched here at once.
 */
can_switch: boolean, 
/**
 * `None` until usage was read or typed in once.
 */
usage: UsageView | null, mode: Reading<AcquisitionMode> | null, 
/**
 * The lots that expire first, all of that day together.
 */
next_expiry: ExpiryView | null, 
/**
 * `None` where the situation does not advise.
 */
advice: Advice | null, 
/**
 * The purchase that is still waiting, or the newest one.
 */
purchase: PurchaseView | null, alerts: Array<AlertView>, 
/**
 * The day on which the shop wants to hear of this account again, as long as it lies ahead.
 */
reminder: Day | null, };
export type AlertView = { "kind": "quota_low", percent: number, remaining: number, } | { "kind": "expiring_unused", day: Day, lots: number, days: number, calls: number, } | { "kind": "will_expire", day: Day, lots: number, calls: number, } | { "kind": "refund_window", purchase: OrderId, until: Instant, by_use: boolean, } | { "kind": "purchase_waiting", purchase: OrderId, since: Instant, } | { "kind": "mode_unfinished", to: AcquisitionMode, asked_at: Instant, } | { "kind": "reminder", day: Day, };
export type AccountRow = { id: AccountId, name: string, kind: AccountKind, environment: Environment, archived: boolean, app_id: string | null, 
/**
 * The wizard's furthest open step; `None` once the wizard is done.
 */
wizard_at: Step | null, situation: SituationView, 
/**
 * Days from today to the likely run-out: an estimate.
 */
days_left: number | null, 
/**
 * Calls that can be used now.
 */
remaining: number | null, 
/**
 * Calls of an average month ahead: an estimate.
 */
monthly: number | null, 
/**
 * The run-out: an estimate, days as `YYYY-MM-DD`. `None` means not within two years, or not known.
 */
earliest: Day | null, likely: Day | null, latest: Day | null, 
/**
 * What brings the likely run-out: the date of the last pack, not use.
 */
by_expiry: boolean, 
/**
 * The lots that end first, all of that day together.
 */
next_expiry: ExpiryView | null, mode: AcquisitionMode | null, 
/**
 * When usage was read or typed in; `None`: never.
 */
read_at: Instant | null, typed_in: boolean, 
/**
 * The figures are older than the sync interval allows.
 */
stale: boolean, 
/**
 * When the last reading was tried; `None`: never, or typed in.
 */
tried_at: Instant | null, 
/**
 * Why it failed.
 */
error: ErrorCode | null, };
export type AccountsView = { 
/**
 * Worst first; archived ones last.
 */
accounts: Array<AccountRow>, 
/**
 * Accounts whose dates are being worked out in the background; until then older ones are shown, or none.
 */
working_out: number, };
export type AddingView = { running: boolean, lines: Array<AddedLine>, };
export type AddedLine = { 
/**
 * Its number in the list, from 1.
 */
number: number, name: string, app_id: string | null, state: AddedState, };
export type AddedState = { "kind": "waiting" } | { "kind": "asking" } | { "kind": "added" } | { "kind": "known" } | { "kind": "left" } | { "kind": "refused", code: ErrorCode, };
export type ApiQuotaView = { daily: number, used: number, remaining: number, read_at: Instant, };
export type CallReportView = { 
/**
 * WeChat's reference of the call.
 */
rid: string, called_at: Instant, took_millis: number | null, 
/**
 * The interface that was called.
 */
path: string | null, errcode: number | null, client_ip: string | null, };
export type SettingsView = { 
/**
 * Every account, archived ones too, in the order in which they were started.
 */
accounts: Array<ManagedAccountView>, proxy: ProxyChoice, 
/**
 * What a purchase is worth to the shop; plans are ranked by it.
 */
errand_price: Money, 
/**
 * Hours between two readings that nobody asked for; `None`: the application reads nothing by itself.
 */
read_every: number | null, 
/**
 * What `read_every` can be.
 */
read_every_choices: Array<number>, 
/**
 * Days of cover below which an alert is raised.
 */
warn_days: number, 
/**
 * What `warn_days` can be.
 */
warn_days_choices: Array<number>, 
/**
 * Hours in which the system shows nothing.
 */
quiet_hours: QuietHoursView | null, 
/**
 * The folder that holds every file of the application.
 */
home: string, };
export type QuietHoursView = { from: number, to: number, };
export type InboxView = { items: Array<InboxItemView>, unread: number, };
export type InboxItemView = { id: string, account: AccountId, account_name: string, environment: Environment, alert: InboxAlert, raised_at: Instant, read: boolean, };
export type InboxAlert = { "kind": "quota_low", percent: number, remaining: number, } | { "kind": "ends_soon", day: Day, days: number, calls: number, } | { "kind": "runs_out_soon", days: number, } | { "kind": "will_expire", day: Day, calls: number, } | { "kind": "guarded", act: GuardAct, dry_run: boolean, remaining: number, } | { "kind": "guard_stuck", remaining: number | null, } | { "kind": "usage_high", calls: number, expected: number, };
export type ManagedAccountView = { id: AccountId, name: string, environment: Environment, created_at: Instant, 
/**
 * Since when it is left out of lists and syncs.
 */
archived_at: Instant | null, 
/**
 * The wizard's furthest open step; `None` once the wizard is done.
 */
wizard_at: Step | null, 
/**
 * How its usage is read.
 */
source: UsageSource | null, app_id: string | null, 
/**
 * What the keyring holds for it, and what would go with it.
 */
has_login: boolean, has_member_card: boolean, };
export type BackupView = { 
/**
 * Its file in the folder of backups.
 */
name: string, kind: BackupKind, made_at: Instant, bytes: number, };
export type BackupKind = "daily" | "before_update" | "replaced";
export type PricedCapability = "quick" | "realtime";
export type SourceText = { zh: string, en: string, };
export type PriceListView = { 
/**
 * The day asked about, in Beijing.
 */
day: Day, 
/**
 * Which list of the shop's own is in force; 0: none was ever made.
 */
version: number, 
/**
 * When the shop changed its list last.
 */
changed_at: Instant | null, 
/**
 * Rows of the shop's own.
 */
own_rows: number, 
/**
 * The day on which the built-in list was put together.
 */
built_in_as_of: Day, 
/**
 * The shop's list fits over the built-in one. Otherwise the built-in one is in force, and the shop's stays stored.
 */
fits: boolean, 
/**
 * Every row that is or was in force, packs in the order of the catalogue, newest row first.
 */
rows: Array<PriceRowView>, capabilities: Array<PricedCapabilityView>, };
export type PriceRowView = { id: PackId, capability: PricedCapability, calls: number, days: number, 
/**
 * Yuan, two decimals; the same for the next one.
 */
price: Money, list_price: Money, 
/**
 * Yuan, up to four decimals.
 */
price_per_call: PricePerCall | null, 
/**
 * The first day at this price.
 */
from: Day, 
/**
 * The first day no longer at this price.
 */
until: Day | null, source: SourceText, as_of: Day, 
/**
 * No source says so.
 */
assumed: boolean, 
/**
 * The shop's own row.
 */
own: boolean, 
/**
 * Sold at this price on the day asked about.
 */
in_force: boolean, };
export type PricedCapabilityView = { kind: AccountKind, capability: PricedCapability, 
/**
 * Yuan a call.
 */
unit_price: PricePerCall, unit_price_source: SourceText, unit_price_as_of: Day, 
/**
 * The claim in force first, then what older sources say.
 */
charging_starts: Array<StartClaimView>, };
export type StartClaimView = { day: Day, source: SourceText, as_of: Day, in_force: boolean, };
export type PriceRowDraft = { capability: PricedCapability, calls: number, days: number, price: string, 
/**
 * The price, unless given.
 */
list_price: string | null, from: string, until: string | null, source: string, };
export type ForecastMethod = "guess" | "monthly_at_most" | "monthly_average" | "sign_ups" | "few_days" | "weekday_level";
export type UsageDays = { 
/**
 * The first of the days.
 */
day: Day, days: number, 
/**
 * `None`: not known.
 */
calls: number | null, 
/**
 * `derived`: differences of what the platform showed. `typed_in`: of figures that were typed in. `estimated`: a sum
 * was shared out, or some of the days are not known.
 */
origin: Origin, };
export type UsageAhead = { 
/**
 * The first of the days.
 */
day: Day, p10: number, p50: number, p90: number, };
export type UsagePeriods = { past: Array<UsageDays>, ahead: Array<UsageAhead>, };
export type LotLife = { id: string, source: LotSource, state: LotState, total: number, used: number, 
/**
 * `None` for the trial quota.
 */
effective_at: Instant | null, expires_at: Instant | null, 
/**
 * When its last call was seen to be charged; `None` while calls are left.
 */
exhausted_at: Instant | null, };
export type PassedOn = { "why": "exhausted" } | { "why": "expired" } | { "why": "ends_later", "than": string } | { "why": "still_open" };
export type UsageStretch = { 
/**
 * The readings between which they came.
 */
from: Instant, until: Instant, lot: string, source: LotSource, calls: number, passed: PassedOn, };
export type UsageCurveView = { account: AccountId, 
/**
 * `None`: nothing can be said of the days ahead.
 */
method: ForecastMethod | null, 
/**
 * Days of usage that are known.
 */
known_days: number, day: UsagePeriods, 
/**
 * From Monday on.
 */
week: UsagePeriods, month: UsagePeriods, 
/**
 * The day of the last reading, which is not over.
 */
so_far: UsageDays | null, lots: Array<LotLife>, 
/**
 * Which lot paid for which calls, oldest first.
 */
stretches: Array<UsageStretch>, };
export type ExportTable = { 
/**
 * Names the file and the sheet.
 */
name: string, columns: Array<ExportColumn>, 
/**
 * One value per column and row.
 */
rows: Array<Array<ExportValue | null>>, };
export type ExportColumn = { head: string, kind: ExportKind, };
export type ExportKind = "text" | "count" | "money" | "moment" | "day";
export type ExportValue = number | string;
export type ExportFormat = "csv" | "xlsx";
export type ExportedView = { 
/**
 * Its name without the folder.
 */
name: string, 
/**
 * The whole path.
 */
path: string, };
export type BillColumns = { 
/**
 * When somebody signed up. Without it nothing can be compared.
 */
time: number | null, 
/**
 * The phone number, or another sign of who it was.
 */
who: number | null, 
/**
 * Authorised or typed.
 */
way: number | null, 
/**
 * Release, trial or development version.
 */
version: number | null, 
/**
 * Whether the number was fetched, and made a new member.
 */
outcome: number | null, 
/**
 * What the clock of the times shows.
 */
zone: BillZone, };
export type BillZone = "beijing" | "utc";
export type BillFileView = { name: string, 
/**
 * One a column; empty where the file has none.
 */
titles: Array<string>, 
/**
 * The first rows below the titles.
 */
sample: Array<Array<string>>, rows: number, 
/**
 * What was chosen last time for the same titles, or a guess.
 */
columns: BillColumns, 
/**
 * They were chosen last time.
 */
remembered: boolean, };
export type BillSource = { "kind": "file", "name": string } | { "kind": "member_card" };
export type BillVerdict = "no_common_day" | "too_many_records" | "too_few_records" | "missing" | "open" | "explained" | "uncharged" | "agrees";
export type BillReason = "again" | "other_version" | "not_fetched" | "midnight";
export type BillReasonView = { reason: BillReason, calls: number, 
/**
 * When the first of them were, as far as it is known.
 */
times: Array<Instant>, };
export type BillReadingView = { at: Instant, 
/**
 * All calls until then.
 */
used: number, };
export type BillDaysView = { first: Day, last: Day, 
/**
 * `None` where the readings do not tell.
 */
charged: number | null, 
/**
 * Charged first sign-ups in the release version; of unknown days, recorded ones.
 */
members: number, 
/**
 * Numbers that were typed, which cost nothing.
 */
typed: number, reasons: Array<BillReasonView>, 
/**
 * Charged and in no record, where the records may have only a part of the day.
 */
open: number, 
/**
 * Charged, and in no record.
 */
missing: number, 
/**
 * In the records, and not charged.
 */
uncharged: number, 
/**
 * The last reading before these days and the first one after them.
 */
readings: Array<BillReadingView>, };
export type BillView = { 
/**
 * The account's name.
 */
account: string, app_id: string | null, source: BillSource, verdict: BillVerdict, 
/**
 * Records with a time that can be read, each once.
 */
records: number, 
/**
 * Rows that repeat another one in every cell: not counted.
 */
duplicates: number, 
/**
 * Rows without a time that can be read.
 */
left_out: number, 
/**
 * Records of days that were not compared.
 */
outside: number, 
/**
 * When the first and the last record are.
 */
records_from: Instant | null, records_until: Instant | null, 
/**
 * The first and the last whole day of WeChat's readings.
 */
read_first: Day, read_last: Day, 
/**
 * The first and the last day that were compared; `None` where no day is known on both sides.
 */
first: Day | null, last: Day | null, charged: number, 
/**
 * Calls in the records of the compared days.
 */
recorded: number, members: number, 
/**
 * Charged, and no new member: `explained`, `open` and `missing` together.
 */
extra: number, explained: number, open: number, missing: number, uncharged: number, reasons: Array<BillReasonView>, days: Array<BillDaysView>, };
export type ProviderView = { id: ProviderId, name: string, environment: Environment, app_id: string, connected_at: Instant, };
export type BulkOrderView = { id: OrderId, 
/**
 * The wholesale pack's name.
 */
name: string | null, 
/**
 * Yuan, two decimals.
 */
price: Money | null, 
/**
 * `None` until it is paid.
 */
paid_at: Instant | null, valid_until: Instant | null, 
/**
 * Calls of the pool used and in all; `None` until it is paid.
 */
used: number | null, total: number | null, };
export type ConvertiblePackView = { sku: PackId, name: string | null, calls: number | null, days: number | null, };
export type AllocationState = "open" | "accepted" | "done" | "cancelling" | "cancelled" | "failed";
export type AllocationView = { id: AllocationId, order: OrderId, sku: PackId, receiver_app_id: string, state: AllocationState, asked_at: Instant, 
/**
 * Why it failed, is not finished, or was not cancelled.
 */
code: ErrorCode | null, 
/**
 * Never sent, and not sent unasked any more: the shop sends it by asking again, or drops it by taking it back.
 */
held: boolean, 
/**
 * The account it went to, where the application knows it.
 */
receiver_name: string | null, 
/**
 * Until when it can be taken back if nothing of it was used; `None`: not, or not any more.
 */
cancel_until: Instant | null, };
export type ShareKind = "allocate" | "pool_too_small" | "no_pack" | "under_way" | "enough" | "unknown";
export type ShareView = { account: AccountId, name: string, app_id: string | null, kind: ShareKind, 
/**
 * The day on which nothing is left, likely; today where it is dry. `None`: not within two years, or not known.
 */
dry_on: Day | null, remaining: number | null, 
/**
 * The pack suggested, and how many of it; 0 where nothing is.
 */
sku: PackId | null, count: number, calls: number, 
/**
 * What was sent to it already.
 */
under_way: UnderWay | null, };
export type AllocationPlanView = { order: OrderId, cover_days: number, 
/**
 * Times to cover that are worth offering, in days.
 */
cover_choices: Array<number>, 
/**
 * Calls of the pool that are not handed on, allocations that are still under way taken off.
 */
left: number, 
/**
 * Calls this plan hands on.
 */
planned: number, packs: Array<ConvertiblePackView>, 
/**
 * Who runs dry first, first; then those who need nothing; then those of whom nothing is known.
 */
shares: Array<ShareView>, 
/**
 * Most packs one account can get at once.
 */
packs_max: number, };
export type PickedShare = { app_id: string, sku: PackId, count: number, };
export type UnderWay = { allocations: number, 
/**
 * `None` where the size of a pack is not known.
 */
calls: number | null, };
export type BusyReceiver = { app_id: string, 
/**
 * The account, where the application knows it.
 */
name: string | null, 
/**
 * Allocations under way to it, and those that arrived within the hour.
 */
allocations: number, };
export type SendAnswer = { "kind": "sent", allocations: Array<AllocationView>, } | { "kind": "ask_first", receivers: Array<BusyReceiver>, restored_at: Instant | null, };
export type ChannelKind = "wecom" | "dingtalk" | "feishu" | "bark" | "serverchan" | "webhook";
export type MessageState = "waiting" | "sending" | "sent" | "refused" | "unclear" | "given_up";
export type ChannelsView = { channels: Array<ChannelView>, };
export type ChannelView = { id: ChannelId, kind: ChannelKind, 
/**
 * The shop's own word for it; may be empty.
 */
label: string, 
/**
 * Who gets the messages.
 */
host: string, on: boolean, 
/**
 * Alerts that are still to be sent.
 */
waiting: number, 
/**
 * Why they wait; `None`: only for their turn, or for the end of the quiet hours.
 */
held: ChannelProblem | null, 
/**
 * The newest message that was sent, or was to be; `None` before the first.
 */
last: LastMessageView | null, };
export type LastMessageView = { at: Instant, state: MessageState, problem: ChannelProblem | null, };
export type ChannelProblem = { code: ErrorCode, 
/**
 * Values for its text, by name; never secrets.
 */
params: { [key in string]: string }, };
export type HostView = { host: string, reason: HostReason, };
export type HostReason = { "kind": "wechat_api" } | { "kind": "wechat_api_fallback" } | { "kind": "console" } | { "kind": "member_card" } | { "kind": "channel", "channel": ChannelKind };
export type SavedPage = { lang: string, theme: Theme, html: string, };
export type HelpPage = "official_charge_guide" | "official_component_guide";
export type Closing = "tray" | "quit";
export type BackgroundView = { 
/**
 * This desktop shows a tray. Without one, closing the window always quits.
 */
tray: boolean, 
/**
 * `None`: asked when the window is closed.
 */
closing: Closing | null, 
/**
 * Started when the person logs in; `None` where the system cannot say.
 */
at_log_in: boolean | null, };

export const ERROR_CODES = ["already_running", "database_newer", "database_damaged", "database_missing", "backup_gone", "backup_damaged", "backup_newer", "stored_word_unknown", "disk_read_only", "disk_full", "disk_failed", "address_invalid", "practice_port_taken", "practice_failed", "keyring_absent", "keyring_locked", "keyring_failed", "clipboard_failed", "window_failed", "autostart_failed", "unreachable", "timeout", "http_status", "not_json", "truncated", "too_large", "unexpected_shape", "tls_failed", "wechat_busy", "app_id_wrong", "app_secret_wrong", "app_secret_frozen", "ip_not_allowed", "confirmation_pending", "ip_refused", "token_stale", "rate_minute", "rate_day", "not_permitted", "mini_game_not_read", "account_frozen", "bad_request", "no_usage_yet", "component_token_stale", "not_authorised", "component_ip_not_allowed", "no_relationship", "order_wrong", "allocation_cancelled", "allocation_unclear", "pack_not_allocatable", "allocation_refused", "call_unknown", "unknown_errcode", "member_card_key_wrong", "member_card_not_connected", "member_card_not_offered", "mode_not_confirmed", "mode_changed_elsewhere", "guarded_elsewhere", "guard_computer_not_chosen", "guard_rule_invalid", "not_found", "email_invalid", "password_weak", "name_empty", "app_id_invalid", "app_secret_invalid", "figures_invalid", "proxy_invalid", "errand_price_invalid", "authorisation_invalid", "allocation_invalid", "price_invalid", "account_list_invalid", "file_unreadable", "file_too_large", "bill_time_missing", "bill_file_gone", "bill_no_days", "pack_unknown", "order_number_invalid", "not_refundable", "purchase_open", "allocations_open", "step_not_ready", "login_missing", "channel_address_invalid", "channel_host_wrong", "channel_secret_invalid", "channel_twice", "channel_secret_gone", "channel_address_refused", "channel_keyword_refused", "channel_sign_refused", "channel_ip_refused", "channel_refused", "channel_limited", "channel_used_up", "channel_redirects", "channel_unclear", "command_unknown", "argument_missing", "argument_unknown", "argument_invalid", "no_answer", "internal"] as const;
export const STEPS = ["welcome", "eligibility", "way", "login", "console", "connect", "usage", "pack", "payment", "mode", "done"] as const;
export const CHANNEL_KINDS = ["wecom", "dingtalk", "feishu", "bark", "serverchan", "webhook"] as const;
