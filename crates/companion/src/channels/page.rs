//! What the page of channels shows and changes.

use crate::api::{
    ChannelKind, ChannelProblem, ChannelView, ChannelsView, ErrorCode, Instant, LastMessageView,
    MessageState, Tag,
};
use crate::channels::delivery::{
    self, Outcome, error_of, finish, lock, outcome, params_of, robots, stored_access, texts,
};
use crate::channels::message::of_test;
use crate::channels::stored::StoredAccess;
use crate::clients::robots::{Access, BadAccess, CONNECT_SECONDS, recognise};
use crate::context::Context;
use crate::error::Error;
use crate::keychain::{intent_of_channel, may_have_written};
use crate::secrets::Secret;
use crate::store::channels::{self, Channel, Newest, Problem};
use crate::store::secret_intents;

/// Characters of the shop's own word for a channel.
const LABEL: usize = 40;

/// Every channel with what became of its messages.
pub(crate) async fn get_channels(context: &Context) -> Result<ChannelsView, Error> {
    let (channels, newest) =
        context.store.ledger(|db| Ok((channels::all(db)?, channels::newest(db)?))).await?;
    Ok(ChannelsView { channels: channels.into_iter().map(|channel| view(channel, &newest)).collect() })
}

/// The product of an address that is being typed; `None` where it does not show. Nothing is stored.
pub(crate) async fn recognise_channel(
    _: &Context,
    address: Secret<String>,
) -> Result<Option<ChannelKind>, Error> {
    Ok(recognise(&address))
}

/// Adds a channel; its address goes into the keyring. Nothing is sent.
///
/// # Errors
/// `channel_address_invalid`, `channel_host_wrong`, `channel_secret_invalid`, `channel_twice`, `keyring_…`.
pub(crate) async fn add_channel(
    context: &Context,
    kind: ChannelKind,
    label: &str,
    address: Secret<String>,
    signing: Option<Secret<String>>,
) -> Result<ChannelsView, Error> {
    let access = Access::of(kind, &address, signing.as_ref()).map_err(refusal)?;
    let host = access.host();
    let stored = StoredAccess::new(&address, signing.as_ref());
    let known = context.store.ledger(|db| channels::all(db)).await?;
    for channel in known.iter().filter(|channel| channel.kind == kind && channel.host == host) {
        let found = stored_access(context, channel).await?;
        if found.is_some_and(|found| found.leads_where(&access)) {
            return Err(Error::refused(ErrorCode::ChannelTwice));
        }
    }
    // Off until the keyring has its address; the row first, so that nothing is in the keyring that no page shows.
    let channel = Channel {
        id: context.new_id(),
        kind,
        label: label.trim().chars().take(LABEL).collect(),
        host,
        is_on: false,
        added_at: context.setup.clock.now(),
    };
    let (id, secret) = (channel.id.clone(), stored.secret()?);
    let intent = intent_of_channel(&id);
    let noted = intent.clone();
    let write = context.store.ledger(move |db| {
        secret_intents::note(db, &noted)?;
        channels::insert(db, &channel)
    });
    write.await?;
    let is_stored = context.set_channel_secret(&id, secret).await;
    let write = context.store.ledger(move |db| {
        if !is_stored.as_ref().is_err_and(may_have_written) {
            secret_intents::settle(db, &intent)?;
        }
        match is_stored {
            Ok(()) => channels::switch(db, &id, true).map(|_| Ok(())),
            Err(error) => channels::delete(db, &id).map(|()| Err(error)),
        }
    });
    write.await??;
    context.changed_everywhere(&[Tag::Channels]);
    get_channels(context).await
}

/// Switches a channel on or off. What waits for one that goes off is not sent later. Errors: `not_found`.
pub(crate) async fn switch_channel(
    context: &Context,
    channel: &str,
    on: bool,
) -> Result<ChannelsView, Error> {
    let id = channel.to_owned();
    if !context.store.ledger(move |db| channels::switch(db, &id, on)).await? {
        return Err(Error::refused(ErrorCode::NotFound));
    }
    context.changed_everywhere(&[Tag::Channels]);
    get_channels(context).await
}

/// Removes a channel: its address leaves the keyring, then what is stored of it goes.
///
/// # Errors
/// `keyring_…`: then it is still there.
pub(crate) async fn remove_channel(context: &Context, channel: &str) -> Result<ChannelsView, Error> {
    let _lock = lock(context, channel).await;
    context.remove_channel_secret(channel).await?;
    let id = channel.to_owned();
    context.store.ledger(move |db| channels::delete(db, &id)).await?;
    context.changed_everywhere(&[Tag::Channels]);
    get_channels(context).await
}

/// Sends a test message, also in quiet hours and to a channel that is off.
///
/// # Errors
/// Why it did not arrive: `channel_…`, `unreachable`, `timeout`, `tls_failed`; `channel_unclear` where it may have.
pub(crate) async fn test_channel(context: &Context, channel: &str) -> Result<ChannelsView, Error> {
    let _lock = lock(context, channel).await;
    let (id, now) = (channel.to_owned(), context.setup.clock.now());
    let read =
        context.store.ledger(move |db| Ok((channels::find(db, &id)?, delivery::used_up(db, &id, now)?)));
    let (found, used_up) = read.await?;
    let channel = found.ok_or_else(|| Error::refused(ErrorCode::NotFound))?;
    if let Some((problem, at)) = used_up {
        return Err(error_of(problem).retry_later(at));
    }
    let access = stored_access(context, &channel)
        .await?
        .ok_or_else(|| Error::refused(ErrorCode::ChannelSecretGone))?;
    let text = of_test(texts(context).await?);
    let message = context.new_id();
    let (id, to) = (message.clone(), channel.id.clone());
    context.store.ledger(move |db| channels::begin_test(db, &id, &to, now)).await?;
    let delivery = robots(context).send(&access, &text, now).await;
    match outcome(delivery, context.setup.clock.now()) {
        Outcome::Final(state, problem) => {
            finish(context, message, state, problem).await?;
            problem.map_or(Ok(()), |problem| Err(error_of(problem)))?;
        }
        Outcome::Undelivered { problem, error, .. } => {
            finish(context, message, MessageState::Refused, Some(problem)).await?;
            return Err(error);
        }
    }
    get_channels(context).await
}

fn refusal(bad: BadAccess) -> Error {
    match bad {
        BadAccess::Address => Error::refused(ErrorCode::ChannelAddressInvalid),
        BadAccess::Host(host) => Error::refused(ErrorCode::ChannelHostWrong).with("host", host),
        BadAccess::Signing => Error::refused(ErrorCode::ChannelSecretInvalid),
    }
}

fn view(channel: Channel, newest: &Newest) -> ChannelView {
    let host = channel.host.clone();
    let problem = |problem: Problem| ChannelProblem {
        code: problem.code,
        params: params_of(problem)
            .into_iter()
            .chain([("host", host.clone()), ("seconds", CONNECT_SECONDS.to_string())])
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    };
    let (waiting, done) = (newest.waiting.get(&channel.id), newest.done.get(&channel.id));
    ChannelView {
        kind: channel.kind,
        label: channel.label,
        host: channel.host,
        on: channel.is_on,
        waiting: waiting.map_or(0, |(_, alerts)| *alerts),
        held: waiting.and_then(|(message, _)| message.problem).map(problem),
        last: done.map(|message| LastMessageView {
            at: Instant(message.began_at.unwrap_or(message.made_at)),
            state: message.state,
            problem: message.problem.map(problem),
        }),
        id: channel.id,
    }
}
