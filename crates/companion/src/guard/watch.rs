//! Looks at every reading of a guarded account, and does what the billing core decides.

use std::sync::Arc;

use billing_core::guard::{Decision, Sight, Why, decide};

use super::act::{self, Act, Asked};
use super::lease;
use super::outcome;
use super::scene::{Scene, may_guard, open_act};
use super::sight::{newest_made, phase_of, set_phase};
use super::state::Guards;
use crate::api::{GuardAct, GuardState};
use crate::context::{Context, JobKey};
use crate::error::Error;
use crate::infra::backoff::Backoff;
use crate::infra::jobs::Attempt;
use crate::member_card::platform::{member_card_key, note_settings, settings_of};
use crate::secrets::Secret;
use crate::snapshot::AccountSnapshot;
use crate::store::guards;

/// Looks in the background at all guarded accounts. One run at a time: who asks meanwhile gets another run after it.
pub(crate) fn guard_in_background(context: &Context, guards: &Guards) {
    let guards = guards.clone();
    let clock = Arc::clone(&context.setup.clock);
    let backoff = Backoff::since(clock.now(), clock);
    context.start_job(JobKey::Guard, backoff, move |context| {
        let guards = guards.clone();
        async move {
            match context.store.ledger(|db| guards::watching(db)).await {
                Ok(watching) => {
                    for guard in watching {
                        // Not repeated: the next reading looks again, which comes soon where little is left.
                        if let Err(error) = look(&context, &guards, &guard.account).await {
                            drop(context.report(&error));
                        }
                    }
                }
                Err(error) => drop(context.report(&error.into())),
            }
            Attempt::Done
        }
    });
}

async fn look(context: &Context, guards: &Guards, account: &str) -> Result<(), Error> {
    let _turn = context.lock_for(&format!("guard:{account}")).await;
    let Some(mut scene) = Scene::load(context, account).await? else { return Ok(()) };
    if !may_guard(&scene.known) || scene.guard.state == GuardState::Off {
        return Ok(());
    }
    let mut lease = None;
    // A switch whose outcome is not known is looked up, whatever is left by now.
    let has_open_switch =
        [GuardAct::ToManual, GuardAct::Back].iter().any(|kind| open_act(&scene.acts, *kind).is_some());
    let is_near = has_open_switch || scene.rule.is_near(phase_of(&scene.guard), &scene.sight());
    if scene.guard.state == GuardState::On && is_near {
        let ready = async {
            let key = read_mode(context, guards, &scene.known).await?;
            lease::take_lease(context, &scene, &key).await
        };
        match ready.await {
            Ok(taken) => lease = taken,
            Err(error) => return outcome::note_trouble(context, scene, &error).await,
        }
        let Some(latest) = Scene::load(context, account).await? else { return Ok(()) };
        scene = latest;
        if scene.is_change_open(guards) {
            return Ok(());
        }
    }
    act::settle(context, guards, &mut scene).await?;
    let outcome = match decided(context, guards, &scene).await {
        Ok((decision, asked)) => carry_out(context, guards, &mut scene, decision, asked, lease).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => Ok(()),
        Err(error) => outcome::note_trouble(context, scene, &error).await,
    }
}

/// Reads the mode in force, and notes who changed it.
async fn read_mode(
    context: &Context,
    guards: &Guards,
    known: &AccountSnapshot,
) -> Result<Secret<String>, Error> {
    let key = member_card_key(context, &known.account).await?;
    let settings = settings_of(context, &known.account, &key).await?;
    note_settings(context, &guards.modes, settings).await?;
    Ok(key)
}

/// The decision; the pool is asked only where it may change one. Errors: those of the ledger.
async fn decided(
    context: &Context,
    guards: &Guards,
    scene: &Scene,
) -> Result<(Decision, Option<Asked>), Error> {
    let phase = phase_of(&scene.guard);
    let seen = scene.sight();
    let (decision, _) = decide(&scene.rule, phase, &seen);
    let may_change = matches!(decision, Decision::SwitchToManual | Decision::Nothing(Why::WaitsForRefill));
    if !may_change || scene.guard.pool.is_none() {
        return Ok((decision, None));
    }
    let asked = act::ask_pool(context, guards, scene).await?;
    let seen = Sight { pool: Some(asked.pool.clone()), ..seen };
    Ok((decide(&scene.rule, phase, &seen).0, Some(asked)))
}

async fn carry_out(
    context: &Context,
    guards: &Guards,
    scene: &mut Scene,
    decision: Decision,
    asked: Option<Asked>,
    lease: Option<String>,
) -> Result<(), Error> {
    let kind = match decision {
        Decision::Nothing(_) => None,
        Decision::SwitchToManual => Some(GuardAct::ToManual),
        Decision::SwitchBack => Some(GuardAct::Back),
        Decision::Allocate { .. } => Some(GuardAct::Allocate),
    };
    act::give_up_other_switches(context, scene, kind).await?;
    let seen = scene.sight();
    let asked_pool = asked.as_ref().map(|asked| asked.pool.clone());
    let next = decide(&scene.rule, phase_of(&scene.guard), &Sight { pool: asked_pool, ..seen.clone() }).1;
    let Some(kind) = kind else {
        let before = scene.guard.clone();
        set_phase(&mut scene.guard, next);
        scene.guard.seen_change = newest_made(&scene.history).map(|change| change.id.clone());
        scene.guard.trouble = None;
        return if scene.guard == before { Ok(()) } else { outcome::save_guard(context, &scene.guard).await };
    };
    let pick = match decision {
        Decision::Allocate { pack, calls } => asked.as_ref().and_then(|asked| asked.pick(pack, calls)),
        _ => None,
    };
    let act = Act { kind, next, pick, lease };
    if scene.guard.state == GuardState::DryRun {
        return act::note_dry_run(context, scene, &seen, act).await;
    }
    let is_allocated = act::carry_out(context, guards, scene, &seen, act).await?;
    if !is_allocated && kind == GuardAct::Allocate {
        // The pool cannot serve now: customers come first.
        let (decision, next) = decide(&scene.rule, phase_of(&scene.guard), &scene.sight());
        if decision == Decision::SwitchToManual {
            let lease = lease::lease_holder(context, scene).await?;
            let act = Act { kind: GuardAct::ToManual, next, pick: None, lease };
            act::carry_out(context, guards, scene, &seen, act).await?;
        }
    }
    Ok(())
}
