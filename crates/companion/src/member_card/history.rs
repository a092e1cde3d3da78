//! What the history of an account's mode says, and how it grows.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::api::{
    AcquisitionMode, ChangeReason, ChangeState, ChangedBy, Instant, UndoView, UnfinishedChangeView,
};
use crate::store::member_cards::CardSettings;
use crate::store::mode_changes::{self, ModeChange};
use crate::store::{Db, StoreError, answers};

/// How long a switch is offered to be taken back by one press; later it is switched like any other.
const UNDO_FOR: TimeDelta = TimeDelta::minutes(2);

/// The intent to carry out: the one for the same mode that is under way, else the fresh one, which replaces any other.
pub(super) fn open_intent(
    db: &Db<'_>,
    fresh: ModeChange,
    under_way: &HashSet<String>,
) -> Result<ModeChange, StoreError> {
    let history = mode_changes::of(db, &fresh.account)?;
    let same = |one: &ModeChange| {
        one.state == ChangeState::Open && one.to == fresh.to && under_way.contains(&one.id)
    };
    if let Some(same) = history.into_iter().find(same) {
        return Ok(same);
    }
    drop_open(db, &fresh.account)?;
    mode_changes::save(db, &fresh)?;
    Ok(fresh)
}

/// The intent of the guard, and whether it was begun before; `None` when it was given up, or another change is newer than
/// `newest`: the guard does not overtake anybody.
pub(super) fn open_guard_intent(
    db: &Db<'_>,
    fresh: ModeChange,
    newest: Option<&str>,
) -> Result<Option<(ModeChange, bool)>, StoreError> {
    let history = mode_changes::of(db, &fresh.account)?;
    let first = history.first();
    if let Some(same) = history.iter().find(|one| one.id == fresh.id) {
        let is_open = same.state == ChangeState::Open && first.is_some_and(|first| first.id == same.id);
        return Ok(is_open.then(|| (same.clone(), true)));
    }
    if first.map(|first| first.id.as_str()) != newest {
        return Ok(None);
    }
    drop_open(db, &fresh.account)?;
    mode_changes::save(db, &fresh)?;
    Ok(Some((fresh, false)))
}

/// The person wants something else by now.
pub(super) fn drop_open(db: &Db<'_>, account: &str) -> Result<(), StoreError> {
    for change in mode_changes::of(db, account)? {
        if change.state == ChangeState::Open {
            mode_changes::save(db, &ModeChange { state: ChangeState::Failed, ..change })?;
        }
    }
    Ok(())
}

/// The change that was asked for and is neither made nor being made: the person says whether it is wanted still.
pub(crate) fn unfinished(
    history: &[ModeChange],
    under_way: &HashSet<String>,
) -> Option<UnfinishedChangeView> {
    // What the guard has begun it goes on with by itself, or gives up.
    let is_open = |change: &&ModeChange| change.state == ChangeState::Open && change.by == ChangedBy::Person;
    let open = history.iter().find(is_open)?;
    (!under_way.contains(&open.id))
        .then_some(UnfinishedChangeView { to: open.to, asked_at: Instant(open.asked_at) })
}

/// Compares a mode that was read with the last one known. A change that waits for the person is done when its mode is in
/// force; a mode that nobody here wanted is recorded as changed elsewhere, unless a change of our own is under way.
pub(crate) fn note_reading(
    db: &Db<'_>,
    read: &CardSettings,
    cached: Option<AcquisitionMode>,
    under_way: &HashSet<String>,
) -> Result<(), StoreError> {
    let history = mode_changes::of(db, &read.account)?;
    let open = history.iter().find(|change| change.state == ChangeState::Open);
    if let Some(open) = open {
        if under_way.contains(&open.id) {
            return Ok(());
        }
        if open.to == read.mode {
            return close(db, open, ChangeState::Confirmed, read.read_at);
        }
    }
    let confirmed = history.iter().find(|change| change.state == ChangeState::Confirmed);
    let Some(before) = confirmed.map(|change| change.to).or(cached).filter(|before| *before != read.mode)
    else {
        return Ok(());
    };
    mode_changes::save(
        db,
        &ModeChange {
            id: read.sighting.clone(),
            account: read.account.clone(),
            from: Some(before),
            to: read.mode,
            by: ChangedBy::Elsewhere,
            why: None,
            state: ChangeState::Confirmed,
            asked_at: read.read_at,
            confirmed_at: Some(read.read_at),
        },
    )
}

/// Writes the outcome of a change. One that was made is also the answer of step 10.
pub(super) fn close(
    db: &Db<'_>,
    change: &ModeChange,
    state: ChangeState,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let confirmed_at = (state == ChangeState::Confirmed).then_some(now);
    mode_changes::save(db, &ModeChange { state, confirmed_at, ..change.clone() })?;
    if state == ChangeState::Confirmed {
        let mut answers = answers::of(db, &change.account)?;
        answers.mode = Some(change.to);
        answers::save(db, &answers)?;
    }
    Ok(())
}

/// The switch that can be taken back: the newest change, if a person wanted it and it was read back just now.
pub(crate) fn undo_of(history: &[ModeChange], now: DateTime<Utc>) -> Option<UndoView> {
    let change = history.first()?;
    let confirmed_at = change.confirmed_at.filter(|at| *at <= now)?;
    if (change.by, change.why) != (ChangedBy::Person, Some(ChangeReason::Chosen)) {
        return None;
    }
    let left = confirmed_at.checked_add_signed(UNDO_FOR)?.signed_duration_since(now);
    let to = change.from.filter(|from| *from != change.to)?;
    let seconds = u32::try_from(left.num_seconds()).ok().filter(|seconds| *seconds > 0)?;
    Some(UndoView { change: change.id.clone(), to, seconds })
}
