//! What is generated from `companion`: the TypeScript types of its views, the client of its commands, and the commands'
//! permissions.
//!
//! Run with `UPDATE_BINDINGS=1` (that is what `cargo xtask bindings` does) to write the files; without, a test fails
//! when a committed file differs.
#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod client;
mod permissions;

use companion::api::*;
use ts_rs::{Config, TS};

fn declared<T: TS>(config: &Config) -> String {
    format!("export {}\n", T::decl(config))
}

/// The names of an enum in their order, for what has to walk through them at run time.
fn listed<T: TS>(config: &Config, name: &str) -> String {
    format!("export const {name} = [{}] as const;\n", T::inline(config).replace(" | ", ", "))
}

macro_rules! declare {
    ($config:expr; $($view:ty),+ $(,)?) => { [$(declared::<$view>($config)),+].concat() };
}

fn bindings() -> String {
    // Calls are at most 10^12 < 2^53, so a JSON number is exact.
    let config = &Config::new().with_large_int("number");
    let declarations = declare!(config;
        Environment, AccountKind, Language, Theme, ProxyChoice, AccountView, AppView, PracticeView, Origin, Reading<u64>, Retry,
        ErrorView, ErrorCode, Tag, Changed, SummaryView,
        Step, StepState, StepView, WizardView, Subject, ShopCategory, FreeRuleName, NotEligibleReason, Decision,
        EligibilityView, WaysView, WayChosen, ConnectionView, PurchaseDecision,
        EmailProblem, PasswordProblem, LoginCheck, LoginField, CopiedView, ConsolePage, ConsoleView,
        UsageSource, LotSource, LotState, LotEnd, LotView, MonthlyAverage, MonthlyVolume, RunOutView, UsageView, SyncView, SyncAllView, TypedFigures,
        BreakEvenView, BoughtPacks, PackYear, PackView, PacksView, WhatIf, CampaignWish, PlanAdvice, AdviceReason, PlannedPurchase, RiskLevel,
        RunOutRisk, PlanRank, Drawback, PlanView, PlansView, OrderOrigin, OrderState, RefundLimit, RefundReason,
        ExpectedDays, RefundView, InvoiceView, OrderView, OrdersView, OrderNote, Advice, RunnerUp, PurchaseState, PurchaseView,
        AcquisitionMode, ChangedBy, ChangeReason, ChangeState, ModeChangeView, MemberCardView, UndoView, UnfinishedChangeView,
        GuardState, GuardMeasure, GuardAct, GuardActState, GuardPool, GuardRule, GuardWhy, GuardNow, GuardActView, GuardTrouble, GuardView,
        ModeCostsView,
        CustomersSeeView, SignUpsView, SignUpWeekView,
        Situation, Tone, Act, SituationView, ExpiryView, OverviewView, AlertView, AccountRow, AccountsView, AddingView, AddedLine, AddedState, ApiQuotaView, CallReportView,
        SettingsView, QuietHoursView, InboxView, InboxItemView, InboxAlert, ManagedAccountView, BackupView, BackupKind, PricedCapability, SourceText, PriceListView, PriceRowView, PricedCapabilityView,
        StartClaimView, PriceRowDraft,
        ForecastMethod, UsageDays, UsageAhead, UsagePeriods, LotLife, PassedOn, UsageStretch, UsageCurveView,
        ExportTable, ExportColumn, ExportKind, ExportValue, ExportFormat, ExportedView,
        BillColumns, BillZone, BillFileView, BillSource, BillVerdict, BillReason, BillReasonView, BillReadingView, BillDaysView, BillView,
        ProviderView, BulkOrderView, ConvertiblePackView, AllocationState, AllocationView,
        ShareKind, ShareView, AllocationPlanView, PickedShare, UnderWay, BusyReceiver, SendAnswer,
        ChannelKind, MessageState, ChannelsView, ChannelView, LastMessageView, ChannelProblem, HostView, HostReason,
        SavedPage, HelpPage, Closing, BackgroundView,
    );
    let ids = declare!(config; AccountId, ProviderId, OrderId, PackId, AllocationId, ModeChangeId, ChannelId, Instant, Day, Money, PricePerCall);
    let lists = [
        listed::<ErrorCode>(config, "ERROR_CODES"),
        listed::<Step>(config, "STEPS"),
        listed::<ChannelKind>(config, "CHANNEL_KINDS"),
    ]
    .concat();
    format!(
        "// Generated from crates/companion/src/api by `cargo xtask bindings`. Do not edit.\n\n{ids}\n{declarations}\n{lists}"
    )
}

fn current(path: &str, wanted: &str) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        std::fs::write(&file, wanted).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(found == wanted, "{path} is out of date: run `cargo xtask bindings`");
}

#[test]
fn committed_bindings_are_current() {
    current("ui/src/ipc/bindings.ts", &bindings());
}

#[test]
fn the_committed_client_is_current() {
    current("ui/src/ipc/client.ts", &client::client());
}

#[test]
fn committed_permissions_are_current() {
    current("src-tauri/permissions/commands.toml", &permissions::permissions());
}
