//! Scenario files: a history goes in, the statement comes out.
//!
//! [`parse`] reads and checks a scenario; [`run`] applies it to an [`Account`](crate::Account). Events are applied by time,
//! equal times in the order of the file.

mod statement;
mod wire;

pub use statement::{EventResult, Free, Outcome, Statement, run};

use crate::account::{Action, Event};
use crate::input::{self, InputError, Object, Word};
use crate::{
    AccountKind, AccountTerms, Calls, Capability, Category, SubjectType, Tariff, Verdict, eligibility,
};
use chrono::{DateTime, Utc};
use wire::{EventWire, ScenarioWire};

/// A checked scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// What the account pays; never `NotEligible`, which [`parse`] refuses.
    pub verdict: Verdict,
    /// What holds from the beginning.
    pub terms: AccountTerms,
    /// What happened, in the order in which it is applied.
    pub events: Vec<Event>,
    /// When the statement is drawn up; no event is later.
    pub report_at: DateTime<Utc>,
}

/// Reads a scenario. What is not understood is refused with the path of the field.
///
/// ```
/// let refused = billing_core::replay::parse(br#"{ "account": { "kind": "mini_shop" } }"#).unwrap_err();
/// assert_eq!(refused.path, "account.kind");
/// ```
pub fn parse(json: &[u8]) -> Result<Scenario, InputError> {
    let Object(scenario) = input::parse(json)?;
    check(scenario)
}

fn check(wire: ScenarioWire) -> Result<Scenario, InputError> {
    let Object(account) = input::required(wire.account, "", "account")?;
    let Word(kind) = input::required(account.kind, "account", "kind")?;
    let Word(subject) = input::required(account.subject, "account", "subject")?;
    let Word(category) = input::required(account.category, "account", "category")?;
    let verified = input::required(account.verified, "account", "verified")?;
    let Word(capability) = input::required(wire.capability, "", "capability")?;
    let events = input::required(wire.events, "", "events")?;
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
    let events: Result<Vec<Event>, InputError> = events
        .into_iter()
        .enumerate()
        .map(|(index, Object(event))| check_event(event, &format!("events[{index}]"), report_at))
        .collect();
    let mut events = events?;
    events.sort_by_key(|event| event.at);
    Ok(Scenario { verdict, terms, events, report_at })
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

fn check_event(wire: EventWire, path: &str, report_at: DateTime<Utc>) -> Result<Event, InputError> {
    let EventWire { id, at, kind, calls, days, price, order } = wire;
    let id = input::required(id, path, "id")?;
    let at = input::required(at, path, "at")?.0;
    let Word(kind) = input::required(kind, path, "type")?;
    if at > report_at {
        return Err(InputError::new(format!("{path}.at"), "the event is later than report_at"));
    }
    let has = [
        ("calls", calls.is_some(), kind.has_calls()),
        ("days", days.is_some(), kind.has_days()),
        ("price", price.is_some(), kind.has_price()),
        ("order", order.is_some(), kind.has_order()),
    ];
    for (field, present, known) in has {
        if present && !known {
            return Err(InputError::new(
                format!("{path}.{field}"),
                format_args!("unknown field of a {kind}"),
            ));
        }
    }
    let calls = || match calls {
        Some(Calls::ZERO) => Err(InputError::new(format!("{path}.calls"), "calls are below 1")),
        calls => input::required(calls, path, "calls"),
    };
    let days = || input::required(days, path, "days");
    let action = match kind {
        wire::EventKind::Purchase => {
            Action::Purchase { calls: calls()?, days: days()?, price: input::required(price, path, "price")? }
        }
        wire::EventKind::Allocate => Action::Allocate { calls: calls()?, days: days()? },
        wire::EventKind::Use => Action::Use { calls: calls()? },
        wire::EventKind::Query => Action::Query,
        wire::EventKind::Refund => Action::Refund { order: input::required(order, path, "order")? },
    };
    Ok(Event { id, at, action })
}
