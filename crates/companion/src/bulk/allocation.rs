//! Allocations (分配): followed from the first call to the last word that WeChat has about them.
//!
//! An allocation is written down before it is sent, and its id is the request id: sent again – after a lost answer, a
//! crash, or to learn what became of it, since no call lists allocations – it is the same allocation. Only WeChat's refusal
//! of the call itself ends one; whatever else goes wrong says nothing about it, and it stays open with the reason.

use std::collections::HashMap;
use std::sync::Arc;

use billing_core::pool::CANCEL_WINDOW;
use chrono::{DateTime, TimeDelta, Utc};

use crate::api::{AllocationState, AllocationView, Environment, ErrorCode, Instant, Tag};
use crate::bulk::provider::{caller, find_provider};
use crate::bulk::state::{Bulk, is_unclear, is_unsent, waits_for_shop};
use crate::bulk::taking_back::{TakingBack, ask_to_cancel, refuses_the_call};
use crate::bulk::under_way::read_receiver;
use crate::clients::wechat::{self, Assigned};
use crate::clients::{ClientError, Wechat};
use crate::context::{Context, JobKey};
use crate::error::Error;
use crate::infra::jobs::Attempt;
use crate::secrets::Secret;
use crate::store::accounts::{self, Account};
use crate::store::allocations::{self, Allocation, Provider};
use crate::store::connections::{self, Connection};
use crate::wechat_auth::token_cache::Tokens;
use crate::wechat_auth::tokens::{ask_wechat, token};

/// A cancellation that was taken but shows no effect for so long was not carried out **A**: its result would be pushed to
/// the provider's server, which the application is not.
const CANCEL_PATIENCE: TimeDelta = TimeDelta::hours(1);
/// A provider's allocations, newest first.
pub(crate) async fn get_allocations(
    context: &Context,
    bulk: &Arc<Bulk>,
    provider: &str,
) -> Result<Vec<AllocationView>, Error> {
    let provider = find_provider(context, provider).await?;
    let (id, now) = (provider.id, context.now(provider.environment));
    let read = context
        .store
        .ledger(move |db| Ok((allocations::of(db, &id)?, connections::all(db)?, accounts::all(db)?)));
    let (allocations, connections, accounts) = read.await?;
    let names = receiver_names(&accounts, &connections, provider.environment);
    let shown = allocations.into_iter().map(|allocation| {
        let name = names.get(&allocation.receiver_app_id).cloned();
        AllocationView { receiver_name: name, ..allocation_view(context, bulk, allocation, now) }
    });
    Ok(shown.collect())
}

/// Takes an allocation back, within seven days and while nothing of the pack is used; one that was never sent is
/// dropped. Errors: `not_found`, everything WeChat can say.
pub(crate) async fn cancel_allocation(
    context: &Context,
    bulk: &Arc<Bulk>,
    id: &str,
) -> Result<AllocationView, Error> {
    let cancelling = {
        let _lock = context.lock_for(id).await;
        let mut allocation = find_allocation(context, id).await?;
        // It is not removed meanwhile.
        let _provider = context.lock_for(&allocation.provider).await;
        let provider = find_provider(context, &allocation.provider).await?;
        let state = match allocation.state {
            AllocationState::Accepted | AllocationState::Done => AllocationState::Cancelling,
            AllocationState::Open if waits_for_shop(&allocation) => AllocationState::Cancelled,
            state => state,
        };
        if state != allocation.state {
            // Whether a dropped one was sent after the backup stays to be seen.
            allocation.code = allocation.code.filter(|_| is_unclear(&allocation));
            allocation.state = state;
            allocation.cancel_asked_at = Some(context.now(provider.environment));
            save_allocation(context, &allocation).await?;
        }
        state == AllocationState::Cancelling
    };
    let step = if cancelling { ask_about(context, bulk, id).await.map(drop) } else { Ok(()) };
    if let Err(error) = &step {
        note_allocation_failure(context, id, error.code()).await?;
    }
    let allocation = find_allocation(context, id).await?;
    let provider = find_provider(context, &allocation.provider).await?;
    if cancelling && is_unsettled(allocation.state) {
        follow(context, bulk, &allocation, provider.environment);
    }
    context.changed_everywhere(&[Tag::Bulk]);
    step.map(|()| allocation_view(context, bulk, allocation, context.now(provider.environment)))
}

/// Takes up allocations whose outcome was not known when the application ended. What was never sent waits for the shop.
pub(crate) async fn resume_allocations(context: &Context, bulk: &Arc<Bulk>) -> Result<(), Error> {
    let read = context.store.ledger(|db| Ok((allocations::unsettled(db)?, allocations::providers(db)?)));
    let (unsettled, providers) = read.await?;
    for allocation in unsettled.iter().filter(|allocation| !waits_for_shop(allocation)) {
        let provider = providers.iter().find(|provider| provider.id == allocation.provider);
        if let Some(provider) = provider {
            follow(context, bulk, allocation, provider.environment);
        }
    }
    Ok(())
}

/// Asks WeChat about an allocation in the background until the outcome is known; at once if that is under way already.
pub(super) fn follow(context: &Context, bulk: &Arc<Bulk>, allocation: &Allocation, environment: Environment) {
    let backoff = context.backoff(environment, allocation.asked_at);
    let (id, bulk) = (allocation.id.clone(), Arc::clone(bulk));
    let failed = {
        let id = id.clone();
        move |context: Context, code| {
            let id = id.clone();
            async move {
                if let Err(error) = note_allocation_failure(&context, &id, code).await {
                    context.report(&error);
                }
            }
        }
    };
    context.start_job_that_tells(JobKey::Allocation(id.clone()), backoff, failed, move |context| {
        let (id, bulk) = (id.clone(), Arc::clone(&bulk));
        async move {
            let step = ask_about(&context, &bulk, &id).await;
            context.changed_everywhere(&[Tag::Bulk]);
            match step {
                Ok(true) => Attempt::Done,
                Ok(false) => Attempt::Again(None),
                // It was ended by what went wrong, or it is gone.
                Err(error) if !is_still_unsettled(&context, &id).await => {
                    context.report(&error);
                    Attempt::Done
                }
                Err(error) => Attempt::Again(Some(error)),
            }
        }
    });
}

/// Asks WeChat once and writes down what it said; whether there is nothing more to ask. Errors: those that leave the
/// outcome unknown, and those that end it.
async fn ask_about(context: &Context, bulk: &Arc<Bulk>, id: &str) -> Result<bool, Error> {
    // Never closed.
    let _call = bulk.calls.acquire().await.ok();
    let _lock = context.lock_for(id).await;
    let mut allocation = find_allocation(context, id).await?;
    let provider = find_provider(context, &allocation.provider).await?;
    let now = || context.now(provider.environment);
    let is_held = bulk.is_stale(&allocation, now()) || is_unclear(&allocation);
    if !is_unsettled(allocation.state) || is_held {
        return Ok(true);
    }
    // Without a token nothing can be sent: that is not an attempt.
    token(context, &bulk.usage.tokens, &caller(&provider)).await?;
    let mut refused = None;
    let mut taken_back = None;
    if allocation.state == AllocationState::Cancelling {
        match ask_to_cancel(context, bulk, &provider, &allocation).await? {
            // It is where it was before. Where that is, the next answer says.
            TakingBack::Refused(error) => {
                allocation.state = AllocationState::Accepted;
                allocation.code = Some(error.code());
                save_allocation(context, &allocation).await?;
                refused = Some(error);
            }
            other => taken_back = Some(other),
        }
    } else {
        // Before it is sent: a crash must not make the second call look like the first.
        allocation.attempts = allocation.attempts.saturating_add(1);
        save_allocation(context, &allocation).await?;
    }
    let answer = send(context, &bulk.usage.tokens, &provider, &mut allocation).await;
    match (taken_back, &answer) {
        (
            Some(TakingBack::UnderWay(_) | TakingBack::JustAsked),
            Ok(Assigned::Done | Assigned::DoneIfRepeated),
        ) => {
            // It arrived, and WeChat is taking it back: however long ago the shop asked for that, it is not over.
            allocation.code = None;
            save_allocation(context, &allocation).await?;
            return Ok(false);
        }
        // It has not arrived: that is what is under way.
        (Some(TakingBack::UnderWay(error)), Ok(_)) => {
            allocation.state = AllocationState::Accepted;
            allocation.code = Some(error.code());
            refused = Some(error);
        }
        _ => {}
    }
    if answer.is_ok() {
        bulk.note_activity(now());
    }
    let before = allocation.state;
    let outcome = outcome(&allocation, answer, now());
    if let Some((state, code)) = &outcome.known {
        allocation.state = *state;
        // Why it was not taken back stays to be seen.
        let was_refused = before == AllocationState::Accepted && allocation.cancel_asked_at.is_some();
        allocation.code = code.or(allocation.code.filter(|_| was_refused));
    }
    if allocation.state == AllocationState::Done {
        allocation.done_at.get_or_insert(now());
    }
    save_allocation(context, &allocation).await?;
    if allocation.state == AllocationState::Done {
        read_receiver(context, &bulk.usage, &allocation, provider.environment).await?;
    }
    match refused.or(outcome.error) {
        Some(error) => Err(error),
        None => Ok(!is_unsettled(allocation.state)),
    }
}

/// Sends the call that allocates, or asks what became of it. One that certainly did not come about is not an attempt.
async fn send(
    context: &Context,
    tokens: &Arc<Tokens>,
    provider: &Provider,
    allocation: &mut Allocation,
) -> Result<Assigned, Error> {
    let call = wechat::Allocation {
        order_id: &allocation.order_id,
        sku_id: &allocation.sku_id,
        receiver_app_id: &allocation.receiver_app_id,
        request_id: &allocation.id,
        begins_at: None,
    };
    let ask = |wechat: Wechat, token: Arc<Secret<String>>| async move { wechat.assign(&token, &call).await };
    let answer = ask_wechat(context, tokens, &caller(provider), ask).await;
    if answer.as_ref().is_err_and(has_no_effect) && allocation.state == AllocationState::Open {
        allocation.attempts = allocation.attempts.saturating_sub(1);
    }
    answer
}

/// Shows why an allocation is not finished.
pub(crate) async fn note_allocation_failure(
    context: &Context,
    id: &str,
    code: ErrorCode,
) -> Result<(), Error> {
    let wanted = id.to_owned();
    let write = context.store.write_ledger(move |db| {
        let found = allocations::find(db, &wanted)?.filter(|found| is_unsettled(found.state));
        let Some(allocation) = found.filter(|found| found.code != Some(code)) else { return Ok(false) };
        allocations::save(db, &Allocation { code: Some(code), ..allocation })?;
        Ok(true)
    });
    if write.await? {
        context.changed_everywhere(&[Tag::Bulk]);
    }
    Ok(())
}

async fn is_still_unsettled(context: &Context, id: &str) -> bool {
    match find_allocation(context, id).await {
        Ok(allocation) => is_unsettled(allocation.state),
        Err(error) => error.code() != ErrorCode::NotFound,
    }
}

async fn find_allocation(context: &Context, id: &str) -> Result<Allocation, Error> {
    let wanted = id.to_owned();
    let found = context.store.ledger(move |db| allocations::find(db, &wanted)).await?;
    found.ok_or_else(|| Error::refused(ErrorCode::NotFound))
}

async fn save_allocation(context: &Context, allocation: &Allocation) -> Result<(), Error> {
    let allocation = allocation.clone();
    Ok(context.store.write_ledger(move |db| allocations::save(db, &allocation)).await?)
}

pub(super) fn allocation_view(
    context: &Context,
    bulk: &Arc<Bulk>,
    allocation: Allocation,
    now: DateTime<Utc>,
) -> AllocationView {
    let taken = matches!(allocation.state, AllocationState::Accepted | AllocationState::Done);
    // A clock that was set back does not prolong it.
    let until = allocation.asked_at.min(now) + CANCEL_WINDOW;
    let is_followed = context.is_working_on(&JobKey::Allocation(allocation.id.clone()));
    let is_held = is_unclear(&allocation)
        || is_unsent(&allocation) && (!is_followed || bulk.is_stale(&allocation, now));
    AllocationView {
        receiver_name: None,
        cancel_until: (taken && now <= until).then_some(Instant(until)),
        id: allocation.id,
        order: allocation.order_id,
        sku: allocation.sku_id,
        receiver_app_id: allocation.receiver_app_id,
        state: allocation.state,
        asked_at: Instant(allocation.asked_at),
        code: allocation.code,
        held: is_held,
    }
}

/// What an answer means for an allocation.
struct Outcome {
    /// Its state and the reason for it; `None` where the answer does not tell.
    known: Option<(AllocationState, Option<ErrorCode>)>,
    /// Why the answer does not tell, or what ended the allocation.
    error: Option<Error>,
}

fn outcome(allocation: &Allocation, answer: Result<Assigned, Error>, now: DateTime<Utc>) -> Outcome {
    use AllocationState as S;
    let since = allocation.cancel_asked_at.map(|at| now.signed_duration_since(at.min(now)));
    let cancelling = allocation.state == S::Cancelling && since.is_some_and(|since| since < CANCEL_PATIENCE);
    let is_repeat = allocation.attempts > 1 || allocation.state != S::Open;
    let known = |state, code| Outcome { known: Some((state, code)), error: None };
    let ended =
        |state, error: Error| Outcome { known: Some((state, Some(error.code()))), error: Some(error) };
    match answer {
        Ok(Assigned::DoneIfRepeated) if !is_repeat => {
            ended(S::Failed, Error::refused(ErrorCode::AllocationRefused))
        }
        Ok(_) if cancelling => known(S::Cancelling, None),
        Ok(Assigned::Done | Assigned::DoneIfRepeated) => known(S::Done, None),
        Ok(Assigned::Accepted | Assigned::Pending) => known(S::Accepted, None),
        Err(error) if error.code() == ErrorCode::AllocationCancelled => known(S::Cancelled, None),
        // Said of an allocation that is being taken back, it does not tell whether it was.
        Err(error) if cancelling && refuses_the_call(&error) => known(S::Cancelling, Some(error.code())),
        Err(error) if refuses_the_call(&error) => ended(S::Failed, error),
        Err(error) => Outcome { known: None, error: Some(error) },
    }
}

/// The call never got out, or WeChat refused it before it looked at what it is for.
fn has_no_effect(error: &Error) -> bool {
    match error {
        Error::Client { source: ClientError::Refused(refusal), .. } => {
            !matches!(refusal.code(), ErrorCode::WechatBusy | ErrorCode::UnknownErrcode)
        }
        Error::Client { source, .. } => source.is_unsent(),
        _ => false,
    }
}

pub(super) const fn is_unsettled(state: AllocationState) -> bool {
    matches!(state, AllocationState::Open | AllocationState::Accepted | AllocationState::Cancelling)
}

/// Under which name the application knows a receiver.
pub(super) fn receiver_names(
    accounts: &[Account],
    connections: &HashMap<String, Connection>,
    environment: Environment,
) -> HashMap<String, String> {
    let known = accounts
        .iter()
        .filter(|account| account.environment == environment)
        .filter_map(|account| Some((connections.get(&account.id)?.app_id.clone()?, account.name.clone())));
    known.collect()
}
