//! Outcomes of the guard's acts, and what keeps it from them: written down with what is raised about it.

use billing_core::alert::Alert;
use billing_core::guard::Phase;
use chrono::TimeDelta;

use super::scene::{Scene, TAGS, is_worth_an_alert};
use super::sight::{newest_made, set_phase};
use crate::alerts::raise::{Raiser, announce};
use crate::api::{ErrorCode, GuardActState};
use crate::context::Context;
use crate::error::Error;
use crate::store::guards::{self, StoredAct, StoredGuard, Trouble};
use crate::store::{Db, StoreError, accounts, mode_changes};

/// What keeps the guard from its work for so long is worth an alert; a network that was gone for a moment is not.
const PATIENCE: TimeDelta = TimeDelta::minutes(15);

/// Writes an outcome, what the guard goes on from, and the alert of an act that was done: together, so that after a crash all of
/// them are there, and each once.
pub(super) async fn finish(
    context: &Context,
    scene: &mut Scene,
    act: &StoredAct,
    next: Option<Phase>,
    (state, code): (GuardActState, Option<ErrorCode>),
) -> Result<(), Error> {
    let act = StoredAct { state, code, ..act.clone() };
    let account = scene.known.account.id.clone();
    let id = account.clone();
    let history = context.store.ledger(move |db| mode_changes::of(db, &id)).await?;
    if let Some(next) = next {
        set_phase(&mut scene.guard, next);
    }
    if state == GuardActState::Done {
        scene.guard.trouble = None;
        scene.guard.seen_change = newest_made(&history).map(|change| change.id.clone());
    }
    scene.history = history;
    match scene.acts.iter_mut().find(|one| one.id == act.id) {
        Some(known) => *known = act.clone(),
        None => scene.acts.insert(0, act.clone()),
    }
    let (guard, raiser, now) = (scene.guard.clone(), Raiser::of(context), scene.known.now);
    let write = context.store.ledger(move |db| {
        // It may have been removed since.
        if accounts::find(db, &guard.account)?.is_none() {
            return Ok(false);
        }
        guards::save_act(db, &act)?;
        save_unless_changed(db, &guard)?;
        let alerts: &[Alert] = if state == GuardActState::Done {
            &[Alert::Guarded { act: act.act.into(), dry_run: act.dry_run, remaining: act.remaining }]
        } else {
            &[]
        };
        raiser.raise(db, &guard.account, alerts, now)
    });
    announce_if(context, write.await?).await?;
    context.changed(&account, TAGS);
    Ok(())
}

/// Shows why the guard could not do what it wanted to; raises an alert when that lasts.
pub(super) async fn note_trouble(context: &Context, mut scene: Scene, error: &Error) -> Result<(), Error> {
    let view = context.report(error);
    let now = scene.known.now;
    let before =
        scene.guard.trouble.take().filter(|trouble| trouble.code == view.code && trouble.since <= now);
    let since = before.as_ref().map_or(now, |trouble| trouble.since);
    let was_raised = before.is_some_and(|trouble| trouble.is_raised);
    let is_new = !was_raised && now.signed_duration_since(since) >= PATIENCE && is_worth_an_alert(view.code);
    scene.guard.trouble =
        Some(Trouble { code: view.code, since, params: view.params, is_raised: was_raised || is_new });
    let (guard, raiser) = (scene.guard.clone(), Raiser::of(context));
    let alert = [Alert::GuardStuck { remaining: scene.sight().remaining }];
    let write = context.store.ledger(move |db| {
        if accounts::find(db, &guard.account)?.is_none() {
            return Ok(false);
        }
        save_unless_changed(db, &guard)?;
        raiser.raise(db, &guard.account, if is_new { &alert } else { &[] }, now)
    });
    announce_if(context, write.await?).await?;
    context.changed(&scene.known.account.id, TAGS);
    Ok(())
}

async fn announce_if(context: &Context, has_raised: bool) -> Result<(), Error> {
    if has_raised { announce(context).await } else { Ok(()) }
}

pub(super) async fn save_guard(context: &Context, guard: &StoredGuard) -> Result<(), Error> {
    let saved = guard.clone();
    context.store.ledger(move |db| save_unless_changed(db, &saved)).await?;
    context.changed(&guard.account, TAGS);
    Ok(())
}

/// Writes where a guard stands; the shop's own part of it stays as it is by now.
fn save_unless_changed(db: &Db<'_>, guard: &StoredGuard) -> Result<(), StoreError> {
    let Some(latest) = guards::of(db, &guard.account)? else { return Ok(()) };
    guards::save(
        db,
        &StoredGuard {
            phase: guard.phase,
            low: guard.low,
            seen_change: guard.seen_change.clone(),
            trouble: guard.trouble.clone(),
            ..latest
        },
    )
}
