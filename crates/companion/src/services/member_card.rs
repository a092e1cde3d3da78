//! The member-card platform: its settings and balances. The mode is changed in `mode`.

use billing_core::time::beijing_text;

use crate::companion::Companion;
use crate::error::Error;
use crate::secrets::{Secret, SecretKind};
use crate::services::connection::given_key;
use crate::store::accounts::Account;
use crate::store::connections;
use crate::store::member_cards::{self, CardSettings};
use crate::store::mode_changes::{self, ModeChange};
use crate::views::{ErrorCode, MemberCardView, ModeChangeView, Origin, Reading, Tag};

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
        let recorded = settings.clone();
        let cached = self.cached_settings(&account.id).await?.map(|settings| settings.mode);
        let since = self.now(account.environment);
        let record = move |companion: Companion| async move {
            let write = companion.shared.store.ledger(move |db| {
                connections::save_member_card(db, &recorded.account, since)?;
                super::mode::note_reading(db, &recorded, cached)
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
        let account = self.account(account).await?;
        let id = account.id.clone();
        let read = self.shared.store.ledger(move |db| {
            Ok((connections::member_card_since(db, &id)?.is_some(), mode_changes::of(db, &id)?))
        });
        let (kept, history) = read.await?;
        let settings = self.cached_settings(&account.id).await?;
        let settings = settings.filter(|_| kept);
        let at = settings.as_ref().map(|settings| beijing_text(settings.read_at)).unwrap_or_default();
        let count = |value: Option<u64>| value.map(|value| Reading::new(value, Origin::Platform, &at));
        Ok(MemberCardView {
            connected: kept && self.member_card(account.environment).is_ok(),
            mode: settings.as_ref().map(|settings| Reading::new(settings.mode, Origin::Platform, &at)),
            quota: count(settings.as_ref().map(|settings| settings.quota)),
            issued: count(settings.as_ref().map(|settings| settings.issued)),
            remaining: count(settings.as_ref().map(|settings| settings.remaining)),
            sms_balance: count(settings.as_ref().map(|settings| settings.sms_balance)),
            history: history.into_iter().map(change_view).collect(),
        })
    }

    /// Reads the platform again. Errors: `member_card_not_connected`, everything the platform can say.
    pub async fn sync_member_card(&self, account: &str) -> Result<MemberCardView, Error> {
        let account = self.account(account).await?;
        let key = self.member_card_key(&account).await?;
        let settings = self.settings_of(&account, &key).await?;
        self.note_settings(settings).await?;
        self.changed(&account.id, &[Tag::MemberCard]);
        self.get_member_card(&account.id).await
    }

    pub(super) async fn member_card_key(&self, account: &Account) -> Result<Secret<String>, Error> {
        let not_connected = || Error::refused(ErrorCode::MemberCardNotConnected);
        let id = account.id.clone();
        let kept = self.shared.store.ledger(move |db| connections::member_card_since(db, &id)).await?;
        kept.ok_or_else(not_connected)?;
        self.secret(account, SecretKind::MemberCardKey).await?.ok_or_else(not_connected)
    }

    /// Asks the platform. A key of another mini-program than the one connected is as wrong as an unknown one: with it
    /// the shop would change somebody else's mode.
    pub(super) async fn settings_of(
        &self,
        account: &Account,
        key: &Secret<String>,
    ) -> Result<CardSettings, Error> {
        let platform = self.member_card(account.environment)?;
        let settings = platform.settings(key).await.map_err(self.client_error(account.environment))?;
        let connection = self.facts(&account.id).await?.connection;
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
            sighting: self.new_id(),
        })
    }

    /// Records a change made elsewhere, then caches what was read.
    pub(super) async fn note_settings(&self, settings: CardSettings) -> Result<(), Error> {
        let read = settings.clone();
        let cached = self.cached_settings(&settings.account).await?.map(|settings| settings.mode);
        self.shared.store.ledger(move |db| super::mode::note_reading(db, &read, cached)).await?;
        self.cache_settings(settings).await
    }

    async fn cache_settings(&self, settings: CardSettings) -> Result<(), Error> {
        Ok(self.shared.store.cache(move |db| member_cards::save(db, &settings)).await?)
    }

    pub(super) async fn cached_settings(&self, account: &str) -> Result<Option<CardSettings>, Error> {
        let id = account.to_owned();
        Ok(self.shared.store.cache(move |db| member_cards::of(db, &id)).await?)
    }
}

fn change_view(change: ModeChange) -> ModeChangeView {
    ModeChangeView {
        id: change.id,
        from: change.from,
        to: change.to,
        by: change.by,
        state: change.state,
        asked_at: beijing_text(change.asked_at),
        confirmed_at: change.confirmed_at.map(beijing_text),
    }
}
