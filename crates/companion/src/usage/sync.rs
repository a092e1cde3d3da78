//! Usage: from the cache at once, synced in the background.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::api::{ErrorCode, ErrorView, Tag, UsageSource, UsageView, WizardView};
use crate::clients::wechat::{RecentAverage, UsageReading};
use crate::context::Context;
use crate::error::Error;
use crate::forecast::outlook::outlook;
use crate::onboarding::verdict::quick_or_error;
use crate::onboarding::wizard::answer;
use crate::purchasing::arrival::match_reading;
use crate::purchasing::order_book;
use crate::secrets::SecretKind;
use crate::store::accounts::Account;
use crate::store::connections::Connection;
use crate::store::{history, purchases, readings, syncs};
use crate::usage::reading::{ReadingOutcome, ask_both, figures_from, reading_error};
use crate::usage::state::Usage;
use crate::usage::view::usage_view;
use crate::wechat_auth::caller::Caller;
use crate::wechat_auth::token_cache::Tokens;
use crate::wechat_auth::tokens::ask_wechat;

/// As last read; never waits for the network. `None` until usage was read or typed in once.
pub(crate) async fn get_usage(
    context: &Context,
    usage: &Arc<Usage>,
    account: &str,
) -> Result<Option<UsageView>, Error> {
    let known = context.snapshot(account).await?;
    let outlook = outlook(context, &known).await?;
    Ok(usage_view(&known, &outlook, usage.is_being_read(&known.account.id)))
}

/// Reads the platform again; callers at the same time share one reading. Errors: `no_usage_yet` without a
/// connection, everything the platform can say, `keyring_…`.
pub(crate) async fn sync_usage(
    context: &Context,
    usage: &Arc<Usage>,
    account: &str,
) -> Result<UsageView, Error> {
    let known = context.snapshot(account).await?;
    let connection = known.connection.as_ref().ok_or_else(|| Error::refused(ErrorCode::NoUsageYet))?;
    if connection.source != UsageSource::TypedIn {
        read_usage(context, usage, &known.account, connection).await?;
    }
    get_usage(context, usage, account).await?.ok_or_else(|| Error::refused(ErrorCode::NoUsageYet))
}

/// One reading: asked, stored, matched with a waiting purchase; its outcome stored too.
pub(crate) async fn read_usage(
    context: &Context,
    usage: &Arc<Usage>,
    account: &Account,
    connection: &Connection,
) -> Result<(), Error> {
    let outcome = read_usage_quietly(context, usage, account, connection, None).await;
    // After the flight has landed, so that a reader now does not see it running.
    context.changed(&account.id, &[Tag::Usage]);
    if outcome.is_ok() {
        context.look_again();
    }
    outcome
}

/// The same without a word to the pages. With `permits`, the platform is asked when one is free.
pub(crate) async fn read_usage_quietly(
    context: &Context,
    usage: &Arc<Usage>,
    account: &Account,
    connection: &Connection,
    permits: Option<&Semaphore>,
) -> Result<(), Error> {
    let flight = || async {
        let figures = {
            // Never closed, so that a permit is only waited for.
            let _permit = match permits {
                Some(permits) => permits.acquire().await.ok(),
                None => None,
            };
            ask_for_usage(context, &usage.tokens, account, connection).await
        };
        let now = context.now(account.environment);
        let figures = match figures {
            Ok((reading, average)) => Ok(figures_from(&account.id, now, reading, average)),
            Err(error) => Err(context.report(&error)),
        };
        let result = figures.as_ref().map(|_| ()).map_err(ErrorView::clone);
        let writer = context.clone();
        let sighting = ReadingOutcome { account: account.id.clone(), now, figures };
        let commit = move |batch| {
            let context = writer.clone();
            async move { store_sightings(&context, batch).await }
        };
        match usage.batch.write(sighting, commit).await {
            Some(Err(view)) => Err(view),
            Some(Ok(())) => result,
            None => Err(context.report(&Error::refused(ErrorCode::Internal))),
        }
    };
    usage.readings.run(&account.id, flight).await.map_err(Error::Reported)
}

/// Readings that came in together, in one commit on each file.
async fn store_sightings(context: &Context, batch: Vec<ReadingOutcome>) -> Result<(), ErrorView> {
    let batch = Arc::new(batch);
    let read = Arc::clone(&batch);
    let matched = context.store.write_ledger(move |db| {
        let waiting = purchases::waiting(db)?;
        let mut noted = Vec::new();
        for ReadingOutcome { figures, now, account } in read.iter() {
            let Ok(figures) = figures else { continue };
            history::note(db, figures)?;
            let waits = waiting.iter().any(|purchase| purchase.account == *account);
            let arrival = waits && match_reading(db, figures, *now)?;
            if order_book::record_orders(db, figures, *now)? || arrival {
                noted.push(account.clone());
            }
        }
        Ok(noted)
    });
    let matched = matched.await.map_err(|error| context.report(&error.into()));
    let failure = matched.as_ref().err().cloned();
    let written = context.store.cache(move |db| {
        for ReadingOutcome { account, now, figures } in batch.iter() {
            match (figures, &failure) {
                (Ok(figures), None) => {
                    readings::save(db, figures)?;
                    syncs::succeeded(db, account, *now)?;
                }
                (Err(error), _) | (Ok(_), Some(error)) => syncs::failed(db, account, *now, error)?,
            }
        }
        Ok(())
    });
    let written = written.await.map_err(|error| context.report(&error.into()));
    for account in matched? {
        context.changed(&account, &[Tag::Purchase, Tag::Wizard]);
    }
    written
}

async fn ask_for_usage(
    context: &Context,
    tokens: &Arc<Tokens>,
    account: &Account,
    connection: &Connection,
) -> Result<(UsageReading, Option<RecentAverage>), Error> {
    if connection.source == UsageSource::MemberCard {
        let key = context.secret(account, SecretKind::MemberCardKey).await?;
        let key = key.ok_or_else(|| Error::refused(ErrorCode::MemberCardNotConnected))?;
        let platform = context.member_card(account.environment)?;
        let read = platform.wechat_usage(&key).await.map_err(context.client_error(account.environment));
        return read.map_err(reading_error(account.kind));
    }
    let caller = Caller::of(account, connection).ok_or_else(|| Error::refused(ErrorCode::NoUsageYet))?;
    let spu_id = quick_or_error(account.kind)?.spu_id.value.as_str();
    ask_wechat(
        context,
        tokens,
        &caller,
        |wechat, token| async move { ask_both(&wechat, &token, spu_id).await },
    )
    .await
    .map_err(reading_error(account.kind))
}

/// Step 7 is done. Errors: `step_not_ready` before usage is known.
pub(crate) async fn confirm_usage_seen(context: &Context, account: &str) -> Result<WizardView, Error> {
    let known = context.snapshot(account).await?;
    if known.connection.is_none() {
        return Err(Error::refused(ErrorCode::StepNotReady));
    }
    answer(context, &known.account.id, move |answers| {
        answers.usage_seen_at.get_or_insert(known.now);
    })
    .await
}
