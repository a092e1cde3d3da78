//! Alerts: a share of the total crossed, a lot that ends. Each crossing is announced once; a refill arms it again **A**.
//!
//! The billing core decides what is new; when one call crosses several shares, it announces the deepest **A**.

use super::event::Fields;
use crate::assumed::{event_names as names, row_status, validity_end_time};
use crate::catalogue;
use crate::model::CAPABILITIES;
use crate::store::billing::Accounts;
use crate::store::bulk::{self, BulkOrder};
use crate::store::error::Stored;
use crate::store::{agents, pushes};
use billing_core::alert::{Alert, Observation, ObservedLot, Thresholds, Told};
use billing_core::{Account, Calls, CallsTotal, Capability, Status, Tariff};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Connection;

const DAY: i64 = 86_400;

/// Days before the end at which an event is sent; 0 is the end itself **W**.
fn days_before_end() -> Vec<u16> {
    let mut days = Tariff::embedded().alerts.days_before_end.value.clone();
    days.push(0);
    days
}

/// How a product stands, of a mini-program or of a provider.
struct Standing {
    total: CallsTotal,
    remaining: CallsTotal,
    lots: Vec<(ObservedLot, DateTime<Utc>)>,
}

fn ends_in_days(end: DateTime<Utc>, now: DateTime<Utc>) -> u32 {
    let seconds = (end - now).num_seconds().max(0);
    u32::try_from(seconds.unsigned_abs().div_ceil(DAY.unsigned_abs())).unwrap_or(u32::MAX)
}

fn lot(name: String, unused: Calls, end: DateTime<Utc>, now: DateTime<Utc>) -> (ObservedLot, DateTime<Utc>) {
    let ends_in_days = ends_in_days(end, now);
    (ObservedLot { lot: name, ends_in_days, remaining: unused, will_expire: Calls::ZERO }, end)
}

impl Standing {
    /// All packs in force together, not each **W**.
    fn of_account(account: &Account, now: DateTime<Utc>) -> Self {
        let lots = account.lots(now);
        let in_force = || lots.iter().filter(|lot| row_status(lot, now) == Status::InEffect);
        Self {
            total: in_force().map(|lot| lot.total).sum(),
            remaining: in_force().map(|lot| lot.remaining).sum(),
            lots: lots
                .iter()
                .filter(|lot| lot.refunded.is_zero())
                .filter_map(|view| {
                    let unused = view.total.saturating_sub(view.used);
                    Some(lot(view.lot.to_string(), unused, view.expires_at?, now))
                })
                .collect(),
        }
    }

    fn of_orders(connection: &Connection, orders: &[BulkOrder], now: DateTime<Utc>) -> Stored<Self> {
        let (mut total, mut remaining) = (CallsTotal::ZERO, CallsTotal::ZERO);
        let mut lots = Vec::new();
        for order in orders.iter().filter(|order| order.paid_at.is_some()) {
            let left = bulk::pool(connection, order)?.left();
            if now < order.ends_at() {
                total = total.checked_add(order.calls).unwrap_or(total);
                remaining = remaining.checked_add(left).unwrap_or(remaining);
            }
            lots.push(lot(order.id.clone(), left, order.ends_at(), now));
        }
        Ok(Self { total, remaining, lots })
    }

    /// Returns what is new since the last look. The first look announces nothing, it only records the state.
    fn look(&self, told: Option<Told>) -> (Told, Vec<Alert>) {
        let thresholds = Thresholds {
            percent_left: Tariff::embedded().alerts.percent_left.value.clone(),
            days_before_end: days_before_end(),
            runs_out_within_days: 0,
        };
        let lots = self.lots.iter().map(|(lot, _)| lot.clone()).collect();
        let now = Observation { total: self.total, remaining: self.remaining, lots, runs_out_in_days: None };
        let first = told.is_none();
        let mut told = told.unwrap_or_default();
        let alerts = told.observe(&thresholds, &now);
        (told, if first { Vec::new() } else { alerts })
    }

    /// The next instant at which a lot comes nearer to its end.
    fn next_moment(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let moments = |end: DateTime<Utc>| {
            days_before_end().into_iter().map(move |days| end - TimeDelta::days(days.into()))
        };
        self.lots.iter().flat_map(|(_, end)| moments(*end)).filter(|moment| *moment > now).min()
    }
}

/// Who gets the events, and under which names.
struct Recipient {
    app_id: String,
    quota: &'static str,
    validity: &'static str,
}

/// A mini-program's own address, and those of third-party platforms that hold permission set 18 **W**.
fn recipients(connection: &Connection, app_id: &str) -> Stored<Vec<Recipient>> {
    let mut found = Vec::new();
    if pushes::has_address(connection, app_id)? {
        found.push(Recipient { app_id: app_id.to_owned(), quota: names::QUOTA, validity: names::VALIDITY });
    }
    for agent in agents::authorised(connection, app_id)? {
        if pushes::has_address(connection, &agent)? {
            found.push(Recipient {
                app_id: agent,
                quota: names::QUOTA_TO_PLATFORM,
                validity: names::VALIDITY_TO_PLATFORM,
            });
        }
    }
    Ok(found)
}

fn spu_number(spu: &str) -> i64 {
    spu.parse().unwrap_or_default()
}

fn calls(total: CallsTotal) -> i64 {
    i64::try_from(total.get()).unwrap_or(i64::MAX)
}

/// Looks at one product of a mini-program and announces what is new.
pub(crate) fn look_at(
    connection: &Connection,
    accounts: &mut Accounts,
    app_id: &str,
    capability: Capability,
    now: DateTime<Utc>,
) -> Stored<()> {
    let recipients = recipients(connection, app_id)?;
    let Some(tariff) = catalogue::tariff(capability).filter(|_| !recipients.is_empty()) else {
        return Ok(());
    };
    let standing = Standing::of_account(accounts.get(app_id, capability)?, now);
    if let Some(moment) = standing.next_moment(now) {
        accounts.is_due_at(moment);
    }
    let (told, alerts) = standing.look(pushes::alert_state(connection, app_id, capability)?);
    pushes::set_alert_state(connection, app_id, capability, &told)?;
    for alert in &alerts {
        for Recipient { app_id: recipient, quota, validity } in &recipients {
            let named = |fields: Fields| {
                fields.number("spu_id", spu_number(&tariff.spu_id.value)).text("spu_name", &tariff.component)
            };
            let event = match alert {
                Alert::PercentLeft { .. } => named(Fields::begin(recipient, quota, 3, now))
                    .number("total_quota", calls(standing.total))
                    .number("total_used_quota", calls(standing.total) - calls(standing.remaining)),
                Alert::EndsSoon { lot, .. } => named(Fields::begin(recipient, validity, 4, now))
                    .text("validity_end_time", &standing.end_of(lot)),
                Alert::RunsOutSoon { .. }
                | Alert::WillExpire { .. }
                | Alert::Guarded { .. }
                | Alert::GuardStuck { .. }
                | Alert::UsageHigh { .. } => continue,
            };
            accounts.announce(connection, recipient, &event.text("appid", app_id), now)?;
        }
    }
    Ok(())
}

impl Standing {
    fn end_of(&self, lot: &str) -> String {
        let found = self.lots.iter().find(|(known, _)| known.lot == lot);
        found.map(|(_, end)| validity_end_time(*end)).unwrap_or_default()
    }
}

/// Looks at a provider's own orders of one product.
pub(crate) fn look_at_orders(
    connection: &Connection,
    accounts: &mut Accounts,
    provider: &str,
    capability: Capability,
    now: DateTime<Utc>,
) -> Stored<()> {
    if !pushes::has_address(connection, provider)? {
        return Ok(());
    }
    let standing = Standing::of_orders(connection, &bulk::all(connection, provider, capability)?, now)?;
    if let Some(moment) = standing.next_moment(now) {
        accounts.is_due_at(moment);
    }
    let (told, alerts) = standing.look(pushes::alert_state(connection, provider, capability)?);
    pushes::set_alert_state(connection, provider, capability, &told)?;
    for alert in &alerts {
        let named = |fields: Fields| {
            fields
                .number("sp_spu_id", spu_number(catalogue::bulk_spu(capability)))
                .text("sp_spu_name", &catalogue::bulk_spu_name(capability))
        };
        let event = match alert {
            Alert::PercentLeft { .. } => named(Fields::begin(provider, names::QUOTA_OF_PROVIDER, 1, now))
                .number("total_quota", calls(standing.total))
                .number("total_used_quota", calls(standing.total) - calls(standing.remaining)),
            Alert::EndsSoon { lot, .. } => {
                named(Fields::begin(provider, names::VALIDITY_OF_PROVIDER, 2, now))
                    .text("validity_end_time", &standing.end_of(lot))
            }
            Alert::RunsOutSoon { .. }
            | Alert::WillExpire { .. }
            | Alert::Guarded { .. }
            | Alert::GuardStuck { .. }
            | Alert::UsageHigh { .. } => continue,
        };
        accounts.announce(connection, provider, &event.text("appid", provider), now)?;
    }
    Ok(())
}

/// Looks at every account that has a push address.
pub(crate) fn scan(connection: &Connection, accounts: &mut Accounts, now: DateTime<Utc>) -> Stored<()> {
    for capability in CAPABILITIES {
        for app_id in pushes::watched_programs(connection)? {
            look_at(connection, accounts, &app_id, capability, now)?;
        }
        for provider in pushes::watched_providers(connection)? {
            look_at_orders(connection, accounts, &provider, capability, now)?;
        }
    }
    Ok(())
}

/// Announces the result of an allocation or of its cancellation to the provider.
pub(crate) fn announce_result(
    connection: &Connection,
    accounts: &mut Accounts,
    settled: &bulk::Settled,
    now: DateTime<Utc>,
) -> Stored<()> {
    let bulk::Settled { assignment, order, cancelled, result } = settled;
    let tariff = catalogue::tariff(order.capability);
    let spu = tariff.map(|tariff| tariff.spu_id.value.as_str()).unwrap_or_default();
    let (name, event_type) = if *cancelled { (names::ASSIGN_CANCELLED, 6) } else { (names::ASSIGNED, 5) };
    let mut event = Fields::begin(&order.provider, name, event_type, now)
        .number("result", *result)
        .text("order_id", &order.id)
        .text("assign_appid", &order.provider)
        .text("receive_appid", &assignment.receiver)
        .text("sp_spu_id", catalogue::bulk_spu(order.capability))
        .text("sp_sku_id", &order.sku_id.to_string())
        .text("spu_id", spu)
        .text("sku_id", &assignment.sku_id.to_string())
        .text("request_id", assignment.request_id.as_str());
    if !*cancelled {
        event = event.text("receive_pkg_id", assignment.lot.as_deref().unwrap_or_default());
    }
    let times = if assignment.told_twice && !*cancelled { 2 } else { 1 };
    for _ in 0..times {
        accounts.announce(connection, &order.provider, &event, now)?;
    }
    Ok(())
}
