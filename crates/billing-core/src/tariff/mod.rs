//! Prices, ids, dates, packs and holidays: data, each entry with its source, its date, and whether we assume it.
//!
//! Where sources disagree the tariff keeps every claim and says which is in force. A shop may put its own price list over
//! it, see [`Tariff::with_price_list`]; what applied on a day says [`Tariff::on`].

mod check;
mod price_list;

pub use price_list::PriceList;

use crate::input::{self, InputError};
use crate::working_days::WorkingDays;
use crate::{AccountKind, Calls, Days, FreeRule, UnitPrice, Yuan};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// 付费能力: what is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// 手机号快速验证组件
    Quick,
    /// 手机号实时验证组件
    Realtime,
}

/// A value with where and when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact<T> {
    /// The value.
    pub value: T,
    /// Key of an entry of [`Tariff::sources`].
    pub source: String,
    /// The day on which the source said so.
    pub as_of: NaiveDate,
    /// Whether no source says so and we assume it.
    pub assumed: bool,
}

/// A start date that one source gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartClaim {
    /// From this instant on calls are charged.
    #[serde(with = "crate::time::beijing")]
    pub at: DateTime<Utc>,
    /// Key of an entry of [`Tariff::sources`].
    pub source: String,
    /// The day on which the source said so.
    pub as_of: NaiveDate,
    /// Whether no source says so and we assume it.
    pub assumed: bool,
}

/// When charging starts, where sources disagree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartDates {
    /// The claim that counts: the newest.
    pub in_force: StartClaim,
    /// What older sources say.
    pub superseded: Vec<StartClaim>,
}

/// Where entries come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceNote {
    /// The key that entries name.
    pub key: String,
    /// For screens, in Chinese.
    pub title_zh: String,
    /// For screens, in English.
    pub title_en: String,
}

/// One capability on one kind of account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapabilityTariff {
    /// On which kind of account.
    pub kind: AccountKind,
    /// Which capability.
    pub capability: Capability,
    /// WeChat's name of the component.
    pub component: String,
    /// WeChat's product id.
    pub spu_id: Fact<String>,
    /// The product id of bulk orders (集采), where they exist.
    pub bulk_spu_id: Option<Fact<String>>,
    /// The standard price of a call.
    pub unit_price: Fact<UnitPrice>,
    /// Trial quota of an account.
    pub trial: Fact<Calls>,
    /// When charging starts.
    pub charging_starts: StartDates,
}

impl CapabilityTariff {
    /// From this instant on calls are charged.
    pub const fn charging_starts(&self) -> DateTime<Utc> {
        self.charging_starts.in_force.at
    }
}

/// 资源包: a row of the price list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Its name: capability, days, calls – `q-365-1000`.
    pub id: String,
    /// What it pays for.
    pub capability: Capability,
    /// Calls in it, at least one.
    pub calls: Calls,
    /// Its validity.
    pub days: Days,
    /// What is paid.
    pub price: Yuan,
    /// The price before the discount, at least `price`.
    pub list_price: Yuan,
    /// The first day on which it is sold at this price.
    pub listed_from: NaiveDate,
    /// The first day on which it no longer is.
    pub listed_until: Option<NaiveDate>,
    /// Key of an entry of [`Tariff::sources`].
    pub source: String,
    /// The day on which the source said so.
    pub as_of: NaiveDate,
    /// Whether no source says so and we assume it.
    pub assumed: bool,
}

impl Pack {
    /// The price of one call, rounded to four decimals. Nothing for a pack of no calls, which the loader refuses.
    pub fn price_per_call(&self) -> Option<UnitPrice> {
        self.price.per_call(self.calls)
    }

    /// Whether it is sold at this price on a day.
    pub fn is_listed(&self, on: NaiveDate) -> bool {
        self.listed_from <= on && self.listed_until.is_none_or(|until| on < until)
    }
}

/// Where a rule of exemption was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FreeRuleEntry {
    /// The rule.
    pub rule: FreeRule,
    /// Key of an entry of [`Tariff::sources`].
    pub source: String,
    /// The day on which the source said so.
    pub as_of: NaiveDate,
    /// Whether no source says so and we assume it.
    pub assumed: bool,
}

/// When WeChat itself warns; the application uses the same defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertThresholds {
    /// Shares of the total left, in percent, falling.
    pub percent_left: Fact<Vec<u8>>,
    /// Days before a lot ends, falling.
    pub days_before_end: Fact<Vec<u16>>,
}

/// Everything that is data in the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tariff {
    /// Which edition this is: the day it was put together.
    pub version: NaiveDate,
    /// Where entries come from.
    pub sources: Vec<SourceNote>,
    /// Capabilities by kind of account.
    pub capabilities: Vec<CapabilityTariff>,
    /// Where the rules of exemption were read.
    pub free_rules: Vec<FreeRuleEntry>,
    /// When WeChat warns.
    pub alerts: AlertThresholds,
    /// Public holidays by year.
    pub holidays: WorkingDays,
    /// The price list: every row that was ever in force, see [`Pack::is_listed`].
    pub packs: Vec<Pack>,
}

/// What applies on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InForce<'a> {
    /// The day in Beijing.
    pub day: NaiveDate,
    /// Edition of the tariff.
    pub version: NaiveDate,
    /// Capabilities by kind of account.
    pub capabilities: Vec<CapabilityInForce<'a>>,
    /// Packs sold on this day: by capability, longest validity first, then by calls.
    pub packs: Vec<&'a Pack>,
    /// Whether people work on this day; nothing where the holidays of the year are not known.
    pub working: Option<bool>,
}

/// A capability on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CapabilityInForce<'a> {
    /// Whether calls are charged on this day.
    pub charged: bool,
    /// Its entry.
    #[serde(flatten)]
    pub entry: &'a CapabilityTariff,
}

static EMBEDDED: LazyLock<Tariff> = LazyLock::new(|| {
    #[allow(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    Tariff::from_json(include_bytes!("../data/tariff.json")).expect("the embedded tariff is sound")
});

impl Tariff {
    /// The tariff this program was built with.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// Reads a tariff. An error names the entry.
    pub fn from_json(json: &[u8]) -> Result<Self, InputError> {
        let tariff: Self = input::parse(json)?;
        tariff.check()?;
        Ok(tariff)
    }

    /// A capability on a kind of account; nothing where the tariff has no price of it.
    pub fn capability(&self, kind: AccountKind, capability: Capability) -> Option<&CapabilityTariff> {
        self.capabilities.iter().find(|entry| entry.kind == kind && entry.capability == capability)
    }

    /// Packs sold on a day, longest validity first, then by calls.
    pub fn packs(&self, capability: Capability, on: NaiveDate) -> Vec<&Pack> {
        self.on(on).packs.into_iter().filter(|pack| pack.capability == capability).collect()
    }

    /// What applies on a day.
    pub fn on(&self, day: NaiveDate) -> InForce<'_> {
        let capabilities = self.capabilities.iter().map(|entry| CapabilityInForce {
            charged: crate::time::beijing_day(entry.charging_starts()) <= day,
            entry,
        });
        let mut packs: Vec<_> = self.packs.iter().filter(|pack| pack.is_listed(day)).collect();
        packs.sort_by_key(|pack| (pack.capability, std::cmp::Reverse(pack.days), pack.calls));
        InForce {
            day,
            version: self.version,
            capabilities: capabilities.collect(),
            packs,
            working: self.holidays.is_working(day),
        }
    }

    /// Where a rule of exemption was read.
    pub fn free_rule(&self, rule: FreeRule) -> Option<&FreeRuleEntry> {
        self.free_rules.iter().find(|entry| entry.rule == rule)
    }

    /// What a source key stands for.
    pub fn source(&self, key: &str) -> Option<&SourceNote> {
        self.sources.iter().find(|note| note.key == key)
    }
}
