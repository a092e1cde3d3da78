//! Where an account stands. `billing-core` decides; here it gets its facts.

use billing_core::situation::{Facts, Quota, Situation};
use billing_core::time::beijing_day;

use crate::api::{AcquisitionMode, LotEnd, Origin, Reading, SituationView};
use crate::forecast::outlook::Outlook;
use crate::forecast::stock::{open_lots, remaining_now};
use crate::snapshot::{AccountSnapshot, is_too_old, read_at};
use crate::usage::view::end_of;

/// Returns the situation of an account.
pub(crate) fn situation(known: &AccountSnapshot, outlook: &Outlook) -> Situation {
    Situation::of(&Facts {
        pays_nothing: known.is_free(),
        quota: remaining_now(known).map(|remaining| quota(known, outlook, remaining)),
        reading_fails: known.sync.as_ref().is_some_and(|sync| sync.error.is_some()),
        mode: mode_in_force(known).map(|mode| mode.value.into()),
        today: beijing_day(known.now),
    })
}

/// Returns how numbers are collected: as the member-card platform reported it, else as the shop said.
pub(crate) fn mode_in_force(known: &AccountSnapshot) -> Option<Reading<AcquisitionMode>> {
    let platform = known.card.as_ref().map(|card| Reading::new(card.mode, Origin::Platform, card.read_at));
    let answered = known.answers.mode.map(|mode| {
        let at = known.answers.finished_at.unwrap_or(known.now);
        Reading::new(mode, Origin::TypedIn, at)
    });
    platform.or(answered)
}

/// Returns it in the words of the pages.
pub(crate) fn situation_view(found: Situation) -> SituationView {
    let row = found.row();
    SituationView {
        kind: found.into(),
        tone: row.tone.into(),
        first: row.first.map(Into::into),
        second: row.second.map(Into::into),
    }
}

fn quota(known: &AccountSnapshot, outlook: &Outlook, remaining: u64) -> Quota {
    Quota {
        remaining,
        // Of figures that were typed in only the sum is known, not the lots.
        only_trial: !known.is_typed_in()
            && open_lots(known).all(|lot| lot.expires_at.is_none() || lot.remaining() == 0),
        too_old: advises_no_more(known),
        lost: is_last_lost(known),
        run_out: outlook.dates(),
        ended_by: outlook.ended_by(),
    }
}

/// Whether the figures are too old to say anything of the days ahead.
pub(crate) fn advises_no_more(known: &AccountSnapshot) -> bool {
    read_at(known).is_some_and(|at| is_too_old(at, known.is_typed_in(), known.now))
}

/// Whether the last dated lot that ended was not used up. Lots are consumed by the earliest end first, so the last one to
/// serve is the one with the latest end.
fn is_last_lost(known: &AccountSnapshot) -> bool {
    let ended = known.lots().iter().filter_map(|lot| Some((lot.expires_at?, end_of(lot, known.now)?)));
    let served = ended.filter(|(_, end)| matches!(end, LotEnd::UsedUp | LotEnd::Expired));
    served.max_by_key(|(end, _)| *end).is_some_and(|(_, end)| end == LotEnd::Expired)
}
