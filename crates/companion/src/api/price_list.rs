use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AccountKind, Day, Instant, Money, PackId, PricePerCall};

/// 付费能力: what a pack pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PricedCapability {
    /// 手机号快速验证组件
    Quick,
    /// 手机号实时验证组件
    Realtime,
}

/// Where a price or a date was read, in both languages; the shop's own words are the same in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SourceText {
    pub zh: String,
    pub en: String,
}

/// The price list on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PriceListView {
    /// The day asked about, in Beijing.
    pub day: Day,
    /// Which list of the shop's own is in force; 0: none was ever made.
    pub version: u64,
    /// When the shop changed its list last.
    pub changed_at: Option<Instant>,
    /// Rows of the shop's own.
    pub own_rows: u32,
    /// The day on which the built-in list was put together.
    pub built_in_as_of: Day,
    /// The shop's list fits over the built-in one. Otherwise the built-in one is in force, and the shop's stays stored.
    pub fits: bool,
    /// Every row that is or was in force, packs in the order of the catalogue, newest row first.
    pub rows: Vec<PriceRowView>,
    pub capabilities: Vec<PricedCapabilityView>,
}

/// One row, with where and when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PriceRowView {
    #[ts(as = "PackId")]
    pub id: String,
    pub capability: PricedCapability,
    pub calls: u64,
    pub days: u32,
    /// Yuan, two decimals; the same for the next one.
    pub price: Money,
    pub list_price: Money,
    /// Yuan, up to four decimals.
    pub price_per_call: Option<PricePerCall>,
    /// The first day at this price.
    pub from: Day,
    /// The first day no longer at this price.
    pub until: Option<Day>,
    pub source: SourceText,
    pub as_of: Day,
    /// No source says so.
    pub assumed: bool,
    /// The shop's own row.
    pub own: bool,
    /// Sold at this price on the day asked about.
    pub in_force: bool,
}

/// A capability's standard price on a kind of account and since when it is charged, with every claim where sources
/// disagree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PricedCapabilityView {
    pub kind: AccountKind,
    pub capability: PricedCapability,
    /// Yuan a call.
    pub unit_price: PricePerCall,
    pub unit_price_source: SourceText,
    pub unit_price_as_of: Day,
    /// The claim in force first, then what older sources say.
    pub charging_starts: Vec<StartClaimView>,
}

/// When charging starts, as one source says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct StartClaimView {
    pub day: Day,
    pub source: SourceText,
    pub as_of: Day,
    pub in_force: bool,
}

/// A row as the shop types it, to be checked: days are `YYYY-MM-DD`, prices yuan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct PriceRowDraft {
    pub capability: PricedCapability,
    pub calls: u64,
    pub days: u32,
    pub price: String,
    /// The price, unless given.
    pub list_price: Option<String>,
    pub from: String,
    pub until: Option<String>,
    pub source: String,
}
