//! Sends what was raised: one message a channel at a time, at most once whatever happens.
//!
//! A message is marked as on its way before it is sent, and with its outcome after. Between the two nobody knows whether it
//! arrived, so it is not sent again; a receiver would show it twice. What certainly did not arrive waits, and is sent with
//! whatever was raised meanwhile, for a day.

use std::sync::Arc;

use billing_core::time::{beijing_day, beijing_hour, beijing_midnight};
use chrono::{DateTime, Datelike as _, Months, TimeDelta, Utc};
use tokio::sync::OwnedMutexGuard;

use super::message::{Said, of_alerts};
use super::stored::StoredAccess;
use super::words::Texts;
use crate::api::{ErrorCode, Language, MessageState, Tag};
use crate::clients::robots::{Access, Delivery, Robots, Wording};
use crate::context::{Context, JobKey};
use crate::error::Error;
use crate::infra::backoff::Backoff;
use crate::infra::jobs::Attempt;
use crate::secrets::SecretName;
use crate::store::channels::{self, Channel, Problem};
use crate::store::inbox::Raised;
use crate::store::settings::{self, Setting, quiet_hours};
use crate::store::{Db, StoreError};

/// Between two messages about alerts: what is raised within it is one message.
const SPACING: TimeDelta = TimeDelta::minutes(1);
/// Messages to one channel within a minute, tests included. The robots' own limit is 20 (docs/owners-phone.md).
const MINUTELY: u32 = 15;
/// Messages to one channel within a month, tests included: ten a day. DingTalk gives a whole company 5,000 calls
/// (docs/owners-phone.md).
pub(super) const MONTHLY: u32 = 300;
/// What is older is in the inbox, and days that it counts are wrong.
const GIVEN_UP_AFTER: TimeDelta = TimeDelta::days(1);
/// Longer than any wait; a clock that was set back can make one seem longer.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(32);
/// What became of older messages is of no use.
const REMEMBERED: TimeDelta = TimeDelta::days(62);

/// What can be done for a channel now.
enum Step {
    /// Nothing waits, or it is a quiet hour, at whose end this is asked again.
    Nothing,
    /// The channel had a message just now.
    Soon,
    /// Something stands in the way until this instant.
    Held(Problem, DateTime<Utc>),
    Send(Due),
}

/// A message that may be sent now.
struct Due {
    channel: Channel,
    message: String,
    alerts: Vec<Raised>,
}

/// Notes what an earlier run left unclear, and sends what it left unsent.
pub(crate) async fn resume(context: &Context) -> Result<(), Error> {
    if context.store.ledger(|db| channels::is_any_interrupted(db)).await? {
        context.store.ledger(|db| channels::mark_interrupted(db)).await?;
    }
    send_in_background(context).await
}

/// Sends in the background what waits for any channel.
pub(crate) async fn send_in_background(context: &Context) -> Result<(), Error> {
    for channel in context.store.ledger(|db| channels::with_waiting(db)).await? {
        let clock = Arc::clone(&context.setup.clock);
        // A moment later, so that what is raised at once is one message.
        let backoff = Backoff::since(clock.now(), clock).after_a_moment();
        context.start_job(JobKey::Channel(channel.clone()), backoff, move |context| {
            let channel = channel.clone();
            async move {
                match send_all(&context, &channel).await {
                    Ok(true) => Attempt::Done,
                    Ok(false) => Attempt::Again(None),
                    Err(error) => Attempt::Again(Some(error)),
                }
            }
        });
    }
    Ok(())
}

/// Sends what may be sent to a channel, and returns whether nothing is left to do. Errors: also `channel_limited`,
/// `channel_used_up`, which say until when.
async fn send_all(context: &Context, channel: &str) -> Result<bool, Error> {
    let _lock = lock(context, channel).await;
    loop {
        let (id, now) = (channel.to_owned(), context.setup.clock.now());
        match context.store.ledger(move |db| step(db, &id, now)).await? {
            Step::Nothing => return Ok(true),
            Step::Soon => return Ok(false),
            Step::Held(problem, at) => {
                context.changed_everywhere(&[Tag::Channels]);
                return Err(error_of(problem).retry_later(at));
            }
            Step::Send(due) => send(context, due).await?,
        }
    }
}

/// One message to a channel at a time.
pub(super) async fn lock(context: &Context, channel: &str) -> OwnedMutexGuard<()> {
    context.lock_for(&format!("channel {channel}")).await
}

fn step(db: &Db<'_>, channel: &str, now: DateTime<Utc>) -> Result<Step, StoreError> {
    let Some(channel) = channels::find(db, channel)? else { return Ok(Step::Nothing) };
    if !channel.is_on {
        // It was switched off while a message was on its way that came back.
        channels::drop_waiting(db, &channel.id)?;
        return Ok(Step::Nothing);
    }
    let Some(message) = channels::waiting(db, &channel.id)? else { return Ok(Step::Nothing) };
    if now.signed_duration_since(message.made_at) > GIVEN_UP_AFTER {
        channels::finish(db, &message.id, MessageState::GivenUp, message.problem)?;
        return Ok(Step::Nothing);
    }
    let alerts = channels::alerts(db, &message.id)?;
    if alerts.is_empty() {
        channels::forget(db, &message.id)?;
        return Ok(Step::Nothing);
    }
    if quiet_hours(db)?.is_some_and(|quiet| quiet.contains(beijing_hour(now))) {
        return Ok(Step::Nothing);
    }
    if let (Some(at), Some(problem)) = (message.not_before, message.problem)
        && now < at
        && at.signed_duration_since(now) < LONGEST_WAIT
    {
        return Ok(Step::Held(problem, at));
    }
    let last = channels::last_began(db, &channel.id)?;
    if last.is_some_and(|last| last <= now && now < last + SPACING) {
        return Ok(Step::Soon);
    }
    if let Some((problem, at)) = used_up(db, &channel.id, now)? {
        channels::hold(db, &message.id, Some(at), problem)?;
        return Ok(Step::Held(problem, at));
    }
    Ok(Step::Send(Due { channel, message: message.id, alerts }))
}

/// Why a channel may have no further message before an instant.
pub(super) fn used_up(
    db: &Db<'_>,
    channel: &str,
    now: DateTime<Utc>,
) -> Result<Option<(Problem, DateTime<Utc>)>, StoreError> {
    let minute_ago = now - SPACING;
    if channels::sent_since(db, channel, minute_ago)? >= MINUTELY {
        return Ok(Some((Problem { code: ErrorCode::ChannelLimited, errcode: None }, now + SPACING)));
    }
    let first = beijing_day(now).with_day(1);
    let (Some(from), Some(to)) = (
        first.and_then(beijing_midnight),
        first.and_then(|day| day.checked_add_months(Months::new(1))).and_then(beijing_midnight),
    ) else {
        return Ok(None);
    };
    let is_used_up = channels::sent_since(db, channel, from)? >= MONTHLY;
    Ok(is_used_up.then_some((Problem { code: ErrorCode::ChannelUsedUp, errcode: None }, to)))
}

/// Sends a message once, and notes what became of it. Errors: why it certainly did not arrive and waits.
async fn send(context: &Context, due: Due) -> Result<(), Error> {
    // Before anything is noted: a keyring may ask the person for longer than anybody waits.
    let Some(access) = stored_access(context, &due.channel).await? else {
        let problem = Problem { code: ErrorCode::ChannelSecretGone, errcode: None };
        return finish(context, due.message, MessageState::Refused, Some(problem)).await;
    };
    let (text, now) = (message(context, &due.alerts).await?, context.setup.clock.now());
    let id = due.message.clone();
    let Some(text) = text else {
        return Ok(context.store.ledger(move |db| channels::forget(db, &id)).await?);
    };
    let still_waits = context.store.ledger(move |db| {
        channels::forget_old(db, now - REMEMBERED)?;
        channels::begin(db, &id, now)
    });
    if !still_waits.await? {
        return Ok(());
    }
    let delivery = robots(context).send(&access, &text, now).await;
    match outcome(delivery, context.setup.clock.now()) {
        Outcome::Final(state, problem) => finish(context, due.message, state, problem).await,
        Outcome::Undelivered { problem, not_before, error } => {
            let hold = context.store.ledger(move |db| channels::hold(db, &due.message, not_before, problem));
            hold.await?;
            context.changed_everywhere(&[Tag::Channels]);
            Err(error)
        }
    }
}

/// What is noted of a delivery.
pub(super) enum Outcome {
    Final(MessageState, Option<Problem>),
    /// It certainly did not arrive, and may be sent later.
    Undelivered {
        problem: Problem,
        not_before: Option<DateTime<Utc>>,
        error: Error,
    },
}

pub(super) fn outcome(delivery: Delivery, now: DateTime<Utc>) -> Outcome {
    match delivery {
        Delivery::Sent => Outcome::Final(MessageState::Sent, None),
        Delivery::Refused { code, errcode } => {
            Outcome::Final(MessageState::Refused, Some(Problem { code, errcode }))
        }
        Delivery::Unclear => {
            let problem = Problem { code: ErrorCode::ChannelUnclear, errcode: None };
            Outcome::Final(MessageState::Unclear, Some(problem))
        }
        Delivery::Limited { wait, errcode } => {
            let problem = Problem { code: ErrorCode::ChannelLimited, errcode };
            let at = now + TimeDelta::from_std(wait).unwrap_or(SPACING);
            Outcome::Undelivered { problem, not_before: Some(at), error: error_of(problem).retry_later(at) }
        }
        Delivery::Unsent(error) => {
            let error = Error::client(error, now);
            let problem = Problem { code: error.code(), errcode: None };
            Outcome::Undelivered { problem, not_before: None, error }
        }
    }
}

pub(super) fn error_of(problem: Problem) -> Error {
    params_of(problem)
        .into_iter()
        .fold(Error::refused(problem.code), |error, (name, value)| error.with(name, value))
}

/// Values for the text of a problem.
pub(super) fn params_of(problem: Problem) -> [(&'static str, String); 2] {
    let errcode = problem.errcode.map_or_else(|| "–".to_owned(), |errcode| errcode.to_string());
    [("errcode", errcode), ("count", MONTHLY.to_string())]
}

pub(super) async fn finish(
    context: &Context,
    message: String,
    state: MessageState,
    problem: Option<Problem>,
) -> Result<(), Error> {
    context.store.ledger(move |db| channels::finish(db, &message, state, problem)).await?;
    context.changed_everywhere(&[Tag::Channels]);
    Ok(())
}

/// Where and how to send to a channel; `None` when the keyring does not have it, or has another receiver's: a change was
/// interrupted, and no page says where that one leads.
pub(super) async fn stored_access(context: &Context, channel: &Channel) -> Result<Option<Access>, Error> {
    let secret = context.secret_named(SecretName::of_channel(&channel.id)).await?;
    let access =
        secret.as_ref().and_then(StoredAccess::read).and_then(|stored| stored.access(channel.kind).ok());
    Ok(access.filter(|access| access.host() == channel.host))
}

pub(super) fn robots(context: &Context) -> Robots {
    Robots::new(context.http())
}

/// `None`: nothing can be said of any of the alerts.
async fn message(context: &Context, alerts: &[Raised]) -> Result<Option<Wording>, Error> {
    let texts = texts(context).await?;
    let said: Vec<Said> =
        alerts.iter().filter_map(|raised| Said::of(raised, context.now(raised.environment))).collect();
    Ok((!said.is_empty()).then(|| of_alerts(texts, &said)))
}

/// The words in the language of the shop.
pub(super) async fn texts(context: &Context) -> Result<&Texts, Error> {
    let chosen = context.store.ledger(|db| settings::get::<Language>(db, Setting::Language)).await?;
    Ok(context.setup.words.of(chosen.unwrap_or(context.setup.language)))
}
