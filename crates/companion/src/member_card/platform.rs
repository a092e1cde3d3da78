//! The member-card platform: its settings and balances, and who signed up. The mode is changed in `mode`.

use crate::api::{ErrorCode, MemberCardView, Tag};
use crate::context::Context;
use crate::error::Error;
use crate::forecast::outlook::outlook;
use crate::member_card::under_way::ModeChanges;
use crate::member_card::view::{CardRecords, member_card_view};
use crate::secrets::{Secret, SecretKind};
use crate::store::accounts::Account;
use crate::store::member_cards::{self, CardSettings};
use crate::store::sign_ups::{self, DayCounts, SignUps};
use crate::store::{Db, connections, mode_changes};
use crate::wechat_auth::credentials::given_key;

/// Sign-ups are shown by week, this number of weeks.
const WEEKS: u32 = 8;

/// Checks the access key by reading the settings, then keeps it. Errors: `member_card_key_wrong`,
/// `member_card_not_connected` when the platform's address is not known, `keyring_…`.
pub(crate) async fn connect_member_card(
    context: &Context,
    modes: &ModeChanges,
    account: &str,
    access_key: Secret<String>,
) -> Result<MemberCardView, Error> {
    let account = context.account(account).await?;
    let access_key = given_key(&access_key)?;
    let settings = settings_of(context, &account, &access_key).await?;
    // The key is good, whether or not sign-ups can be counted right now.
    if let Err(error) = read_sign_ups(context, &account, &access_key).await {
        context.report(&error);
    }
    let recorded = settings.clone();
    let cached = cached_settings(context, &account.id).await?.map(|settings| settings.mode);
    let since = context.now(account.environment);
    let under_way = modes.ids();
    let record = move |context: Context| async move {
        let write = context.store.write_ledger(move |db| {
            connections::save_member_card(db, &recorded.account, since)?;
            super::history::note_reading(db, &recorded, cached, &under_way)
        });
        Ok(write.await?)
    };
    context.keep_secret(&account, SecretKind::MemberCardKey, access_key, record).await?;
    cache_settings(context, settings).await?;
    context.changed(&account.id, &[Tag::MemberCard, Tag::Wizard]);
    get_member_card(context, modes, &account.id).await
}

/// As last read, from the cache.
pub(crate) async fn get_member_card(
    context: &Context,
    modes: &ModeChanges,
    account: &str,
) -> Result<MemberCardView, Error> {
    let (known, (since, history)) = context
        .snapshot_with(account, |db, id| {
            Ok((connections::member_card_since(db, id)?, mode_changes::of(db, id)?))
        })
        .await?;
    let id = known.account.id.clone();
    let sign_ups = context.store.cache(move |db| sign_ups::of(db, &id)).await?;
    let stored = CardRecords { has_key: since.is_some(), history, sign_ups };
    let can_connect = context.member_card(known.account.environment).is_ok();
    let outlook = outlook(context, &known).await?;
    Ok(member_card_view(&known, &outlook, stored, can_connect, &modes.ids()))
}

/// Reads the platform again: settings, then sign-ups. Errors: `member_card_not_connected`, everything the platform
/// can say; what was read before the error stays.
pub(crate) async fn sync_member_card(
    context: &Context,
    modes: &ModeChanges,
    account: &str,
) -> Result<MemberCardView, Error> {
    let account = context.account(account).await?;
    let key = member_card_key(context, &account).await?;
    let settings = settings_of(context, &account, &key).await?;
    note_settings(context, modes, settings).await?;
    let counted = read_sign_ups(context, &account, &key).await;
    context.changed(&account.id, &[Tag::MemberCard]);
    counted?;
    get_member_card(context, modes, &account.id).await
}

/// Counts the sign-ups of the last weeks. A platform that does not count them is no error.
pub(crate) async fn read_sign_ups(
    context: &Context,
    account: &Account,
    key: &Secret<String>,
) -> Result<(), Error> {
    let platform = context.member_card(account.environment)?;
    let days = WEEKS.saturating_mul(7);
    let counted = platform.statistics(key, None, days).await;
    let read = match counted.map_err(context.client_error(account.environment)) {
        Ok(read) => read,
        Err(error) if error.code() == ErrorCode::MemberCardNotOffered => return Ok(()),
        Err(error) => return Err(error),
    };
    let days = read.days.into_iter().map(|row| DayCounts {
        day: row.day,
        authorized: row.counts.authorized,
        manual: row.counts.manual,
        cards_issued: row.counts.cards_issued,
        numbers_not_fetched: row.counts.numbers_not_fetched,
    });
    let sign_ups = SignUps { account: account.id.clone(), read_at: read.as_of, days: days.collect() };
    context.store.cache(move |db| sign_ups::save(db, &sign_ups)).await?;
    // Forecasts start from them.
    context.look_again();
    Ok(())
}

pub(crate) async fn member_card_key(context: &Context, account: &Account) -> Result<Secret<String>, Error> {
    let not_connected = || Error::refused(ErrorCode::MemberCardNotConnected);
    let id = account.id.clone();
    let stored = context.store.ledger(move |db| connections::member_card_since(db, &id)).await?;
    stored.ok_or_else(not_connected)?;
    context.secret(account, SecretKind::MemberCardKey).await?.ok_or_else(not_connected)
}

/// Asks the platform. A key of another mini-program than the one connected is as wrong as an unknown one: with it
/// the shop would change somebody else's mode.
pub(crate) async fn settings_of(
    context: &Context,
    account: &Account,
    key: &Secret<String>,
) -> Result<CardSettings, Error> {
    let platform = context.member_card(account.environment)?;
    let settings = platform.settings(key).await.map_err(context.client_error(account.environment))?;
    let connection = context.snapshot(&account.id).await?.connection;
    let own = connection.and_then(|connection| connection.app_id);
    if own.is_some_and(|own| !own.eq_ignore_ascii_case(&settings.app_id)) {
        return Err(Error::refused(ErrorCode::MemberCardKeyWrong).with("app_id", &settings.app_id));
    }
    Ok(CardSettings {
        account: account.id.clone(),
        read_at: context.now(account.environment),
        mode: settings.acquisition_mode,
        quota: settings.card_quota,
        issued: settings.cards_issued,
        remaining: settings.cards_remaining,
        sms_balance: settings.sms_balance,
        app_id: settings.app_id,
        shop: Some(settings.shop).filter(|shop| !shop.is_empty()),
        sighting: context.new_id(),
    })
}

/// Records a change made elsewhere, then caches what was read.
pub(crate) async fn note_settings(
    context: &Context,
    modes: &ModeChanges,
    settings: CardSettings,
) -> Result<(), Error> {
    let read = settings.clone();
    let cached = cached_settings(context, &settings.account).await?.map(|settings| settings.mode);
    let under_way = modes.ids();
    let note = move |db: &Db<'_>| super::history::note_reading(db, &read, cached, &under_way);
    context.store.write_ledger(note).await?;
    cache_settings(context, settings).await
}

async fn cache_settings(context: &Context, settings: CardSettings) -> Result<(), Error> {
    Ok(context.store.cache(move |db| member_cards::save(db, &settings)).await?)
}

pub(crate) async fn cached_settings(context: &Context, account: &str) -> Result<Option<CardSettings>, Error> {
    let id = account.to_owned();
    Ok(context.store.cache(move |db| member_cards::of(db, &id)).await?)
}
