//! A purchase: handed over to the console, recognised on arrival. The application never pays and never pretends to.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::api::{ErrorCode, PurchaseState, PurchaseView, Tag, UsageSource, WizardView};
use crate::context::{Context, JobKey};
use crate::error::Error;
use crate::infra::jobs::Attempt;
use crate::onboarding::wizard::get_wizard;
use crate::purchasing::arrival::{is_open, match_reading};
use crate::purchasing::order_book;
use crate::purchasing::view::purchase_view;
use crate::snapshot::AccountSnapshot;
use crate::store::accounts::Account;
use crate::store::purchases::{self, Arrival};
use crate::store::readings::UsageFigures;
use crate::store::{Db, StoreError, history};
use crate::usage::state::Usage;
use crate::usage::sync::read_usage;

/// Writes down that the shop is handed over to the console; the shell opens it then. Errors: `not_found` when
/// nothing is picked.
pub(crate) async fn begin_purchase(
    context: &Context,
    usage: &Arc<Usage>,
    account: &str,
) -> Result<PurchaseView, Error> {
    let account = context.account(account).await?;
    let (id, now) = (account.id.clone(), context.now(account.environment));
    let write = context.store.write_ledger(move |db| {
        let newest = purchases::newest(db, &id)?;
        let Some(mut purchase) = newest.filter(|newest| is_open(newest.state)) else { return Ok(None) };
        if purchase.state == PurchaseState::Picked {
            purchase.state = PurchaseState::Waiting;
            purchase.handed_over_at = Some(now);
            purchases::save(db, &purchase)?;
        }
        Ok(Some(purchase))
    });
    let purchase = write.await?.ok_or_else(|| Error::refused(ErrorCode::NotFound))?;
    watch(context, usage, &account, purchase.handed_over_at);
    context.changed(&account.id, &[Tag::Purchase, Tag::Wizard]);
    Ok(purchase_view(&purchase, &[]))
}

/// Asks the usage interface whether the pack is there. With typed-in figures there is nobody to ask: the pack is
/// recognised when a higher total is typed in. Errors: `not_found`, everything a sync can meet.
pub(crate) async fn check_arrival(
    context: &Context,
    usage: &Arc<Usage>,
    account: &str,
) -> Result<PurchaseView, Error> {
    let known = context.snapshot(account).await?;
    let purchase = known.purchase.ok_or_else(|| Error::refused(ErrorCode::NotFound))?;
    if purchase.state == PurchaseState::Waiting {
        let connection = known.connection.ok_or_else(|| Error::refused(ErrorCode::NoUsageYet))?;
        if connection.source != UsageSource::TypedIn {
            read_usage(context, usage, &known.account, &connection).await?;
        }
    }
    let known = context.snapshot(account).await?;
    Ok(purchase_view(known.purchase.as_ref().unwrap_or(&purchase), known.lots()))
}

/// Stops waiting. Errors: `not_found` when no purchase is open.
pub(crate) async fn give_up_purchase(context: &Context, account: &str) -> Result<WizardView, Error> {
    let id = context.account(account).await?.id;
    let write = context.store.write_ledger(move |db| {
        let newest = purchases::newest(db, &id)?;
        let Some(mut purchase) = newest.filter(|newest| is_open(newest.state)) else { return Ok(false) };
        purchase.state = PurchaseState::GivenUp;
        purchases::save(db, &purchase)?;
        Ok(true)
    });
    if !write.await? {
        return Err(Error::refused(ErrorCode::NotFound));
    }
    context.changed(account, &[Tag::Purchase, Tag::Wizard]);
    get_wizard(context, account).await
}

/// The newest purchase, whatever became of it; `None` before the first.
pub(crate) async fn get_purchase(context: &Context, account: &str) -> Result<Option<PurchaseView>, Error> {
    let known = context.snapshot(account).await?;
    Ok(known.purchase.as_ref().map(|purchase| purchase_view(purchase, known.lots())))
}

/// Takes giving up back: waits again, or has the pack picked again. Errors: `not_found` when the newest purchase was
/// not given up.
pub(crate) async fn resume_purchase(
    context: &Context,
    usage: &Arc<Usage>,
    account: &str,
) -> Result<PurchaseView, Error> {
    let id = context.account(account).await?.id;
    let write = context.store.write_ledger(move |db| {
        let newest = purchases::newest(db, &id)?;
        let given_up = newest.filter(|newest| newest.state == PurchaseState::GivenUp);
        let Some(mut purchase) = given_up else { return Ok(None) };
        purchase.state = match purchase.handed_over_at {
            Some(_) => PurchaseState::Waiting,
            None => PurchaseState::Picked,
        };
        purchases::save(db, &purchase)?;
        Ok(Some(purchase))
    });
    let purchase = write.await?.ok_or_else(|| Error::refused(ErrorCode::NotFound))?;
    watch_if_waiting(context, usage, account).await;
    context.changed(account, &[Tag::Purchase, Tag::Wizard]);
    Ok(purchase_view(&purchase, &[]))
}

/// Keeps a reading in the history, compares it with the purchase that waits, if one does, and keeps what it shows of
/// orders.
pub(crate) async fn note_arrival(
    context: &Context,
    account: &Account,
    figures: &UsageFigures,
) -> Result<(), Error> {
    let (figures, now) = (figures.clone(), context.now(account.environment));
    note(context, account, move |db| {
        history::note(db, &figures)?;
        let arrival = match_reading(db, &figures, now)?;
        Ok(order_book::record_orders(db, &figures, now)? || arrival)
    })
    .await
}

/// Compares a total that was typed in with the purchase that waits, if one does.
pub(crate) async fn note_typed_total(context: &Context, account: &Account, total: u64) -> Result<(), Error> {
    let (id, now) = (account.id.clone(), context.now(account.environment));
    note(context, account, move |db| {
        let waiting = purchases::newest(db, &id)?.filter(|newest| newest.state == PurchaseState::Waiting);
        let Some(mut purchase) = waiting else { return Ok(false) };
        purchase.last_checked = Some(now);
        let more = purchase.known_total.and_then(|known| total.checked_sub(known)).filter(|more| *more > 0);
        if let Some(calls) = more {
            let picked = calls == purchase.calls;
            purchase.state = if picked { PurchaseState::Arrived } else { PurchaseState::ArrivedDifferent };
            purchase.arrived =
                Some(Arrival { seen_at: now, lot: None, calls, effective_at: None, expires_at: None });
        }
        purchases::save(db, &purchase)?;
        if purchase.arrived.is_some() {
            order_book::record_typed(db, &purchase, now)?;
        }
        Ok(true)
    })
    .await
}

async fn note(
    context: &Context,
    account: &Account,
    act: impl FnOnce(&Db<'_>) -> Result<bool, StoreError> + Send + 'static,
) -> Result<(), Error> {
    if context.store.write_ledger(act).await? {
        context.changed(&account.id, &[Tag::Purchase, Tag::Wizard]);
    }
    Ok(())
}

/// Takes up the watch over purchases that were waiting when the application ended.
pub(crate) async fn resume_purchases(context: &Context, usage: &Arc<Usage>) -> Result<(), Error> {
    let waiting = context.store.ledger(|db| purchases::waiting(db)).await?;
    for purchase in waiting {
        // Nobody waits for what a removed account bought.
        let Ok(account) = context.account(&purchase.account).await else { continue };
        watch(context, usage, &account, purchase.handed_over_at);
    }
    Ok(())
}

/// Looks for the arrival in the background until it has arrived or was given up, or nobody is expected to pay any
/// more.
fn watch(context: &Context, usage: &Arc<Usage>, account: &Account, handed_over_at: Option<DateTime<Utc>>) {
    let since = handed_over_at.unwrap_or_else(|| context.now(account.environment));
    let backoff = context.backoff(account.environment, since).after_a_moment();
    let (id, usage) = (account.id.clone(), Arc::clone(usage));
    context.start_job(JobKey::Purchase(account.id.clone()), backoff, move |context| {
        let (id, usage) = (id.clone(), Arc::clone(&usage));
        async move {
            // A failed look is stored with the reading and shown there; the next one may succeed.
            let failed = check_arrival(&context, &usage, &id).await.err();
            match context.snapshot(&id).await {
                Ok(known) if !is_waiting(&known) => Attempt::Done,
                // Nobody waits for what a removed account bought.
                Err(error) if error.code() == ErrorCode::NotFound => Attempt::Done,
                _ => Attempt::Again(failed),
            }
        }
    });
}

/// Starts the watch over an account whose purchase waits, unless it is watched already.
pub(crate) async fn watch_if_waiting(context: &Context, usage: &Arc<Usage>, account: &str) {
    let Ok(known) = context.snapshot(account).await else { return };
    if is_waiting(&known) {
        watch(context, usage, &known.account, known.purchase.and_then(|purchase| purchase.handed_over_at));
    }
}

/// A purchase waits, and there is somebody to ask about it.
fn is_waiting(known: &AccountSnapshot) -> bool {
    let waiting = known.purchase.as_ref().is_some_and(|newest| newest.state == PurchaseState::Waiting);
    waiting && known.connection.as_ref().is_some_and(|one| one.source != UsageSource::TypedIn)
}
