//! Prices, ids, dates and packs: data, each entry with its source, its date, and whether we assume it.
//!
//! Where sources disagree the tariff keeps every claim and says which is in force.

use crate::input::{self, InputError};
use crate::{AccountKind, Calls, Days, FreeRule, UnitPrice, Yuan};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
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
    /// The price list.
    pub packs: Vec<Pack>,
}

static EMBEDDED: LazyLock<Tariff> = LazyLock::new(|| {
    #[allow(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    Tariff::from_json(include_bytes!("data/tariff.json")).expect("the embedded tariff is sound")
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

    /// A capability on a kind of account; nothing where WeChat does not offer it (realtime on a mini-game).
    pub fn capability(&self, kind: AccountKind, capability: Capability) -> Option<&CapabilityTariff> {
        self.capabilities.iter().find(|entry| entry.kind == kind && entry.capability == capability)
    }

    /// Packs sold on a day, longest validity first, then by calls.
    pub fn packs(&self, capability: Capability, on: NaiveDate) -> Vec<&Pack> {
        let mut packs: Vec<_> =
            self.packs.iter().filter(|pack| pack.capability == capability && pack.is_listed(on)).collect();
        packs.sort_by_key(|pack| (std::cmp::Reverse(pack.days), pack.calls));
        packs
    }

    /// Where a rule of exemption was read.
    pub fn free_rule(&self, rule: FreeRule) -> Option<&FreeRuleEntry> {
        self.free_rules.iter().find(|entry| entry.rule == rule)
    }

    /// What a source key stands for.
    pub fn source(&self, key: &str) -> Option<&SourceNote> {
        self.sources.iter().find(|note| note.key == key)
    }

    fn check(&self) -> Result<(), InputError> {
        self.check_sources()?;
        let mut pairs = BTreeSet::new();
        for (index, entry) in self.capabilities.iter().enumerate() {
            let path = format!("capabilities[{index}]");
            if !pairs.insert((entry.kind, entry.capability)) {
                return Err(InputError::new(path, "this capability occurs twice for this kind of account"));
            }
            let StartDates { in_force, superseded } = &entry.charging_starts;
            if superseded.iter().any(|claim| claim.as_of > in_force.as_of) {
                let path = format!("{path}.charging_starts.superseded");
                return Err(InputError::new(path, "a superseded date is newer than the one in force"));
            }
        }
        for rule in FreeRule::ALL {
            if self.free_rules.iter().filter(|entry| entry.rule == rule).count() != 1 {
                return Err(InputError::new("free_rules", format_args!("{rule:?} must occur exactly once")));
            }
        }
        let falling = |values: &[u16]| values.is_sorted_by(|a, b| a > b);
        let percent: Vec<u16> = self.alerts.percent_left.value.iter().copied().map(u16::from).collect();
        if !falling(&percent) || percent.first().is_some_and(|first| *first > 100) {
            return Err(InputError::new(
                "alerts.percent_left.value",
                "percentages must fall from 100 at most",
            ));
        }
        if !falling(&self.alerts.days_before_end.value) {
            return Err(InputError::new("alerts.days_before_end.value", "days must fall"));
        }
        check_packs(&self.packs)
    }

    fn check_sources(&self) -> Result<(), InputError> {
        let mut used = Vec::new();
        for (index, entry) in self.capabilities.iter().enumerate() {
            let path = format!("capabilities[{index}]");
            used.push((format!("{path}.spu_id"), &entry.spu_id.source));
            used.extend(entry.bulk_spu_id.iter().map(|id| (format!("{path}.bulk_spu_id"), &id.source)));
            used.push((format!("{path}.unit_price"), &entry.unit_price.source));
            used.push((format!("{path}.trial"), &entry.trial.source));
            let starts = &entry.charging_starts;
            used.push((format!("{path}.charging_starts.in_force"), &starts.in_force.source));
            let older = starts.superseded.iter().enumerate();
            used.extend(
                older.map(|(n, start)| (format!("{path}.charging_starts.superseded[{n}]"), &start.source)),
            );
        }
        let rules = self.free_rules.iter().enumerate();
        used.extend(rules.map(|(index, entry)| (format!("free_rules[{index}]"), &entry.source)));
        used.push(("alerts.percent_left".to_owned(), &self.alerts.percent_left.source));
        used.push(("alerts.days_before_end".to_owned(), &self.alerts.days_before_end.source));
        let packs = self.packs.iter().enumerate();
        used.extend(packs.map(|(index, pack)| (format!("packs[{index}]"), &pack.source)));
        match used.into_iter().find(|(_, source)| self.source(source).is_none()) {
            Some((path, source)) => {
                Err(InputError::new(format!("{path}.source"), format_args!("no source is called {source:?}")))
            }
            None => Ok(()),
        }
    }
}

/// Checks the rows of a price list: the embedded one, or one that the shop typed or imported.
pub fn check_packs(packs: &[Pack]) -> Result<(), InputError> {
    let mut ids = BTreeSet::new();
    for (index, pack) in packs.iter().enumerate() {
        let refuse = |field: &str, why: &str| Err(InputError::new(format!("packs[{index}].{field}"), why));
        if pack.id.is_empty() {
            return refuse("id", "an id is empty");
        }
        if pack.calls.is_zero() {
            return refuse("calls", "a pack has at least one call");
        }
        if pack.price > pack.list_price {
            return refuse("price", "the price is above the list price");
        }
        if pack.listed_until.is_some_and(|until| until <= pack.listed_from) {
            return refuse("listed_until", "the pack is delisted before it is listed");
        }
        if !ids.insert((&pack.id, pack.listed_from)) {
            return refuse("id", "a pack of this id is listed from this day already");
        }
    }
    Ok(())
}
