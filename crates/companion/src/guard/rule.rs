//! The shop's rule, and how it is shown.

use billing_core::guard::{Decision, Why, decide};

use super::lease::{give_back_in_background, label_of};
use super::scene::{Scene, may_guard};
use super::sight::{acts_today, newest_made, phase_of, rule_of};
use super::state::Guards;
use super::watch::guard_in_background;
use crate::api::{
    ErrorCode, GuardAct, GuardActView, GuardMeasure, GuardNow, GuardPool, GuardRule, GuardState,
    GuardTrouble, GuardView, GuardWhy, Instant, Tag,
};
use crate::bulk::provider::find_provider;
use crate::context::Context;
use crate::error::Error;
use crate::forecast::outlook::outlook;
use crate::model::stored::GuardPhase;
use crate::snapshot::AccountSnapshot;
use crate::store::connections;
use crate::store::guards::{self, StoredAct, StoredGuard};
use crate::store::mode_changes;
use crate::store::settings::{self, Setting};

/// Acts on the page.
const SHOWN: usize = 20;
const ACTS: u32 = 100;

/// The rule that a shop begins with: about a week of a small shop, and room for a pack.
fn first_rule(account: &str) -> StoredGuard {
    StoredGuard {
        account: account.to_owned(),
        state: GuardState::Off,
        measure: GuardMeasure::Calls,
        act_below: 200,
        back_at: 500,
        acts_a_day: 4,
        pool: None,
        this_computer: false,
        phase: GuardPhase::Armed,
        low: 0,
        seen_change: None,
        trouble: None,
    }
}

/// The guard of an account, by the figures that are known. Errors: `not_found`.
pub(crate) async fn get_guard(context: &Context, guards: &Guards, account: &str) -> Result<GuardView, Error> {
    let read = context.snapshot_with(account, |db, id| {
        let stored = (guards::of(db, id)?, mode_changes::of(db, id)?, guards::acts(db, id, ACTS)?);
        let has_key = connections::member_card_since(db, id)?.is_some();
        let holder: Option<String> = settings::get(db, Setting::GuardHolder)?;
        Ok((stored, has_key, holder, settings::read_every(db)?.is_some()))
    });
    let (known, ((guard, history, acts), has_key, holder, reads_by_itself)) = read.await?;
    let outlook = outlook(context, &known).await?;
    let guard = guard.unwrap_or_else(|| first_rule(&known.account.id));
    let can_guard = may_guard(&known) && has_key && context.member_card(known.account.environment).is_ok();
    let now = match rule_of(&guard) {
        Some(rule) => {
            let scene = Scene {
                known: known.clone(),
                outlook,
                guard: guard.clone(),
                rule,
                history,
                acts: acts.clone(),
            };
            if scene.is_change_open(guards) {
                GuardNow::Nothing { why: GuardWhy::ChangeUnderWay }
            } else {
                // The page does not ask the pool.
                now_view(decide(&scene.rule, phase_of(&guard), &scene.sight()).0)
            }
        }
        None => GuardNow::Nothing { why: GuardWhy::Unknown },
    };
    Ok(view(
        &known,
        guard,
        &acts,
        Shown { now, can_guard, reads_by_itself, label: holder.map(|holder| label_of(&holder)) },
    ))
}

/// Sets the rule; from then on the guard goes by it, and looks at once. Switching it on hands the account over to it, also
/// where it had stood down. Errors: `guard_rule_invalid`, `not_found`, also for the provider.
pub(crate) async fn set_guard(
    context: &Context,
    guards: &Guards,
    account: &str,
    rule: GuardRule,
) -> Result<GuardView, Error> {
    let account = context.account(account).await?;
    if let Some(pool) = &rule.pool {
        let provider = find_provider(context, &pool.provider).await?;
        if provider.environment != account.environment {
            return Err(Error::refused(ErrorCode::NotFound));
        }
    }
    let fresh = StoredGuard {
        state: rule.state,
        measure: rule.measure,
        act_below: rule.act_below,
        back_at: rule.back_at,
        acts_a_day: rule.acts_a_day,
        pool: rule.pool.map(|pool| (pool.provider, pool.calls_a_day)),
        this_computer: rule.this_computer,
        ..first_rule(&account.id)
    };
    rule_of(&fresh).ok_or_else(|| Error::refused(ErrorCode::GuardRuleInvalid))?;
    let lock = context.lock_for(&format!("guard:{}", account.id)).await;
    let write = context.store.write_ledger(move |db| {
        let before = guards::of(db, &fresh.account)?;
        let was_on = before.as_ref().is_some_and(|before| before.state == GuardState::On);
        let made = newest_made(&mode_changes::of(db, &fresh.account)?).map(|change| change.id.clone());
        guards::save(db, &handed_over(before, fresh, made))?;
        Ok(was_on)
    });
    let was_on = write.await?;
    drop(lock);
    if was_on && rule.state != GuardState::On {
        give_back_in_background(context, &account);
    }
    context.changed(&account.id, &[Tag::MemberCard]);
    guard_in_background(context, guards);
    get_guard(context, guards, &account.id).await
}

/// A rule that replaces another. What the guard did itself it goes on from, so that it also ends what it began;
/// what a person did before is not held against the guard any more.
fn handed_over(before: Option<StoredGuard>, fresh: StoredGuard, made: Option<String>) -> StoredGuard {
    let Some(before) = before else { return StoredGuard { seen_change: made, ..fresh } };
    let is_real = before.state != GuardState::DryRun && fresh.state != GuardState::DryRun;
    let is_same = before.state == GuardState::DryRun && fresh.state == GuardState::DryRun;
    let goes_on = before.phase == GuardPhase::Acted && (is_real || is_same);
    let (phase, low) = if goes_on { (before.phase, before.low) } else { (fresh.phase, fresh.low) };
    // With its own switch in force, a change that it has not looked at is somebody else's.
    let seen_change = if goes_on { before.seen_change } else { made };
    StoredGuard { phase, low, seen_change, ..fresh }
}

/// What the view shows besides the rule and the acts.
struct Shown {
    now: GuardNow,
    can_guard: bool,
    reads_by_itself: bool,
    label: Option<String>,
}

fn view(known: &AccountSnapshot, guard: StoredGuard, acts: &[StoredAct], shown: Shown) -> GuardView {
    let Shown { now, can_guard, reads_by_itself, label } = shown;
    GuardView {
        can_guard,
        reads_by_itself,
        now,
        trouble: guard.trouble.filter(|_| guard.state == GuardState::On).map(|trouble| GuardTrouble {
            code: trouble.code,
            since: Instant(trouble.since),
            params: trouble.params,
        }),
        label,
        acts_today: acts_today(acts, known.now),
        acts: acts.iter().take(SHOWN).map(act_view).collect(),
        rule: GuardRule {
            state: guard.state,
            measure: guard.measure,
            act_below: guard.act_below,
            back_at: guard.back_at,
            acts_a_day: guard.acts_a_day,
            pool: guard.pool.map(|(provider, calls_a_day)| GuardPool { provider, calls_a_day }),
            this_computer: guard.this_computer,
        },
    }
}

fn act_view(act: &StoredAct) -> GuardActView {
    GuardActView {
        id: act.id.clone(),
        act: act.act,
        dry_run: act.dry_run,
        state: act.state,
        at: Instant(act.at),
        measure: act.measure,
        threshold: act.threshold,
        remaining: act.remaining,
        cover_days: act.cover_days,
        calls: act.allocated.as_ref().map(|one| one.calls),
        code: act.code,
    }
}

const fn now_view(decision: Decision) -> GuardNow {
    match decision {
        Decision::SwitchToManual => GuardNow::Would { act: GuardAct::ToManual },
        Decision::SwitchBack => GuardNow::Would { act: GuardAct::Back },
        Decision::Allocate { .. } => GuardNow::Would { act: GuardAct::Allocate },
        Decision::Nothing(why) => GuardNow::Nothing {
            why: match why {
                Why::Unknown => GuardWhy::Unknown,
                Why::Enough => GuardWhy::Enough,
                Why::ManualByPerson => GuardWhy::ManualByPerson,
                Why::AuthorizedByPerson => GuardWhy::AuthorizedByPerson,
                Why::WaitsForRefill => GuardWhy::WaitsForRefill,
                Why::WaitsForAllocation => GuardWhy::WaitsForAllocation,
                Why::DailyLimit => GuardWhy::DailyLimit,
            },
        },
    }
}
