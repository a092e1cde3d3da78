//! The guard's acts: intent, act, outcome. An act is a change of mode or an allocation under its own id, so that each is
//! made once, however often it is begun; and what became of it is looked up before anything else is done.

use billing_core::guard::{Cover, Phase, Pool, Sight};
use billing_core::time::beijing_day;

use super::outcome::{finish, save_guard};
use super::scene::{Scene, open_act};
use super::state::Guards;
use crate::api::{
    AcquisitionMode, AllocationState, ChangeReason, ChangeState, ChangedBy, ErrorCode, GuardAct,
    GuardActState, PickedShare, Retry, SendAnswer,
};
use crate::bulk::plan::first_pool;
use crate::bulk::sending::send_allocations;
use crate::bulk::under_way::{COUNTS_FOR, under_way};
use crate::context::Context;
use crate::error::Error;
use crate::member_card::history::note_reading;
use crate::member_card::mode::{GuardWish, set_mode_as_guard};
use crate::store::allocations;
use crate::store::guards::{self, Allocated, StoredAct};
use crate::store::mode_changes::{self, ModeChange};

/// What is to be done.
pub(super) struct Act {
    pub(super) kind: GuardAct,
    /// The phase once it is done.
    pub(super) next: Phase,
    /// What is allocated.
    pub(super) pick: Option<Allocated>,
    /// The holder of the lease, where the platform has leases.
    pub(super) lease: Option<String>,
}

/// A pool as it was asked, for the core and for the call.
pub(super) struct Asked {
    pub(super) pool: Pool,
    provider: String,
    order: String,
    /// In the order of the pool's packs.
    skus: Vec<String>,
}

impl Asked {
    pub(super) fn pick(&self, pack: usize, calls: u64) -> Option<Allocated> {
        let sku_id = self.skus.get(pack)?.clone();
        Some(Allocated { provider: self.provider.clone(), order_id: self.order.clone(), sku_id, calls })
    }
}

/// What the pool of the rule has. Where it cannot be asked it has nothing; what was sent from it is known all the same.
/// Errors: those of the ledger: without it nobody knows what is on its way.
pub(super) async fn ask_pool(context: &Context, guards: &Guards, scene: &Scene) -> Result<Asked, Error> {
    let provider = scene.guard.pool.as_ref().map(|(provider, _)| provider.clone()).unwrap_or_default();
    let found = first_pool(context, &guards.bulk, &provider).await;
    let found = found.unwrap_or_else(|error| {
        drop(context.report(&error));
        None
    });
    let (order, left, packs) = found.map(|found| (found.order, found.left, found.packs)).unwrap_or_default();
    let now = scene.known.now;
    let app_id = scene.known.connection.as_ref().and_then(|connection| connection.app_id.clone());
    let sent = context.store.ledger(move |db| allocations::recent(db, now - COUNTS_FOR)).await?;
    let own: Vec<_> = sent.iter().filter(|one| Some(&one.receiver_app_id) == app_id.as_ref()).collect();
    let waits = under_way(&own, scene.known.figures.as_ref(), &packs, now).is_some();
    let today = || {
        let acts = scene.acts.iter().filter(|act| act.act == GuardAct::Allocate && !act.dry_run);
        acts.filter(|act| beijing_day(act.at) == beijing_day(now))
    };
    let since = today().next().map_or(0, |act| now.signed_duration_since(act.at).num_minutes());
    let allocated = today().filter(|act| act.state != GuardActState::Failed);
    let known_packs = packs.into_iter().filter_map(|pack| Some((pack.calls?, pack.sku)));
    let (calls, skus) = known_packs.unzip();
    let pool = Pool {
        left,
        packs: calls,
        allocated_today: allocated.filter_map(|act| act.allocated.as_ref()).map(|one| one.calls).sum(),
        refused_today: today().any(|act| act.code.is_some()),
        waiting_minutes: waits.then(|| u32::try_from(since).unwrap_or(0)),
    };
    Ok(Asked { pool, provider, order, skus })
}

/// Looks up what became of open acts: after a lost answer, or a crash.
pub(super) async fn settle(context: &Context, guards: &Guards, scene: &mut Scene) -> Result<(), Error> {
    note_made(context, guards, scene).await?;
    let open = scene.acts.iter().filter(|act| act.state == GuardActState::Open && !act.dry_run);
    for act in open.cloned().collect::<Vec<_>>().into_iter().rev() {
        let (state, code) = match act.act {
            GuardAct::ToManual | GuardAct::Back => match switched(&scene.history, &act.id) {
                Some(ChangeState::Confirmed) => (GuardActState::Done, None),
                Some(ChangeState::Failed) => (GuardActState::Failed, act.code),
                // Not made yet; begun again if it is wanted still.
                Some(ChangeState::Open) | None => continue,
            },
            GuardAct::Allocate => match allocated(context, &act).await? {
                Some(outcome) => outcome,
                None => continue,
            },
        };
        let next = match act.act {
            GuardAct::ToManual => Some(Phase::Acted { low: act.remaining }),
            GuardAct::Back => Some(Phase::Armed),
            GuardAct::Allocate => None,
        };
        finish(context, scene, &act, next.filter(|_| state == GuardActState::Done), (state, code)).await?;
    }
    Ok(())
}

/// Closes an open switch whose mode is in force. The reading that showed it may have come while the switch was still under
/// way, when nothing was closed.
async fn note_made(context: &Context, guards: &Guards, scene: &mut Scene) -> Result<(), Error> {
    let Some(card) = scene.known.card.clone() else { return Ok(()) };
    let is_made = |change: &ModeChange| {
        change.by == ChangedBy::Guard && change.state == ChangeState::Open && change.to == card.mode
    };
    if scene.history.iter().any(is_made) {
        let under_way = guards.modes.ids();
        let write = context.store.write_ledger(move |db| {
            note_reading(db, &card, Some(card.mode), &under_way)?;
            mode_changes::of(db, &card.account)
        });
        scene.history = write.await?;
    }
    Ok(())
}

fn switched(history: &[ModeChange], id: &str) -> Option<ChangeState> {
    history.iter().find(|change| change.id == id).map(|change| change.state)
}

/// What became of an allocation; `None` while that is not known.
async fn allocated(
    context: &Context,
    act: &StoredAct,
) -> Result<Option<(GuardActState, Option<ErrorCode>)>, Error> {
    let Some(picked) = act.allocated.clone() else { return Ok(Some((GuardActState::Failed, None))) };
    let batch = act.id.clone();
    let read = context.store.ledger(move |db| allocations::of_batch(db, &picked.provider, &batch));
    let Some(sent) = read.await?.into_iter().next() else {
        // Written down, but not sent before a crash.
        return Ok(Some((GuardActState::Failed, None)));
    };
    Ok(match sent.state {
        AllocationState::Done => Some((GuardActState::Done, None)),
        AllocationState::Failed => {
            Some((GuardActState::Failed, Some(sent.code.unwrap_or(ErrorCode::AllocationRefused))))
        }
        AllocationState::Cancelled => Some((GuardActState::Failed, Some(ErrorCode::AllocationCancelled))),
        AllocationState::Open | AllocationState::Accepted | AllocationState::Cancelling => None,
    })
}

/// Ends open switches that are not wanted any more: nothing sends them again.
pub(super) async fn give_up_other_switches(
    context: &Context,
    scene: &mut Scene,
    wanted: Option<GuardAct>,
) -> Result<(), Error> {
    for kind in [GuardAct::ToManual, GuardAct::Back] {
        let Some(act) = open_act(&scene.acts, kind).filter(|_| wanted != Some(kind)).cloned() else {
            continue;
        };
        finish(context, scene, &act, None, (GuardActState::Failed, act.code)).await?;
        let change = scene.history.iter().find(|change| change.id == act.id).cloned();
        if let Some(change) = change.filter(|change| change.state == ChangeState::Open) {
            let dropped = ModeChange { state: ChangeState::Failed, ..change };
            context.store.write_ledger(move |db| mode_changes::save(db, &dropped)).await?;
        }
    }
    Ok(())
}

/// Does it. Returns whether it was begun: a pool may not serve now. Errors: what keeps it from being done, with the act
/// open where its outcome is not known.
pub(super) async fn carry_out(
    context: &Context,
    guards: &Guards,
    scene: &mut Scene,
    seen: &Sight,
    act: Act,
) -> Result<bool, Error> {
    let intent = match open_act(&scene.acts, act.kind).filter(|_| act.kind != GuardAct::Allocate) {
        Some(open) => open.clone(),
        None => fresh_act(context, scene, seen, &act, false),
    };
    let saved = intent.clone();
    context.store.write_ledger(move |db| guards::save_act(db, &saved)).await?;
    let done = match act.kind {
        GuardAct::Allocate => {
            let is_begun = allocate(context, guards, scene, &intent).await?;
            if is_begun && scene.guard.trouble.take().is_some() {
                save_guard(context, &scene.guard).await?;
            }
            return Ok(is_begun);
        }
        GuardAct::ToManual | GuardAct::Back => switch(context, guards, scene, &intent, act.lease).await,
    };
    match done {
        Ok(()) => {
            finish(context, scene, &intent, Some(act.next), (GuardActState::Done, None)).await?;
            Ok(true)
        }
        // It is gone on with in the background, and looked up by the next look.
        Err(error) if error.retry() != Retry::Never => Err(error),
        Err(error) => {
            finish(context, scene, &intent, None, (GuardActState::Failed, Some(error.code()))).await?;
            Err(error)
        }
    }
}

async fn switch(
    context: &Context,
    guards: &Guards,
    scene: &Scene,
    intent: &StoredAct,
    lease: Option<String>,
) -> Result<(), Error> {
    let (from, to, why) = if intent.act == GuardAct::Back {
        (AcquisitionMode::Manual, AcquisitionMode::Authorized, ChangeReason::Refilled)
    } else {
        (AcquisitionMode::Authorized, AcquisitionMode::Manual, ChangeReason::QuotaLow)
    };
    let newest = scene.history.first().map(|change| change.id.clone());
    let wish = GuardWish { id: intent.id.clone(), from, to, why, newest, lease };
    set_mode_as_guard(context, &guards.modes, &scene.known.account, wish).await
}

async fn allocate(
    context: &Context,
    guards: &Guards,
    scene: &mut Scene,
    intent: &StoredAct,
) -> Result<bool, Error> {
    let app_id = scene.known.connection.as_ref().and_then(|connection| connection.app_id.clone());
    let Some((picked, app_id)) = intent.allocated.clone().zip(app_id) else {
        finish(context, scene, intent, None, (GuardActState::Failed, None)).await?;
        return Ok(false);
    };
    let picks = vec![PickedShare { app_id, sku: picked.sku_id, count: 1 }];
    // The act is the batch: sent twice, it is the same.
    let sent =
        send_allocations(context, &guards.bulk, &picked.provider, &picked.order_id, picks, &intent.id, false);
    match sent.await {
        Ok(SendAnswer::Sent { .. }) => {
            scene.acts.insert(0, intent.clone());
            Ok(true)
        }
        // Somebody serves the account already, or the ledger was restored and does not know who did.
        Ok(SendAnswer::AskFirst { .. }) => {
            finish(context, scene, intent, None, (GuardActState::Failed, None)).await?;
            Ok(false)
        }
        Err(error) => {
            finish(context, scene, intent, None, (GuardActState::Failed, Some(error.code()))).await?;
            Err(error)
        }
    }
}

/// Writes down what would have been done.
pub(super) async fn note_dry_run(
    context: &Context,
    scene: &mut Scene,
    seen: &Sight,
    act: Act,
) -> Result<(), Error> {
    // Nothing is allocated, so nothing arrives: members would type until the real refill.
    let next = match act.kind {
        GuardAct::Allocate => Phase::Acted { low: seen.remaining.unwrap_or(0) },
        GuardAct::ToManual | GuardAct::Back => act.next,
    };
    let noted = fresh_act(context, scene, seen, &act, true);
    finish(context, scene, &noted, Some(next), (GuardActState::Done, None)).await
}

fn fresh_act(context: &Context, scene: &Scene, seen: &Sight, act: &Act, dry_run: bool) -> StoredAct {
    let back = act.kind == GuardAct::Back;
    StoredAct {
        id: context.new_id(),
        account: scene.known.account.id.clone(),
        act: act.kind,
        dry_run,
        state: GuardActState::Open,
        at: scene.known.now,
        measure: scene.guard.measure,
        threshold: if back { scene.guard.back_at } else { scene.guard.act_below },
        remaining: seen.remaining.unwrap_or(0).saturating_sub(seen.used_since),
        cover_days: match seen.cover {
            Cover::Days(days) => Some(days),
            Cover::Long | Cover::Unknown => None,
        },
        allocated: act.pick.clone(),
        code: None,
    }
}
