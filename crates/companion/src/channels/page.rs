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
use crate::secrets::{Secret, SecretName};
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
    refuse_twice(context, &access, None).await?;
    // Off until the keyring has its address; the row first, so that nothing is in the keyring that no page shows.
    let channel = Channel {
        id: context.new_id(),
        kind,
        label: given_label(label),
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
    let is_stored = context.set_secret(SecretName::of_channel(&id), secret).await;
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

/// Changes a channel. What is not typed again stays: the address, and with it the key that signs; a new address comes with its
/// own key, or without one. What waits goes where the channel leads by then.
///
/// # Errors
/// `not_found`, `channel_address_invalid`, `channel_host_wrong`, `channel_secret_invalid`, `channel_secret_gone`,
/// `channel_twice`, `keyring_…`: then it is as it was.
pub(crate) async fn change_channel(
    context: &Context,
    channel: &str,
    kind: ChannelKind,
    label: &str,
    address: Option<Secret<String>>,
    signing: Option<Secret<String>>,
) -> Result<ChannelsView, Error> {
    // Nothing is sent while address and product may not fit each other.
    let _lock = lock(context, channel).await;
    let id = channel.to_owned();
    let found = context.store.ledger(move |db| channels::find(db, &id)).await?;
    let found = found.ok_or_else(|| Error::refused(ErrorCode::NotFound))?;
    let label = given_label(label);
    if kind == found.kind && address.is_none() && signing.is_none() {
        rewrite(context, &found.id, (kind, found.host), label).await?;
        return get_channels(context).await;
    }
    let name = SecretName::of_channel(&found.id);
    let before = context.secret_named(name.clone()).await?;
    let stored = match address {
        Some(address) => StoredAccess::new(&address, signing.as_ref()),
        None => before
            .as_ref()
            .and_then(StoredAccess::read)
            .ok_or_else(|| Error::refused(ErrorCode::ChannelSecretGone))?
            .signed_by(signing.as_ref()),
    };
    let access = stored.access(kind).map_err(refusal)?;
    refuse_twice(context, &access, Some(&found.id)).await?;
    // A crash between the two leaves an address that leads elsewhere than the row says: it is not used.
    context.set_secret(name.clone(), stored.secret()?).await?;
    if let Err(error) = rewrite(context, &found.id, (kind, access.host()), label).await {
        let put_back = match before {
            Some(before) => context.set_secret(name, before).await,
            None => context.remove_secret(name).await,
        };
        if let Err(error) = put_back {
            context.report(&error);
        }
        return Err(error);
    }
    delivery::send_in_background(context).await?;
    get_channels(context).await
}

async fn rewrite(
    context: &Context,
    channel: &str,
    (kind, host): (ChannelKind, String),
    label: String,
) -> Result<(), Error> {
    let id = channel.to_owned();
    context.store.ledger(move |db| channels::change(db, &id, (kind, &host), &label)).await?;
    context.changed_everywhere(&[Tag::Channels]);
    Ok(())
}

/// Errors: `channel_twice` where another channel leads to the same receiver.
async fn refuse_twice(context: &Context, access: &Access, own: Option<&str>) -> Result<(), Error> {
    let (kind, host) = (access.kind(), access.host());
    let known = context.store.ledger(|db| channels::all(db)).await?;
    let others = known.iter().filter(|channel| Some(channel.id.as_str()) != own);
    for channel in others.filter(|channel| channel.kind == kind && channel.host == host) {
        let found = stored_access(context, channel).await?;
        if found.is_some_and(|found| found.leads_where(access)) {
            return Err(Error::refused(ErrorCode::ChannelTwice));
        }
    }
    Ok(())
}

fn given_label(label: &str) -> String {
    label.trim().chars().take(LABEL).collect()
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
    context.remove_secret(SecretName::of_channel(channel)).await?;
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
