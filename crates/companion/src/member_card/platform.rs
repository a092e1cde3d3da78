//! The member-card platform: its settings and balances, and who signed up. The mode is changed in `mode`.

use crate::api::{ErrorCode, MemberCardView, Tag};
use crate::app::Companion;
use crate::error::Error;
use crate::member_card::view::{CardRecords, member_card_view};
use crate::secrets::{Secret, SecretKind};
use crate::store::Db;
use crate::store::accounts::Account;
use crate::store::connections;
use crate::store::member_cards::{self, CardSettings};
use crate::store::mode_changes;
use crate::store::sign_ups::{self, DayCounts, SignUps};
use crate::wechat_auth::credentials::given_key;

/// Sign-ups are shown by week, this number of weeks.
const WEEKS: u32 = 8;

impl Companion {
    /// Checks the access key by reading the settings, then keeps it. Errors: `member_card_key_wrong`,
    /// `member_card_not_connected` when the platform's address is not known, `keyring_…`.
    pub async fn connect_member_card(
        &self,
        account: &str,
        access_key: Secret<String>,
    ) -> Result<MemberCardView, Error> {
        let account = self.account(account).await?;
        let access_key = given_key(&access_key)?;
        let settings = self.settings_of(&account, &access_key).await?;
        // The key is good, whether or not sign-ups can be counted right now.
        if let Err(error) = self.read_sign_ups(&account, &access_key).await {
            self.report(&error);
        }
        let recorded = settings.clone();
        let cached = self.cached_settings(&account.id).await?.map(|settings| settings.mode);
        let since = self.now(account.environment);
        let under_way = self.shared.mode_changes.ids();
        let record = move |companion: Companion| async move {
            let write = companion.shared.store.ledger(move |db| {
                connections::save_member_card(db, &recorded.account, since)?;
                super::mode::note_reading(db, &recorded, cached, &under_way)
            });
            Ok(write.await?)
        };
        self.keep_secret(&account, SecretKind::MemberCardKey, access_key, record).await?;
        self.cache_settings(settings).await?;
        self.changed(&account.id, &[Tag::MemberCard, Tag::Wizard]);
        self.get_member_card(&account.id).await
    }

    /// As last read, from the cache.
    pub async fn get_member_card(&self, account: &str) -> Result<MemberCardView, Error> {
        let (known, (since, history)) = self
            .snapshot_with(account, |db, id| {
                Ok((connections::member_card_since(db, id)?, mode_changes::of(db, id)?))
            })
            .await?;
        let id = known.account.id.clone();
        let sign_ups = self.shared.store.cache(move |db| sign_ups::of(db, &id)).await?;
        let stored = CardRecords { has_key: since.is_some(), history, sign_ups };
        let can_connect = self.member_card(known.account.environment).is_ok();
        Ok(member_card_view(&known, stored, can_connect, &self.shared.mode_changes.ids()))
    }

    /// Reads the platform again: settings, then sign-ups. Errors: `member_card_not_connected`, everything the platform
    /// can say; what was read before the error stays.
    pub async fn sync_member_card(&self, account: &str) -> Result<MemberCardView, Error> {
        let account = self.account(account).await?;
        let key = self.member_card_key(&account).await?;
        let settings = self.settings_of(&account, &key).await?;
        self.note_settings(settings).await?;
        let counted = self.read_sign_ups(&account, &key).await;
        self.changed(&account.id, &[Tag::MemberCard]);
        counted?;
        self.get_member_card(&account.id).await
    }

    /// Counts the sign-ups of the last weeks. A platform that does not count them is no error.
    async fn read_sign_ups(&self, account: &Account, key: &Secret<String>) -> Result<(), Error> {
        let platform = self.member_card(account.environment)?;
        let days = WEEKS.saturating_mul(7);
        let counted = platform.statistics(key, None, days).await;
        let read = match counted.map_err(self.client_error(account.environment)) {
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
        Ok(self.shared.store.cache(move |db| sign_ups::save(db, &sign_ups)).await?)
    }

    pub(crate) async fn member_card_key(&self, account: &Account) -> Result<Secret<String>, Error> {
        let not_connected = || Error::refused(ErrorCode::MemberCardNotConnected);
        let id = account.id.clone();
        let stored = self.shared.store.ledger(move |db| connections::member_card_since(db, &id)).await?;
        stored.ok_or_else(not_connected)?;
        self.secret(account, SecretKind::MemberCardKey).await?.ok_or_else(not_connected)
    }

    /// Asks the platform. A key of another mini-program than the one connected is as wrong as an unknown one: with it
    /// the shop would change somebody else's mode.
    pub(crate) async fn settings_of(
        &self,
        account: &Account,
        key: &Secret<String>,
    ) -> Result<CardSettings, Error> {
        let platform = self.member_card(account.environment)?;
        let settings = platform.settings(key).await.map_err(self.client_error(account.environment))?;
        let connection = self.snapshot(&account.id).await?.connection;
        let own = connection.and_then(|connection| connection.app_id);
        if own.is_some_and(|own| !own.eq_ignore_ascii_case(&settings.app_id)) {
            return Err(Error::refused(ErrorCode::MemberCardKeyWrong).with("app_id", &settings.app_id));
        }
        Ok(CardSettings {
            account: account.id.clone(),
            read_at: self.now(account.environment),
            mode: settings.acquisition_mode,
            quota: settings.card_quota,
            issued: settings.cards_issued,
            remaining: settings.cards_remaining,
            sms_balance: settings.sms_balance,
            app_id: settings.app_id,
            shop: Some(settings.shop).filter(|shop| !shop.is_empty()),
            sighting: self.new_id(),
        })
    }

    /// Records a change made elsewhere, then caches what was read.
    pub(crate) async fn note_settings(&self, settings: CardSettings) -> Result<(), Error> {
        let read = settings.clone();
        let cached = self.cached_settings(&settings.account).await?.map(|settings| settings.mode);
        let under_way = self.shared.mode_changes.ids();
        let note = move |db: &Db<'_>| super::mode::note_reading(db, &read, cached, &under_way);
        self.shared.store.ledger(note).await?;
        self.cache_settings(settings).await
    }

    async fn cache_settings(&self, settings: CardSettings) -> Result<(), Error> {
        Ok(self.shared.store.cache(move |db| member_cards::save(db, &settings)).await?)
    }

    pub(crate) async fn cached_settings(&self, account: &str) -> Result<Option<CardSettings>, Error> {
        let id = account.to_owned();
        Ok(self.shared.store.cache(move |db| member_cards::of(db, &id)).await?)
    }
}
