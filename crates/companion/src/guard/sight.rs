//! What is known of an account, as the billing core wants to know it. Pure.

use billing_core::guard::{Cover, Measure, Phase, Rule, Sight, probably_used};
use billing_core::time::beijing_day;
use chrono::{DateTime, TimeDelta, Utc};

use crate::api::{ChangeState, ChangedBy, GuardAct, GuardActState, GuardMeasure, LotState};
use crate::forecast::outlook::Outlook;
use crate::model::stored::GuardPhase;
use crate::snapshot::{AccountSnapshot, read_at};
use crate::store::guards::{StoredAct, StoredGuard};
use crate::store::mode_changes::ModeChange;

/// What ends sooner than this is not counted on: the next reading may come after its end.
pub(super) const ENDS_SOON: TimeDelta = TimeDelta::minutes(30);
/// A reading is fresh for so long.
const FRESH: TimeDelta = TimeDelta::hours(1);
/// Readings that failed several times in a row are made up for by what was probably used since; one that failed once
/// is followed by another in minutes.
const FAILURES: u32 = 3;

/// The rule; `None` when it stands in the file and is not sound.
pub(super) fn rule_of(guard: &StoredGuard) -> Option<Rule> {
    let measure = match guard.measure {
        GuardMeasure::Calls => Measure::Calls,
        GuardMeasure::Days => Measure::Days,
    };
    let thresholds = (guard.act_below.into(), guard.back_at.into());
    let pool_a_day = guard.pool.as_ref().map(|(_, calls)| u64::from(*calls));
    Rule::new(measure, thresholds, guard.acts_a_day, pool_a_day)
}

pub(super) fn phase_of(guard: &StoredGuard) -> Phase {
    match guard.phase {
        GuardPhase::Armed => Phase::Armed,
        GuardPhase::Acted => Phase::Acted { low: guard.low },
        GuardPhase::StoodDown => Phase::StoodDown { low: guard.low },
    }
}

pub(super) fn set_phase(guard: &mut StoredGuard, phase: Phase) {
    (guard.phase, guard.low) = match phase {
        Phase::Armed => (GuardPhase::Armed, 0),
        Phase::Acted { low } => (GuardPhase::Acted, low),
        Phase::StoodDown { low } => (GuardPhase::StoodDown, low),
    };
}

/// The newest change that was made.
pub(super) fn newest_made(history: &[ModeChange]) -> Option<&ModeChange> {
    history.iter().find(|change| change.state == ChangeState::Confirmed)
}

/// What is known now. `history` and `acts`: newest first. The pool is not asked.
pub(super) fn sight(
    known: &AccountSnapshot,
    outlook: &Outlook,
    guard: &StoredGuard,
    history: &[ModeChange],
    acts: &[StoredAct],
) -> Sight {
    let now = known.now;
    let age = read_at(known).map(|at| now.signed_duration_since(at));
    let monthly = outlook.monthly().map(|volume| volume.calls);
    let by_others = newest_made(history).filter(|change| change.by != ChangedBy::Guard);
    let mode = known.card.as_ref().map(|card| card.mode.into());
    Sight {
        mode,
        changed_by_others: by_others.is_some_and(|change| Some(&change.id) != guard.seen_change.as_ref()),
        remaining: lasting_calls(known, now + ENDS_SOON),
        used_since: used_since(known, monthly),
        is_fresh: age.is_some_and(|age| age >= TimeDelta::zero() && age < FRESH),
        cover: cover(known, outlook),
        monthly,
        acts_today: acts_today(acts, now),
        pool: None,
    }
}

/// Calls of lots that are in effect and last until `until`; `None` where nothing was read.
fn lasting_calls(known: &AccountSnapshot, until: DateTime<Utc>) -> Option<u64> {
    known.figures.as_ref()?;
    let lots = known.lots().iter().filter(|lot| lot.state == LotState::InEffect);
    let lasting = lots.filter(|lot| lot.expires_at.is_none_or(|end| end > until));
    Some(lasting.fold(0, |sum, lot| sum.saturating_add(lot.remaining())))
}

/// What was probably used while readings failed.
fn used_since(known: &AccountSnapshot, monthly: Option<u64>) -> u64 {
    let failing = known.sync.as_ref().filter(|sync| sync.error.is_some() && sync.failures >= FAILURES);
    let Some((failing, read_at)) = failing.zip(read_at(known)) else { return 0 };
    let minutes = failing.last_tried.min(known.now).signed_duration_since(read_at).num_minutes();
    probably_used(monthly, u64::try_from(minutes).unwrap_or(0))
}

fn cover(known: &AccountSnapshot, outlook: &Outlook) -> Cover {
    let Some(dates) = outlook.dates() else { return Cover::Unknown };
    let Some(likely) = dates.likely else { return Cover::Long };
    let days = likely.signed_duration_since(beijing_day(known.now)).num_days().max(0);
    Cover::Days(u32::try_from(days).unwrap_or(u32::MAX))
}

/// Acts of this Beijing day. A switch that is still open is gone on with, and is no other act; one that failed does not count.
pub(super) fn acts_today(acts: &[StoredAct], now: DateTime<Utc>) -> u32 {
    let counts = |act: &&StoredAct| {
        let is_done = act.state == GuardActState::Done;
        let is_sent = act.state == GuardActState::Open && act.act == GuardAct::Allocate;
        beijing_day(act.at) == beijing_day(now) && (is_done || is_sent)
    };
    u32::try_from(acts.iter().filter(counts).count()).unwrap_or(u32::MAX)
}

/// How soon the account may be low: at the usual pace, or as the lots end. `None`: nothing can be said.
pub(super) fn low_in(known: &AccountSnapshot, rule: &Rule, sight: &Sight) -> Option<TimeDelta> {
    let minutes =
        |minutes: u64| TimeDelta::minutes(i64::try_from(minutes).unwrap_or(i64::MAX).min(MINUTES_MAX));
    let by_use = rule.minutes_until_low(sight).map(minutes);
    let ends = known.lots().iter().filter(|lot| lot.state == LotState::InEffect);
    let ends = ends.filter_map(|lot| lot.expires_at).filter(|end| *end > known.now);
    let by_end = ends.min().and_then(|end| {
        let after = Sight { remaining: lasting_calls(known, end), ..sight.clone() };
        let is_low = rule.minutes_until_low(&after) == Some(0);
        is_low.then(|| (end - ENDS_SOON).signed_duration_since(known.now).max(TimeDelta::zero()))
    });
    by_use.into_iter().chain(by_end).min()
}

/// A year: what is further away is not waited for.
const MINUTES_MAX: i64 = 525_600;
