//! How usage is read. Nothing is stored before one reading has worked; then secret, connection and reading together.

use std::sync::Arc;

use crate::api::{ErrorCode, Step, StepState, Tag, TypedFigures, UsageSource, WizardView};
use crate::clients::wechat::{RecentAverage, Token, UsageReading};
use crate::context::Context;
use crate::error::Error;
use crate::member_card::platform::{cached_settings, read_sign_ups, settings_of};
use crate::member_card::under_way::ModeChanges;
use crate::onboarding::steps::state_of;
use crate::onboarding::verdict::quick_or_error;
use crate::onboarding::wizard::get_wizard;
use crate::purchasing::purchase::{note_arrival, note_typed_total, watch_if_waiting};
use crate::secrets::{Secret, SecretKind};
use crate::store::accounts::Account;
use crate::store::connections::{self, Connection};
use crate::store::member_cards::{self, CardSettings};
use crate::store::readings::{self, UsageFigures};
use crate::store::{history, syncs};
use crate::usage::reading::{ask_both, figures_from, reading_error};
use crate::usage::state::Usage;
use crate::wechat_auth::authorisation::{Authorisation, exchanged};
use crate::wechat_auth::caller::{Caller, Credential};
use crate::wechat_auth::credentials::{given_app_id, given_app_secret, given_key};
use crate::wechat_auth::token_cache::Held;

/// Calls WeChat counts are far below; figures above are a slip of the finger.
const CALLS_MAX: u64 = 1_000_000_000_000;

/// Checks AppID and AppSecret by reading usage once, then keeps them. Errors: `app_id_invalid`,
/// `app_secret_invalid`, everything WeChat can say, `keyring_…`; on any error nothing is stored.
pub(crate) async fn connect_app_secret(
    context: &Context,
    usage: &Arc<Usage>,
    modes: &ModeChanges,
    account: &str,
    app_id: &str,
    app_secret: Secret<String>,
) -> Result<WizardView, Error> {
    let account = ready_to_connect(context, account).await?;
    let (app_id, app_secret) = (given_app_id(app_id)?, given_app_secret(&app_secret)?);
    let environment = account.environment;
    let asked_at = context.now(environment);
    let token = context.wechat(environment)?.stable_token(&app_id, &app_secret).await;
    let token = token.map_err(context.client_error(environment))?;
    let figures = first_reading(context, &account, &token).await?;
    let connection = connection(context, &account, UsageSource::AppSecret, Some(app_id));
    let modes = modes.clone();
    let record =
        move |context: Context| async move { record_connection(&context, &modes, connection, None).await };
    context.keep_secret(&account, SecretKind::AppSecret, app_secret, record).await?;
    usage.tokens.hold(&account.id, Held::new(token, asked_at));
    connected(context, usage, &account, figures, None).await
}

/// Reads usage and settings through the member-card platform once, then keeps the access key.
pub(crate) async fn connect_member_card_usage(
    context: &Context,
    usage: &Arc<Usage>,
    modes: &ModeChanges,
    account: &str,
    access_key: Secret<String>,
) -> Result<WizardView, Error> {
    let account = ready_to_connect(context, account).await?;
    let environment = account.environment;
    let access_key = given_key(&access_key)?;
    let platform = context.member_card(environment)?;
    let settings = settings_of(context, &account, &access_key).await?;
    let read = platform.wechat_usage(&access_key).await.map_err(context.client_error(environment));
    let (reading, average) = read.map_err(reading_error(account.kind))?;
    let figures = figures(context, &account, reading, average);
    let connection = connection(context, &account, UsageSource::MemberCard, Some(settings.app_id.clone()));
    let recorded = settings.clone();
    let modes = modes.clone();
    // The first advice starts from them; the connection stands without.
    if let Err(error) = read_sign_ups(context, &account, &access_key).await {
        context.report(&error);
    }
    let record = move |context: Context| async move {
        record_connection(&context, &modes, connection, Some(recorded)).await
    };
    context.keep_secret(&account, SecretKind::MemberCardKey, access_key, record).await?;
    connected(context, usage, &account, figures, Some(settings)).await
}

/// Checks an authorisation by reading usage once, then keeps it. Errors: `authorisation_invalid`,
/// `component_token_stale`, `not_authorised`, everything WeChat can say, `keyring_…`; on any error nothing is stored.
pub(crate) async fn connect_authorisation(
    context: &Context,
    usage: &Arc<Usage>,
    modes: &ModeChanges,
    account: &str,
    authorisation: Authorisation,
) -> Result<WizardView, Error> {
    let account = ready_to_connect(context, account).await?;
    let (stored, app_id) = authorisation.checked()?;
    let caller = Caller::new(&account, &app_id, Credential::Authorisation);
    let asked_at = context.now(account.environment);
    let (token, stored) = exchanged(context, &caller, stored).await?;
    let figures = first_reading(context, &account, &token).await?;
    let connection = connection(context, &account, UsageSource::Authorisation, Some(app_id));
    let modes = modes.clone();
    let record =
        move |context: Context| async move { record_connection(&context, &modes, connection, None).await };
    context.keep_secret(&account, SecretKind::Authorisation, stored.secret()?, record).await?;
    usage.tokens.hold(&account.id, Held::new(token, asked_at));
    connected(context, usage, &account, figures, None).await
}

/// Keeps the three numbers of the console. Errors: `figures_invalid` unless used + remaining = total.
pub(crate) async fn connect_typed_in(
    context: &Context,
    modes: &ModeChanges,
    account: &str,
    figures: TypedFigures,
) -> Result<WizardView, Error> {
    let account = ready_to_connect(context, account).await?;
    let adds_up = figures.used.checked_add(figures.remaining) == Some(figures.total);
    if !adds_up || figures.total > CALLS_MAX {
        return Err(Error::refused(ErrorCode::FiguresInvalid));
    }
    let mut connection = connection(context, &account, UsageSource::TypedIn, None);
    connection.typed = Some(figures);
    record_connection(context, modes, connection, None).await?;
    // Readings of another way of connecting would contradict what was typed in.
    let id = account.id.clone();
    let forget = context.store.cache(move |db| {
        readings::remove(db, &id)?;
        syncs::remove(db, &id)
    });
    forget.await?;
    note_typed_total(context, &account, figures.total).await?;
    context.changed(&account.id, &[Tag::Usage, Tag::Wizard, Tag::Purchase]);
    context.look_again();
    get_wizard(context, &account.id).await
}

/// What a token that was just obtained shows.
pub(crate) async fn first_reading(
    context: &Context,
    account: &Account,
    token: &Token,
) -> Result<UsageFigures, Error> {
    let wechat = context.wechat(account.environment)?;
    let (reading, average) =
        ask_both(&wechat, &token.value, quick_or_error(account.kind)?.spu_id.value.as_str())
            .await
            .map_err(context.client_error(account.environment))
            .map_err(reading_error(account.kind))?;
    Ok(figures(context, account, reading, average))
}

pub(crate) async fn ready_to_connect(context: &Context, account: &str) -> Result<Account, Error> {
    let account = context.account(account).await?;
    if state_of(&context.snapshot(&account.id).await?, Step::Eligibility) != StepState::Done {
        return Err(Error::refused(ErrorCode::StepNotReady));
    }
    Ok(account)
}

fn figures(
    context: &Context,
    account: &Account,
    reading: UsageReading,
    average: Option<RecentAverage>,
) -> UsageFigures {
    figures_from(&account.id, context.now(account.environment), reading, average)
}

pub(crate) fn connection(
    context: &Context,
    account: &Account,
    source: UsageSource,
    app_id: Option<String>,
) -> Connection {
    Connection {
        account: account.id.clone(),
        source,
        app_id,
        connected_at: context.now(account.environment),
        typed: None,
    }
}

/// The ledger's part, in one commit.
pub(crate) async fn record_connection(
    context: &Context,
    modes: &ModeChanges,
    connection: Connection,
    card: Option<CardSettings>,
) -> Result<(), Error> {
    let cached = cached_settings(context, &connection.account).await?.map(|settings| settings.mode);
    let under_way = modes.ids();
    let write = context.store.write_ledger(move |db| {
        connections::save(db, &connection)?;
        if let Some(typed) = connection.typed {
            history::note_typed(db, &connection.account, connection.connected_at, typed)?;
        }
        match card {
            Some(card) => {
                connections::save_member_card(db, &card.account, connection.connected_at)?;
                crate::member_card::history::note_reading(db, &card, cached, &under_way)
            }
            None => Ok(()),
        }
    });
    Ok(write.await?)
}

/// The cache's part. The connection stands without it: the next sync fills it again.
pub(crate) async fn connected(
    context: &Context,
    usage: &Arc<Usage>,
    account: &Account,
    figures: UsageFigures,
    card: Option<CardSettings>,
) -> Result<WizardView, Error> {
    // A pack that was paid while nobody could look may be among the lots already.
    note_arrival(context, account, &figures).await?;
    watch_if_waiting(context, usage, &account.id).await;
    let read_at = figures.read_at;
    let with_card = card.is_some();
    let written = context.store.cache(move |db| {
        readings::save(db, &figures)?;
        syncs::remove(db, &figures.account)?;
        syncs::succeeded(db, &figures.account, read_at)?;
        card.as_ref().map_or(Ok(()), |card| member_cards::save(db, card))
    });
    if let Err(error) = written.await {
        tracing::warn!(cause = %error, "the first reading is not cached");
    }
    let tags: &[Tag] =
        if with_card { &[Tag::Usage, Tag::Wizard, Tag::MemberCard] } else { &[Tag::Usage, Tag::Wizard] };
    context.changed(&account.id, tags);
    context.look_again();
    get_wizard(context, &account.id).await
}
