//! The statement: one result per event, lots, totals. The order of fields is the order of keys in the file.
//!
//! Results are not kept: writing a statement applies its history once more, which is quicker than reading as many results
//! back from memory, and lets a statement be longer than memory.

use super::History;
use crate::account::{Account, Decision, EventId, QUOTA_EXHAUSTED, Query, Share, Totals, Use};
use crate::input::{InputError, ReadError};
use crate::lot::LotView;
use crate::refund::Refund;
use crate::{Calls, FreeRule};
use serde::Serialize;
use serde::ser::{Error, SerializeMap, SerializeSeq, Serializer};

/// Whether the account pays nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Free {
    /// Whether it does.
    pub free: bool,
    /// The first rule that holds.
    pub rule: Option<FreeRule>,
}

/// What became of one event.
#[derive(Debug, Clone, Copy)]
pub struct EventResult<'a> {
    /// Its name.
    pub id: &'a EventId,
    /// The answer.
    pub decision: &'a Decision,
    /// Which lots paid for a use, in the order they were consumed.
    pub from: &'a [Share],
    /// The account after the event.
    pub account: &'a Account,
}

/// Applies a history and hands over what became of each event. It fails where `visit` does, where sums leave their range
/// and where a validity leaves the calendar.
pub fn run<H: History>(
    history: &H,
    mut visit: impl FnMut(EventResult<'_>) -> Result<(), InputError>,
) -> Result<Account, ReadError> {
    let mut account = Account::open(history.setting().terms);
    let mut from = Vec::new();
    history.each(|event, again| {
        if !again && let Some(share) = account.charge_same_lot(event) {
            let decision = Decision::Used(Use::Metered { charged: share.calls, blocked: Calls::ZERO });
            return visit(EventResult {
                id: &event.id,
                decision: &decision,
                from: &[share],
                account: &account,
            });
        }
        from.clear();
        let decision = if again { Ok(Decision::Duplicate) } else { account.apply_new(event, &mut from) };
        let decision = decision
            .map_err(|error| InputError::new("events", format_args!("event {}: {error}", event.id)))?;
        visit(EventResult { id: &event.id, decision: &decision, from: &from, account: &account })
    })?;
    Ok(account)
}

/// What a history came to.
#[derive(Debug, Clone)]
pub struct Statement<'a, H> {
    history: &'a H,
    /// Whether the account pays nothing.
    pub free: Free,
    /// Lots with calls left in the order of consumption, then the others by id.
    pub lots: Vec<LotView>,
    /// Sums.
    pub totals: Totals,
}

impl<'a, H: History> Statement<'a, H> {
    /// Applies a history; what [`run`] refuses is refused here, so that writing the statement finds nothing to refuse.
    pub fn of(history: &'a H) -> Result<Self, ReadError> {
        let account = run(history, |_| Ok(()))?;
        let setting = history.setting();
        Ok(Self {
            history,
            free: Free { free: setting.verdict.is_free(), rule: setting.verdict.rule() },
            lots: account.lots(setting.report_at),
            totals: account.totals(setting.report_at),
        })
    }
}

impl<H: History> Serialize for Statement<'_, H> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("free", &self.free)?;
        map.serialize_entry("events", &Results(self.history))?;
        map.serialize_entry("lots", &self.lots)?;
        map.serialize_entry("totals", &self.totals)?;
        map.end()
    }
}

struct Results<'a, H>(&'a H);

impl<H: History> Serialize for Results<'_, H> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        let mut unwritten = None;
        let done = run(self.0, |result| {
            list.serialize_element(&result).map_err(|error| {
                unwritten = Some(error);
                InputError::new("", "the statement could not be written")
            })
        });
        match (unwritten, done) {
            (Some(error), _) => Err(error),
            (None, Err(error)) => Err(S::Error::custom(error)),
            (None, Ok(_)) => list.end(),
        }
    }
}

impl Serialize for EventResult<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", self.id)?;
        match self.decision {
            Decision::Granted(granted) => {
                map.serialize_entry("result", "granted")?;
                map.serialize_entry("lot", &granted.lot)?;
            }
            Decision::Used(used) => {
                map.serialize_entry("result", result_of(*used))?;
                map.serialize_entry("charged", &used.charged())?;
                map.serialize_entry("blocked", &used.blocked())?;
                map.serialize_entry("from", &From(self))?;
            }
            Decision::Queried(Query::Allowed { remaining }) => {
                map.serialize_entry("result", "allowed")?;
                map.serialize_entry("remaining", remaining)?;
            }
            Decision::Queried(Query::Denied) => {
                map.serialize_entry("result", "denied")?;
                map.serialize_entry("errno", &QUOTA_EXHAUSTED)?;
            }
            Decision::Refund(Refund::Refunded { amount }) => {
                map.serialize_entry("result", "refunded")?;
                map.serialize_entry("amount", amount)?;
            }
            Decision::Refund(Refund::Refused { reasons }) => {
                map.serialize_entry("result", "refused")?;
                map.serialize_entry("reasons", reasons)?;
            }
            Decision::Duplicate => map.serialize_entry("result", "duplicate")?,
        }
        map.end()
    }
}

const fn result_of(used: Use) -> &'static str {
    match used {
        Use::Free => "free",
        Use::Metered { blocked: Calls::ZERO, .. } => "charged",
        Use::Metered { charged: Calls::ZERO, .. } => "blocked",
        Use::Metered { .. } => "partly",
    }
}

/// Which lots paid, by their names.
struct From<'a>(&'a EventResult<'a>);

impl Serialize for From<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Paid<'a> {
            lot: &'a str,
            calls: Calls,
        }
        let EventResult { from, account, .. } = self.0;
        serializer.collect_seq(
            from.iter().map(|share| Paid {
                lot: account.lot_name(share.lot).unwrap_or_default(),
                calls: share.calls,
            }),
        )
    }
}
