//! Events written as a scenario file.

use billing_core::account::{Action, Event};
use billing_core::replay::Setting;
use billing_core::time::beijing_text;
use serde_json::{Value, json};
use std::borrow::Borrow;
use std::io::{self, Write};

/// One event as it stands in a file.
pub(crate) fn event(event: &Event) -> Value {
    let (id, at) = (event.id.as_str(), beijing_text(event.at));
    match &event.action {
        Action::Purchase { calls, days, price } => {
            json!({ "id": id, "at": at, "type": "purchase", "calls": calls, "days": days, "price": price })
        }
        Action::Allocate { calls, days } => {
            json!({ "id": id, "at": at, "type": "allocate", "calls": calls, "days": days })
        }
        Action::Use { calls } => json!({ "id": id, "at": at, "type": "use", "calls": calls }),
        Action::Query => json!({ "id": id, "at": at, "type": "query" }),
        Action::Refund { order } => json!({ "id": id, "at": at, "type": "refund", "order": order }),
    }
}

/// Writes a scenario file with these events, in this order.
pub(crate) fn scenario(
    out: &mut impl Write,
    setting: &Setting,
    events: impl IntoIterator<Item = impl Borrow<Event>>,
) -> io::Result<()> {
    let subject = if setting.terms.free { "government" } else { "enterprise" };
    let account =
        json!({ "kind": "mini_program", "subject": subject, "category": "retail", "verified": true });
    let start = beijing_text(setting.terms.charging_starts);
    write!(out, "{{ \"account\": {account}, \"capability\": \"quick\", \"charging_starts\": \"{start}\",")?;
    write!(out, " \"trial\": {},\n  \"events\": [", setting.terms.trial)?;
    for (index, one) in events.into_iter().enumerate() {
        write!(out, "{}\n    {}", if index == 0 { "" } else { "," }, event(one.borrow()))?;
    }
    writeln!(out, "\n  ],\n  \"report_at\": \"{}\" }}", beijing_text(setting.report_at))
}
