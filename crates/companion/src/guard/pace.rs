//! How soon guarded accounts may be low, so that they are read in time.

use std::collections::HashMap;

use chrono::TimeDelta;

use super::sight::{low_in, phase_of, rule_of, sight};
use crate::context::Context;
use crate::error::Error;
use crate::forecast::outlook::Outlook;
use crate::snapshot::read_at;
use crate::store::guards;

use billing_core::guard::Phase;
use billing_core::situation::Mode;

/// While it waits for a refill.
const WAITING: TimeDelta = TimeDelta::hours(2);

/// How soon each guarded account may be low, by the figures that are known; zero where it is.
pub(crate) async fn low_soon(context: &Context) -> Result<HashMap<String, TimeDelta>, Error> {
    let mut soon = HashMap::new();
    for guard in context.store.ledger(|db| guards::watching(db)).await? {
        let (Some(rule), Ok(known)) = (rule_of(&guard), context.snapshot(&guard.account).await) else {
            continue;
        };
        let outlook = Outlook::new(known.outlook.clone(), read_at(&known));
        let seen = sight(&known, &outlook, &guard, &[], &[]);
        // Members type, or a person took over: there is nothing to be in time for but a refill.
        let waits = phase_of(&guard) != Phase::Armed || seen.mode == Some(Mode::Manual);
        let found = if waits { Some(WAITING) } else { low_in(&known, &rule, &seen) };
        if let Some(found) = found {
            soon.insert(guard.account, found);
        }
    }
    Ok(soon)
}
