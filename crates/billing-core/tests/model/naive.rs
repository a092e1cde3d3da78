//! The naive implementation.

use billing_core::account::{Action, Event};
use billing_core::replay::{History, Scenario};
use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// First usable instant, first instant that is no longer.
type Window = (DateTime<Utc>, DateTime<Utc>);

struct Lot {
    id: String,
    source: u8,
    total: u64,
    used: u64,
    /// Nothing for the trial.
    window: Option<Window>,
    paid: Option<(DateTime<Utc>, Decimal)>,
    refunded: bool,
}

impl Lot {
    fn usable(&self, at: DateTime<Utc>) -> bool {
        self.used < self.total
            && !self.refunded
            && self.window.is_none_or(|(effective, expires)| effective <= at && at < expires)
    }

    /// What decides whose turn it is: the trial, then end, start, id.
    fn turn(&self) -> (Option<Window>, &str) {
        (self.window.map(|(effective, expires)| (expires, effective)), &self.id)
    }

    fn status(&self, at: DateTime<Utc>) -> u8 {
        let ended = self.window.is_some_and(|(_, expires)| at >= expires);
        if self.refunded || ended || self.used == self.total {
            3
        } else if self.window.is_some_and(|(effective, _)| at < effective) {
            2
        } else {
            1
        }
    }
}

struct Naive {
    free: bool,
    start: DateTime<Utc>,
    lots: Vec<Lot>,
    seen: Vec<String>,
    blocked: u64,
}

pub(crate) fn statement(scenario: &Scenario) -> Value {
    let terms = scenario.setting().terms;
    let mut naive =
        Naive { free: terms.free, start: terms.charging_starts, lots: vec![], seen: vec![], blocked: 0 };
    if terms.trial.get() > 0 {
        naive.lots.push(Lot {
            id: "trial".to_owned(),
            source: 1,
            total: terms.trial.get(),
            used: 0,
            window: None,
            paid: None,
            refunded: false,
        });
    }
    let events: Vec<Value> = scenario.events().iter().map(|event| naive.apply(event)).collect();
    let rule = if terms.free { json!("government_or_non_profit") } else { Value::Null };
    let at = scenario.setting().report_at;
    json!({
        "free": { "free": terms.free, "rule": rule },
        "events": events,
        "lots": naive.lots(at),
        "totals": naive.totals(at),
    })
}

impl Naive {
    fn apply(&mut self, event: &Event) -> Value {
        let id = event.id.as_str().to_owned();
        if self.seen.contains(&id) {
            return json!({ "id": id, "result": "duplicate" });
        }
        self.seen.push(id.clone());
        let at = event.at;
        match &event.action {
            Action::Purchase { calls, days, price } => {
                self.grant(&id, at, calls.get(), days.get(), Some((at, price.get())))
            }
            Action::Allocate { calls, days } => self.grant(&id, at, calls.get(), days.get(), None),
            Action::Use { calls } => self.charge(&id, at, calls.get()),
            Action::Query if self.free || at < self.start => {
                json!({ "id": id, "result": "allowed", "remaining": null })
            }
            Action::Query => {
                let usable = self.lots.iter().filter(|lot| lot.usable(at));
                match usable.map(|lot| lot.total - lot.used).sum::<u64>() {
                    0 => json!({ "id": id, "result": "denied", "errno": 1_400_001 }),
                    remaining => json!({ "id": id, "result": "allowed", "remaining": remaining }),
                }
            }
            Action::Refund { order } => self.refund(&id, at, order),
        }
    }

    fn grant(
        &mut self,
        id: &str,
        at: DateTime<Utc>,
        total: u64,
        days: u16,
        paid: Option<(DateTime<Utc>, Decimal)>,
    ) -> Value {
        let effective = if at < self.start { self.start } else { at };
        let expires = effective + TimeDelta::seconds(i64::from(days) * 24 * 60 * 60);
        let source = if paid.is_some() { 2 } else { 3 };
        let window = Some((effective, expires));
        self.lots.push(Lot { id: id.to_owned(), source, total, used: 0, window, paid, refunded: false });
        json!({ "id": id, "result": "granted", "lot": id })
    }

    fn charge(&mut self, id: &str, at: DateTime<Utc>, calls: u64) -> Value {
        if self.free || at < self.start {
            return json!({ "id": id, "result": "free", "charged": 0, "blocked": 0, "from": [] });
        }
        let mut payers: Vec<String> = Vec::new();
        for _ in 0..calls {
            let next =
                self.lots.iter_mut().filter(|lot| lot.usable(at)).min_by(|a, b| a.turn().cmp(&b.turn()));
            match next {
                Some(lot) => {
                    lot.used += 1;
                    payers.push(lot.id.clone());
                }
                None => self.blocked += 1,
            }
        }
        let charged = u64::try_from(payers.len()).unwrap();
        let result = match charged {
            0 => "blocked",
            all if all == calls => "charged",
            _ => "partly",
        };
        let from: Vec<Value> = payers
            .chunk_by(|a, b| a == b)
            .map(|share| json!({ "lot": share[0], "calls": share.len() }))
            .collect();
        json!({ "id": id, "result": result, "charged": charged, "blocked": calls - charged, "from": from })
    }

    fn refund(&mut self, id: &str, at: DateTime<Utc>, order: &str) -> Value {
        let Some(lot) = self.lots.iter_mut().find(|lot| lot.id == order && lot.paid.is_some()) else {
            return json!({ "id": id, "result": "refused", "reasons": ["unknown_order"] });
        };
        let (paid_at, price) = lot.paid.unwrap();
        let mut reasons = Vec::new();
        if lot.refunded {
            reasons.push("already_refunded");
        }
        if lot.used > 0 {
            reasons.push("used");
        }
        if at > paid_at + TimeDelta::seconds(7 * 24 * 60 * 60) {
            reasons.push("too_late");
        }
        if at >= lot.window.unwrap().1 {
            reasons.push("expired");
        }
        if reasons.is_empty() {
            lot.refunded = true;
            return json!({ "id": id, "result": "refunded", "amount": format!("{price:.2}") });
        }
        json!({ "id": id, "result": "refused", "reasons": reasons })
    }

    fn lots(&self, at: DateTime<Utc>) -> Vec<Value> {
        let mut live: Vec<&Lot> = self.lots.iter().filter(|lot| lot.status(at) != 3).collect();
        live.sort_by(|a, b| a.turn().cmp(&b.turn()));
        let mut spent: Vec<&Lot> = self.lots.iter().filter(|lot| lot.status(at) == 3).collect();
        spent.sort_by(|a, b| a.id.cmp(&b.id));
        live.into_iter().chain(spent).map(|lot| view(lot, at)).collect()
    }

    fn totals(&self, at: DateTime<Utc>) -> Value {
        let views = self.lots(at);
        let sum = |key: &str| views.iter().map(|lot| lot[key].as_u64().unwrap()).sum::<u64>();
        let money = |refunded_only: bool| -> Decimal {
            let lots = self.lots.iter().filter(|lot| !refunded_only || lot.refunded);
            lots.filter_map(|lot| lot.paid).map(|(_, price)| price).sum()
        };
        json!({
            "granted": sum("total"), "used": sum("used"), "remaining": sum("remaining"), "expired": sum("expired"),
            "refunded": sum("refunded"), "blocked": self.blocked,
            "paid": format!("{:.2}", money(false)), "returned": format!("{:.2}", money(true)),
        })
    }
}

fn view(lot: &Lot, at: DateTime<Utc>) -> Value {
    let unused = lot.total - lot.used;
    let ended = lot.window.is_some_and(|(_, expires)| at >= expires);
    let (remaining, expired, refunded) = match (lot.refunded, ended) {
        (true, _) => (0, 0, unused),
        (false, true) => (0, unused, 0),
        (false, false) => (unused, 0, 0),
    };
    let text = |at: DateTime<Utc>| {
        let beijing = (at + TimeDelta::hours(8)).naive_utc();
        format!("{}+08:00", beijing.format("%Y-%m-%dT%H:%M:%S"))
    };
    json!({
        "lot": lot.id, "source": lot.source, "status": lot.status(at), "total": lot.total, "used": lot.used,
        "remaining": remaining, "expired": expired, "refunded": refunded,
        "effective_at": lot.window.map(|(effective, _)| text(effective)),
        "expires_at": lot.window.map(|(_, expires)| text(expires)),
    })
}
