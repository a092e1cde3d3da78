use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Environment, ErrorCode};

/// A service provider (服务商): somebody with bulk orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ProviderView {
    pub id: String,
    pub name: String,
    pub environment: Environment,
    pub app_id: String,
    pub connected_at: String,
}

/// One bulk order (集采订单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BulkOrderView {
    pub id: String,
    /// The wholesale pack's name.
    pub name: Option<String>,
    /// Yuan, two decimals.
    pub price: Option<String>,
    /// `None` until it is paid.
    pub paid_at: Option<String>,
    pub valid_until: Option<String>,
    /// Calls of the pool used and in all; `None` until it is paid.
    pub used: Option<u64>,
    pub total: Option<u64>,
}

/// A pack that an order can be turned into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ConvertiblePackView {
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
    pub id: String,
    pub order: String,
    pub sku: String,
    pub receiver_app_id: String,
    pub state: AllocationState,
    pub asked_at: String,
    /// Why it failed, or why it was not cancelled.
    pub code: Option<ErrorCode>,
}
