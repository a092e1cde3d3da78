use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    AccountId, AllocationId, Day, Environment, ErrorCode, Instant, Money, OrderId, PackId, ProviderId,
};

/// A service provider (服务商): somebody with bulk orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ProviderView {
    #[ts(as = "ProviderId")]
    pub id: String,
    pub name: String,
    pub environment: Environment,
    pub app_id: String,
    pub connected_at: Instant,
}

/// One bulk order (集采订单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BulkOrderView {
    #[ts(as = "OrderId")]
    pub id: String,
    /// The wholesale pack's name.
    pub name: Option<String>,
    /// Yuan, two decimals.
    pub price: Option<Money>,
    /// `None` until it is paid.
    pub paid_at: Option<Instant>,
    pub valid_until: Option<Instant>,
    /// Calls of the pool used and in all; `None` until it is paid.
    pub used: Option<u64>,
    pub total: Option<u64>,
}

/// A pack that an order can be turned into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ConvertiblePackView {
    #[ts(as = "PackId")]
    pub sku: String,
    pub name: Option<String>,
    pub calls: Option<u64>,
    pub days: Option<u32>,
}

/// Where an allocation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AllocationState {
    /// Written down; not known whether WeChat got it. It is finished on the next occasion, also after a crash.
    Open,
    /// WeChat took it and carries it out.
    Accepted,
    Done,
    /// Cancelling was asked for.
    Cancelling,
    Cancelled,
    Failed,
}

/// One allocation (分配).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AllocationView {
    #[ts(as = "AllocationId")]
    pub id: String,
    #[ts(as = "OrderId")]
    pub order: String,
    #[ts(as = "PackId")]
    pub sku: String,
    pub receiver_app_id: String,
    pub state: AllocationState,
    pub asked_at: Instant,
    /// Why it failed, is not finished, or was not cancelled.
    pub code: Option<ErrorCode>,
    /// Never sent, and not sent unasked any more: the shop sends it by asking again, or drops it by taking it back.
    pub held: bool,
    /// The account it went to, where the application knows it.
    pub receiver_name: Option<String>,
    /// Until when it can be taken back if nothing of it was used; `None`: not, or not any more.
    pub cancel_until: Option<Instant>,
}

/// What one account should get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ShareKind {
    /// It runs dry within the time to cover.
    Allocate,
    /// It runs dry, but the pool is too small.
    PoolTooSmall,
    /// It runs dry, but no pack of the order fits.
    NoPack,
    /// Calls are on their way to it, or arrived and do not show in its figures yet.
    UnderWay,
    /// It has enough, or pays nothing.
    Enough,
    /// Its usage, or its AppID, is not known.
    Unknown,
}

/// One account in an allocation plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ShareView {
    #[ts(as = "AccountId")]
    pub account: String,
    pub name: String,
    pub app_id: Option<String>,
    pub kind: ShareKind,
    /// The day on which nothing is left, likely; today where it is dry. `None`: not within two years, or not known.
    pub dry_on: Option<Day>,
    pub remaining: Option<u64>,
    /// The pack suggested, and how many of it; 0 where nothing is.
    #[ts(as = "Option<PackId>")]
    pub sku: Option<String>,
    pub count: u32,
    pub calls: u64,
    /// What was sent to it already.
    pub under_way: Option<UnderWay>,
}

/// What was sent to an account and does not show in its figures yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct UnderWay {
    pub allocations: u32,
    /// `None` where the size of a pack is not known.
    pub calls: Option<u64>,
}

/// Who should get how many calls of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AllocationPlanView {
    #[ts(as = "OrderId")]
    pub order: String,
    pub cover_days: u32,
    /// Times to cover that are worth offering, in days.
    pub cover_choices: Vec<u32>,
    /// Calls of the pool that are not handed on, allocations that are still under way taken off.
    pub left: u64,
    /// Calls this plan hands on.
    pub planned: u64,
    pub packs: Vec<ConvertiblePackView>,
    /// Who runs dry first, first; then those who need nothing; then those of whom nothing is known.
    pub shares: Vec<ShareView>,
    /// Most packs one account can get at once.
    pub packs_max: u32,
}

/// What the shop decided to send to one account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct PickedShare {
    pub app_id: String,
    #[ts(as = "PackId")]
    pub sku: String,
    pub count: u32,
}

/// What became of sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum SendAnswer {
    /// All of it is written down, and is being sent.
    Sent { allocations: Vec<AllocationView> },
    /// Nothing was written down: these receivers have an allocation under way, or were served within the hour; or a backup
    /// was restored within the day, which does not know what was sent after it.
    AskFirst { receivers: Vec<BusyReceiver>, restored_at: Option<Instant> },
}

/// A receiver that was sent something a moment ago.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BusyReceiver {
    pub app_id: String,
    /// The account, where the application knows it.
    pub name: Option<String>,
    /// Allocations under way to it, and those that arrived within the hour.
    pub allocations: u32,
}
