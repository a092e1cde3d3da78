//! The façade: what the application is put together from, and one line a command. What a command does and its errors
//! stand with the feature's function.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::broadcast;
use url::Url;

use crate::accounts::{overview, start, table};
use crate::alerts::inbox;
use crate::alerts::watch::observe_in_background;
#[allow(clippy::wildcard_imports, reason = "the façade names nearly every view")]
use crate::api::*;
use crate::bill_check::compare;
use crate::bill_check::state::BillCheck;
use crate::bulk::state::Bulk;
use crate::bulk::{allocation, plan, provider, removal, sending};
use crate::channels::{delivery, page as channel_page};
use crate::clients::{Http, HttpLimits};
use crate::context::{Context, JobKey, Setup};
use crate::error::Error;
use crate::forecast::outlook::look_ahead_in_background;
use crate::forecast::{curve, plans};
use crate::guard::rule;
use crate::guard::state::Guards;
use crate::guard::watch::guard_in_background;
use crate::infra::blocking::run_blocking;
use crate::keychain;
use crate::member_card::under_way::ModeChanges;
use crate::member_card::{mode, platform};
use crate::onboarding::account_list::Adding;
use crate::onboarding::{account_list, connection, eligibility, verdict, wizard};
use crate::paths::Paths;
use crate::ports::{Disk, SystemDisk};
use crate::prices::{list, tariff};
use crate::purchasing::{orders, packs, purchase};
use crate::secrets::Secret;
use crate::settings::{alerting, backup, closing, errand, hosts, network, page, proxy, reading};
use crate::store::{Store, StoreError};
use crate::usage::state::Usage;
use crate::usage::{history, schedule, support, sync, sync_all};
use crate::wechat_auth::authorisation::Authorisation;
use crate::wechat_auth::token_cache::Tokens;
use crate::{export, login};

/// The application. Cheap to clone; the last one dropped stops the background work and frees the home directory.
#[derive(Clone)]
pub struct Companion {
    context: Context,
    pub(crate) tokens: Arc<Tokens>,
    usage: Arc<Usage>,
    modes: ModeChanges,
    bulk: Arc<Bulk>,
    guards: Guards,
    bill: Arc<BillCheck>,
    adding: Arc<Adding>,
    _ending: Arc<Ending>,
}

/// Ends the background work when the last [`Companion`] goes.
struct Ending(Context);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.jobs.abort_all();
    }
}

impl std::fmt::Debug for Companion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Companion").field("home", &self.context.setup.paths.home()).finish_non_exhaustive()
    }
}

impl Companion {
    /// Opens the home directory, and takes up what an earlier run left open: waiting purchases, allocations under way,
    /// and entries of the keyring that nothing leads to.
    /// Needs a tokio runtime, since that is background work.
    ///
    /// # Errors
    /// `already_running`, `database_newer`, `database_damaged`, `database_missing`, `disk_read_only`, `disk_full`, `disk_failed`.
    pub async fn open(setup: Setup) -> Result<Self, Error> {
        Self::open_on(setup, Arc::new(SystemDisk)).await
    }

    /// The same on a disk that may fail on request.
    ///
    /// # Errors
    /// Everything [`Self::open`] says.
    pub async fn open_on(setup: Setup, disk: Arc<dyn Disk>) -> Result<Self, Error> {
        let opened = Self::compose(setup, move |paths| Store::open_on(paths, disk)).await?;
        let Self { context, tokens, usage, bulk, guards, .. } = &opened;
        let watching = guards.clone();
        context.set_look_again(move |context| {
            look_ahead_in_background(context);
            observe_in_background(context);
            guard_in_background(context, &watching);
        });
        purchase::resume_purchases(context, usage).await?;
        allocation::resume_allocations(context, bulk).await?;
        page::resume_removals(context, tokens).await?;
        keychain::resume(context).await?;
        delivery::resume(context).await?;
        backup::start(context);
        Ok(opened)
    }

    /// Opens a home that another instance may hold, to read what is stored. It changes no file and takes nothing up.
    ///
    /// # Errors
    /// `database_newer`, `database_damaged`, `database_missing`, `disk_failed`.
    pub async fn open_to_read(setup: Setup) -> Result<Self, Error> {
        Self::compose(setup, Store::open_to_read).await
    }

    async fn compose(
        setup: Setup,
        open: impl FnOnce(&Paths) -> Result<Store, StoreError> + Send + 'static,
    ) -> Result<Self, Error> {
        let paths = setup.paths.clone();
        let store = run_blocking(move || open(&paths)).await??;
        let way_out = store.ledger(proxy::stored).await?;
        let http = Http::through(&way_out, HttpLimits::default())
            .map_err(|error| Error::client(error, setup.clock.now()))?;
        let prices = store.ledger(tariff::stored).await?;
        let context = Context::new(setup, store, http, prices);
        let ending = Arc::new(Ending(context.clone()));
        let tokens = Arc::new(Tokens::default());
        let usage = Arc::new(Usage::new(Arc::clone(&tokens)));
        let bulk = Arc::new(Bulk::new(Arc::clone(&usage)));
        let modes = ModeChanges::default();
        let guards = Guards { modes: modes.clone(), bulk: Arc::clone(&bulk) };
        let (bill, adding) =
            (Arc::new(BillCheck::new(Arc::clone(&context.setup.timer))), Arc::new(Adding::default()));
        Ok(Self { context, tokens, usage, modes, bulk, guards, bill, adding, _ending: ending })
    }

    /// Stops the background work, and frees the home directory once every call under way and every other handle is
    /// gone.
    pub async fn close(self) {
        self.context.jobs.shut_down().await;
    }

    /// Reads accounts by itself from now on, as often as the shop has set. Asked for by the one process that stays open.
    pub fn read_by_itself(&self) {
        schedule::start(&self.context, &self.usage);
    }

    /// Returns when the forecasts and alerts of all that was read are worked out, and guards have looked at it.
    pub async fn wait_for_forecasts_and_alerts(&self) {
        for key in [JobKey::Outlooks, JobKey::Alerts, JobKey::Guard] {
            self.context.jobs.wait_for(&key).await;
        }
    }

    /// Hears of every change from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Changed> {
        self.context.subscribe()
    }

    /// Every file and folder of the application.
    pub fn paths(&self) -> &Paths {
        &self.context.setup.paths
    }

    /// Whether a ledger that was replaced may still be restored; also where that is not known.
    pub async fn may_bring_accounts_back(&self) -> bool {
        let backups = backup::get_backups(self.paths().clone()).await;
        backups.map_or(true, |backups| backups.iter().any(|one| one.kind == BackupKind::Replaced))
    }

    /// Logs an error under a new reference and makes what the UI gets.
    pub fn report(&self, error: &Error) -> ErrorView {
        self.context.report(error)
    }

    /// Where an exported file is. Errors: `not_found`.
    pub fn exported(&self, name: &str) -> Result<PathBuf, Error> {
        export::exported(&self.context, name)
    }

    /// How far the sync of all accounts is, or how the last one went.
    pub fn get_sync_all(&self) -> SyncAllView {
        sync_all::get_sync_all(&self.usage)
    }

    /// The verdict on what is being typed; nothing is stored.
    #[expect(clippy::unused_async, reason = "every command is asynchronous for its callers")]
    pub async fn check_login(
        &self,
        email: &Secret<String>,
        password: &Secret<String>,
    ) -> Result<LoginCheck, Error> {
        Ok(login::check_login(email, password))
    }

    /// A strong password that WeChat accepts.
    #[expect(clippy::unused_async, reason = "every command is asynchronous for its callers")]
    pub async fn suggest_password(&self) -> Result<Secret<String>, Error> {
        Ok(login::suggest_password(&self.context))
    }

    /// Compares the two ways at a volume; nothing is stored. Errors: `figures_invalid` above 10^10 calls a month.
    #[expect(clippy::unused_async, reason = "every command is asynchronous for its callers")]
    pub async fn compare_ways(&self, monthly_calls: u64) -> Result<WaysView, Error> {
        verdict::ways_view(monthly_calls)
    }

    /// How far the list of accounts to add is, or how the last one went.
    pub fn get_adding(&self) -> AddingView {
        account_list::get_adding(&self.adding)
    }

    /// Takes up no further line of the list of accounts to add.
    pub fn stop_adding(&self) {
        account_list::stop_adding(&self.adding);
    }

    /// Stops the sync of all accounts.
    pub fn cancel_sync_all(&self) {
        sync_all::cancel_sync_all(&self.usage);
    }
}

/// A line is a command: the feature's function, its arguments, its answer, and the feature's own state.
macro_rules! facade {
    ($($module:ident::$name:ident($($argument:ident: $type:ty),*) -> $answer:ty, [$($state:ident),*];)+) => {
        impl Companion { $(
            #[doc = concat!("See `", stringify!($module), "::", stringify!($name), "`.")]
            pub async fn $name(&self, $($argument: $type),*) -> Result<$answer, Error> {
                $module::$name(&self.context, $(&self.$state,)* $($argument),*).await
            }
        )+ }
    };
}

facade! {
    keychain::forget_secrets() -> usize, [];

    // accounts
    overview::get_overview(account: &str) -> OverviewView, [usage, modes];
    overview::set_reminder(account: &str, day: Option<GivenDay>) -> OverviewView, [usage, modes];
    start::get_app() -> AppView, [];
    start::set_language(language: Language) -> AppView, [];
    start::set_theme(theme: Theme) -> AppView, [];
    start::hide_figures(hidden: bool) -> AppView, [];
    start::select_account(account: &str) -> AppView, [];
    start::start_account(environment: Environment, kind: AccountKind, name: &str) -> WizardView, [];
    start::rename_account(
        account: &str, environment: Environment, kind: AccountKind, name: &str
    ) -> WizardView, [];
    table::get_accounts() -> AccountsView, [];

    // alerts
    inbox::get_inbox() -> InboxView, [];
    inbox::mark_inbox_read(id: Option<String>) -> InboxView, [];
    inbox::take_notices() -> Vec<NoticeView>, [];

    // bill_check
    compare::read_bill_file(account: &str, name: &str, bytes: Vec<u8>) -> BillFileView, [bill];
    compare::compare_bill_file(account: &str, chosen: BillColumns) -> BillView, [bill];
    compare::compare_bill_platform(account: &str) -> BillView, [];

    // bulk
    allocation::get_allocations(provider: &str) -> Vec<AllocationView>, [bulk];
    allocation::cancel_allocation(id: &str) -> AllocationView, [bulk];
    plan::plan_allocations(
        provider: &str, order: &str, cover_days: Option<u32>
    ) -> AllocationPlanView, [bulk];
    provider::connect_provider(
        environment: Environment, name: &str, app_id: &str, app_secret: Secret<String>
    ) -> ProviderView, [tokens];
    provider::get_providers() -> Vec<ProviderView>, [];
    provider::get_bulk_orders(provider: &str) -> Vec<BulkOrderView>, [tokens];
    provider::get_convertible_packs(provider: &str, order: &str) -> Vec<ConvertiblePackView>, [tokens];
    removal::remove_provider(provider: &str) -> Vec<ProviderView>, [tokens];
    sending::send_allocations(
        provider: &str, order: &str, picks: Vec<PickedShare>, batch: &str, again: bool
    ) -> SendAnswer, [bulk];
    sending::retry_allocations(provider: &str) -> Vec<AllocationView>, [bulk];

    // channels
    channel_page::get_channels() -> ChannelsView, [];
    channel_page::recognise_channel(address: Secret<String>) -> Option<ChannelKind>, [];
    channel_page::add_channel(
        kind: ChannelKind, label: &str, address: Secret<String>, signing: Option<Secret<String>>
    ) -> ChannelsView, [];
    channel_page::change_channel(
        channel: &str,
        kind: ChannelKind,
        label: &str,
        address: Option<Secret<String>>,
        signing: Option<Secret<String>>
    ) -> ChannelsView, [];
    channel_page::switch_channel(channel: &str, on: bool) -> ChannelsView, [];
    channel_page::remove_channel(channel: &str) -> ChannelsView, [];
    channel_page::test_channel(channel: &str) -> ChannelsView, [];

    // export
    export::export_table(format: ExportFormat, table: ExportTable) -> ExportedView, [];
    export::export_picture(name: String, png: Vec<u8>) -> ExportedView, [];
    export::export_text(name: String, text: String) -> ExportedView, [];

    // forecast
    curve::get_usage_curve(account: &str) -> UsageCurveView, [];
    plans::compare_plans(account: &str, what_if: WhatIf) -> PlansView, [];

    // guard
    rule::get_guard(account: &str) -> GuardView, [guards];
    rule::set_guard(account: &str, rule: GuardRule) -> GuardView, [guards];

    // login
    login::save_login(account: &str, email: Secret<String>, password: Secret<String>) -> WizardView, [];
    login::confirm_login_set(account: &str) -> WizardView, [];
    login::login_secret(account: &str, field: LoginField) -> Secret<String>, [];
    login::confirm_signed_in(account: &str) -> WizardView, [];
    login::console_reached(account: &str, url: &Url) -> bool, [];
    login::console_address(account: &str, page: ConsolePage) -> Url, [];

    // member_card
    mode::set_mode(account: &str, mode: AcquisitionMode) -> MemberCardView, [modes];
    mode::undo_mode(account: &str, change: &str) -> MemberCardView, [modes];
    mode::keep_mode(account: &str) -> WizardView, [];
    platform::connect_member_card(account: &str, access_key: Secret<String>) -> MemberCardView, [modes];
    platform::get_member_card(account: &str) -> MemberCardView, [modes];
    platform::sync_member_card(account: &str) -> MemberCardView, [modes];

    // onboarding
    connection::connect_app_secret(
        account: &str, app_id: &str, app_secret: Secret<String>
    ) -> WizardView, [usage, modes];
    connection::connect_member_card_usage(
        account: &str, access_key: Secret<String>
    ) -> WizardView, [usage, modes];
    connection::connect_authorisation(
        account: &str, authorisation: Authorisation
    ) -> WizardView, [usage, modes];
    connection::connect_typed_in(account: &str, figures: TypedFigures) -> WizardView, [modes];
    account_list::add_accounts(
        environment: Environment, name: &str, bytes: Vec<u8>
    ) -> AddingView, [usage, adding];
    eligibility::decide_eligibility(
        account: &str, subject: Subject, category: ShopCategory, verified: bool
    ) -> EligibilityView, [];
    eligibility::choose_way(account: &str, way: AcquisitionMode, monthly_calls: u64) -> WizardView, [];
    wizard::get_wizard(account: &str) -> WizardView, [];
    wizard::go_to_step(account: &str, step: Step) -> WizardView, [];
    wizard::finish_wizard(account: &str) -> WizardView, [];
    wizard::get_summary(account: &str) -> SummaryView, [];

    // prices
    list::get_price_list(day: Option<GivenDay>) -> PriceListView, [];
    list::set_price_row(draft: PriceRowDraft) -> PriceListView, [];
    list::remove_price_row(id: &str, from: GivenDay) -> PriceListView, [];
    list::import_price_list(name: &str, bytes: Vec<u8>) -> PriceListView, [];
    list::restore_price_list(version: u64) -> PriceListView, [];

    // purchasing
    orders::get_orders(account: &str) -> OrdersView, [];
    orders::note_order(account: &str, order: &str, note: OrderNote) -> OrdersView, [usage];
    packs::get_packs(account: &str, monthly_calls: Option<u64>) -> PacksView, [];
    packs::pick_pack(account: &str, pack: &str) -> WizardView, [];
    packs::buy_nothing(account: &str) -> WizardView, [];
    purchase::begin_purchase(account: &str) -> PurchaseView, [usage];
    purchase::check_arrival(account: &str) -> PurchaseView, [usage];
    purchase::give_up_purchase(account: &str) -> WizardView, [];
    purchase::get_purchase(account: &str) -> Option<PurchaseView>, [];
    purchase::resume_purchase(account: &str) -> PurchaseView, [usage];

    // settings
    hosts::get_hosts() -> Vec<HostView>, [];
    network::get_proxy() -> ProxyChoice, [];
    network::set_proxy(choice: ProxyChoice) -> ProxyChoice, [];
    page::get_settings() -> SettingsView, [];
    closing::get_closing() -> Option<Closing>, [];
    closing::set_closing(closing: Closing) -> (), [];
    errand::set_errand_price(price: &str) -> SettingsView, [];
    alerting::set_alerting(
        warn_days: u32, quiet_from: Option<u32>, quiet_to: Option<u32>
    ) -> SettingsView, [];
    reading::set_read_every(hours: Option<u32>) -> SettingsView, [];
    page::set_account_name(account: &str, name: &str) -> SettingsView, [];
    page::archive_account(account: &str, archived: bool) -> SettingsView, [];
    page::remove_account(account: &str) -> SettingsView, [];
    page::restore_account(account: &str) -> SettingsView, [usage];
    page::finish_removal(account: &str) -> (), [tokens];

    // usage
    history::get_usage_days(account: &str) -> Vec<UsageDays>, [];
    support::get_api_quota(account: &str) -> ApiQuotaView, [tokens];
    support::get_call_report(account: &str, rid: &str) -> CallReportView, [tokens];
    sync::get_usage(account: &str) -> Option<UsageView>, [usage];
    sync::sync_usage(account: &str) -> UsageView, [usage];
    sync::confirm_usage_seen(account: &str) -> WizardView, [];
    sync_all::sync_all() -> SyncAllView, [usage];
}
