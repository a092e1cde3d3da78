//! What a scenario must be, beyond its shape.

use super::Setting;
use super::wire::{EventKind, EventWire, SettingWire};
use crate::account::{Action, Event};
use crate::input::{self, InputError, Object, Word};
use crate::{
    AccountKind, AccountTerms, Calls, Capability, Category, SubjectType, Tariff, Verdict, eligibility,
};
use chrono::{DateTime, Utc};

pub(super) fn setting(wire: SettingWire) -> Result<Setting, InputError> {
    let Object(account) = input::required(wire.account, "", "account")?;
    let Word(kind) = input::required(account.kind, "account", "kind")?;
    let Word(subject) = input::required(account.subject, "account", "subject")?;
    let Word(category) = input::required(account.category, "account", "category")?;
    let verified = input::required(account.verified, "account", "verified")?;
    let Word(capability) = input::required(wire.capability, "", "capability")?;
    input::required(wire.events, "", "events")?;
    let report_at = input::required(wire.report_at, "", "report_at")?.0;

    let verdict = decide(kind, subject, category, verified)?;
    let Some(tariff) = Tariff::embedded().capability(kind, capability) else {
        return Err(offered_nowhere(kind, capability));
    };
    let terms = AccountTerms {
        free: verdict.is_free(),
        charging_starts: wire.charging_starts.map_or_else(|| tariff.charging_starts(), |at| at.0),
        trial: wire.trial.unwrap_or(tariff.trial.value),
    };
    Ok(Setting { verdict, terms, report_at })
}

fn decide(
    kind: AccountKind,
    subject: SubjectType,
    category: Category,
    verified: bool,
) -> Result<Verdict, InputError> {
    use eligibility::NotEligible;
    match eligibility::decide(kind, subject, category, verified) {
        verdict @ (Verdict::Free { .. } | Verdict::Pays) => Ok(verdict),
        Verdict::NotEligible { reason: NotEligible::Individual } => {
            Err(InputError::new("account.subject", "the capability is not open to individuals"))
        }
        Verdict::NotEligible { reason: NotEligible::NotVerified } => Err(InputError::new(
            "account.verified",
            "the capability is not open to accounts that are not verified",
        )),
    }
}

fn offered_nowhere(kind: AccountKind, capability: Capability) -> InputError {
    InputError::new("capability", format_args!("{capability:?} is not offered on {kind:?}"))
}

/// What is wrong with a field of an event.
struct Fault {
    field: &'static str,
    message: String,
}

fn needed<T>(value: Option<T>, field: &'static str) -> Result<T, Fault> {
    value.ok_or_else(|| Fault { field, message: "the field is missing".to_owned() })
}

/// The event at a place in the file.
pub(super) fn event(index: usize, wire: EventWire) -> Result<Event, InputError> {
    checked(wire)
        .map_err(|Fault { field, message }| InputError::new(format!("events[{index}].{field}"), message))
}

/// An event at a place in the file must not be later than the statement.
pub(super) fn not_later(index: usize, event: &Event, report_at: DateTime<Utc>) -> Result<(), InputError> {
    if event.at <= report_at {
        return Ok(());
    }
    Err(InputError::new(format!("events[{index}].at"), "the event is later than report_at"))
}

/// A history that was found in order must still be when it is read again.
pub(super) fn not_earlier(
    index: usize,
    event: &Event,
    last: Option<DateTime<Utc>>,
) -> Result<(), InputError> {
    if last.is_none_or(|last| last <= event.at) {
        return Ok(());
    }
    Err(InputError::new(format!("events[{index}].at"), "the history was changed while it was read"))
}

fn checked(wire: EventWire) -> Result<Event, Fault> {
    let EventWire { id, at, kind, calls, days, price, order } = wire;
    let id = needed(id, "id")?;
    let at = needed(at, "at")?.0;
    let Word(kind) = needed(kind, "type")?;
    let has = [
        ("calls", calls.is_some(), kind.has_calls()),
        ("days", days.is_some(), kind.has_days()),
        ("price", price.is_some(), kind.has_price()),
        ("order", order.is_some(), kind.has_order()),
    ];
    if let Some((field, ..)) = has.into_iter().find(|(_, present, known)| *present && !known) {
        return Err(Fault { field, message: format!("unknown field of a {kind}") });
    }
    if calls.is_some_and(Calls::is_zero) {
        return Err(Fault { field: "calls", message: "calls are below 1".to_owned() });
    }
    let calls = || needed(calls, "calls");
    let days = || needed(days, "days");
    let action = match kind {
        EventKind::Purchase => {
            Action::Purchase { calls: calls()?, days: days()?, price: needed(price, "price")? }
        }
        EventKind::Allocate => Action::Allocate { calls: calls()?, days: days()? },
        EventKind::Use => Action::Use { calls: calls()? },
        EventKind::Query => Action::Query,
        EventKind::Refund => Action::Refund { order: needed(order, "order")? },
    };
    Ok(Event { id, at, action })
}
