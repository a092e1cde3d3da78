//! How usage is read. Nothing is stored before one reading has worked; then secret, connection and reading together.

use crate::api::{ErrorCode, Step, StepState, Tag, TypedFigures, UsageSource, WizardView};
use crate::app::Companion;
use crate::clients::wechat::{RecentAverage, Token, UsageReading};
use crate::error::Error;
use crate::onboarding::steps::state_of;
use crate::onboarding::verdict::quick_or_error;
use crate::secrets::{Secret, SecretKind};
use crate::store::accounts::Account;
use crate::store::connections::{self, Connection};
use crate::store::history;
use crate::store::member_cards::{self, CardSettings};
use crate::store::readings::{self, UsageFigures};
use crate::store::syncs;
use crate::usage::reading::{ask_both, figures_from};
use crate::wechat_auth::authorisation::Authorisation;
use crate::wechat_auth::caller::{Caller, Credential};
use crate::wechat_auth::credentials::{given_app_id, given_app_secret, given_key};
use crate::wechat_auth::token_cache::Held;

/// Calls WeChat counts are far below; figures above are a slip of the finger.
const CALLS_MAX: u64 = 1_000_000_000_000;

impl Companion {
    /// Checks AppID and AppSecret by reading usage once, then keeps them. Errors: `app_id_invalid`,
    /// `app_secret_invalid`, everything WeChat can say, `keyring_…`; on any error nothing is stored.
    pub async fn connect_app_secret(
        &self,
        account: &str,
        app_id: &str,
        app_secret: Secret<String>,
    ) -> Result<WizardView, Error> {
        let account = self.ready_to_connect(account).await?;
        let (app_id, app_secret) = (given_app_id(app_id)?, given_app_secret(&app_secret)?);
        let environment = account.environment;
        let asked_at = self.now(environment);
        let token = self.wechat(environment)?.stable_token(&app_id, &app_secret).await;
        let token = token.map_err(self.client_error(environment))?;
        let figures = self.first_reading(&account, &token).await?;
        let connection = self.connection(&account, UsageSource::AppSecret, Some(app_id));
        let record =
            move |companion: Companion| async move { companion.record_connection(connection, None).await };
        self.keep_secret(&account, SecretKind::AppSecret, app_secret, record).await?;
        self.shared.tokens.hold(&account.id, Held::new(token, asked_at));
        self.connected(&account, figures, None).await
    }

    /// Reads usage and settings through the member-card platform once, then keeps the access key.
    pub async fn connect_member_card_usage(
        &self,
        account: &str,
        access_key: Secret<String>,
    ) -> Result<WizardView, Error> {
        let account = self.ready_to_connect(account).await?;
        let environment = account.environment;
        let access_key = given_key(&access_key)?;
        let platform = self.member_card(environment)?;
        let settings = self.settings_of(&account, &access_key).await?;
        let (reading, average) =
            platform.wechat_usage(&access_key).await.map_err(self.client_error(environment))?;
        let figures = self.figures(&account, reading, average);
        let connection = self.connection(&account, UsageSource::MemberCard, Some(settings.app_id.clone()));
        let recorded = settings.clone();
        let record = move |companion: Companion| async move {
            companion.record_connection(connection, Some(recorded)).await
        };
        self.keep_secret(&account, SecretKind::MemberCardKey, access_key, record).await?;
        self.connected(&account, figures, Some(settings)).await
    }

    /// Checks an authorisation by reading usage once, then keeps it. Errors: `authorisation_invalid`,
    /// `component_token_stale`, `not_authorised`, everything WeChat can say, `keyring_…`; on any error nothing is stored.
    pub async fn connect_authorisation(
        &self,
        account: &str,
        authorisation: Authorisation,
    ) -> Result<WizardView, Error> {
        let account = self.ready_to_connect(account).await?;
        let (stored, app_id) = authorisation.checked()?;
        let caller = Caller::new(&account, &app_id, Credential::Authorisation);
        let asked_at = self.now(account.environment);
        let (token, stored) = self.exchanged(&caller, stored).await?;
        let figures = self.first_reading(&account, &token).await?;
        let connection = self.connection(&account, UsageSource::Authorisation, Some(app_id));
        let record =
            move |companion: Companion| async move { companion.record_connection(connection, None).await };
        self.keep_secret(&account, SecretKind::Authorisation, stored.secret()?, record).await?;
        self.shared.tokens.hold(&account.id, Held::new(token, asked_at));
        self.connected(&account, figures, None).await
    }

    /// Keeps the three numbers of the console. Errors: `figures_invalid` unless used + remaining = total.
    pub async fn connect_typed_in(&self, account: &str, figures: TypedFigures) -> Result<WizardView, Error> {
        let account = self.ready_to_connect(account).await?;
        let adds_up = figures.used.checked_add(figures.remaining) == Some(figures.total);
        if !adds_up || figures.total > CALLS_MAX {
            return Err(Error::refused(ErrorCode::FiguresInvalid));
        }
        let mut connection = self.connection(&account, UsageSource::TypedIn, None);
        connection.typed = Some(figures);
        self.record_connection(connection, None).await?;
        // Readings of another way of connecting would contradict what was typed in.
        let id = account.id.clone();
        let forget = self.shared.store.cache(move |db| {
            readings::remove(db, &id)?;
            syncs::remove(db, &id)
        });
        forget.await?;
        self.note_typed_total(&account, figures.total).await?;
        self.changed(&account.id, &[Tag::Usage, Tag::Wizard, Tag::Purchase]);
        self.get_wizard(&account.id).await
    }

    /// What a token that was just obtained shows.
    pub(crate) async fn first_reading(
        &self,
        account: &Account,
        token: &Token,
    ) -> Result<UsageFigures, Error> {
        let wechat = self.wechat(account.environment)?;
        let (reading, average) = ask_both(&wechat, &token.value, quick_or_error()?.spu_id.value.as_str())
            .await
            .map_err(self.client_error(account.environment))?;
        Ok(self.figures(account, reading, average))
    }

    pub(crate) async fn ready_to_connect(&self, account: &str) -> Result<Account, Error> {
        let account = self.account(account).await?;
        if state_of(&self.snapshot(&account.id).await?, Step::Eligibility) != StepState::Done {
            return Err(Error::refused(ErrorCode::StepNotReady));
        }
        Ok(account)
    }

    fn figures(
        &self,
        account: &Account,
        reading: UsageReading,
        average: Option<RecentAverage>,
    ) -> UsageFigures {
        figures_from(&account.id, self.now(account.environment), reading, average)
    }

    pub(crate) fn connection(
        &self,
        account: &Account,
        source: UsageSource,
        app_id: Option<String>,
    ) -> Connection {
        Connection {
            account: account.id.clone(),
            source,
            app_id,
            connected_at: self.now(account.environment),
            typed: None,
        }
    }

    /// The ledger's part, in one commit.
    pub(crate) async fn record_connection(
        &self,
        connection: Connection,
        card: Option<CardSettings>,
    ) -> Result<(), Error> {
        let cached = self.cached_settings(&connection.account).await?.map(|settings| settings.mode);
        let under_way = self.shared.mode_changes.ids();
        let write = self.shared.store.ledger(move |db| {
            connections::save(db, &connection)?;
            if let Some(typed) = connection.typed {
                history::note_typed(db, &connection.account, connection.connected_at, typed)?;
            }
            match card {
                Some(card) => {
                    connections::save_member_card(db, &card.account, connection.connected_at)?;
                    crate::member_card::mode::note_reading(db, &card, cached, &under_way)
                }
                None => Ok(()),
            }
        });
        Ok(write.await?)
    }

    /// The cache's part. The connection stands without it: the next sync fills it again.
    pub(crate) async fn connected(
        &self,
        account: &Account,
        figures: UsageFigures,
        card: Option<CardSettings>,
    ) -> Result<WizardView, Error> {
        // A pack that was paid while nobody could look may be among the lots already.
        self.note_arrival(account, &figures).await?;
        self.watch_if_waiting(&account.id).await;
        let read_at = figures.read_at;
        let with_card = card.is_some();
        let written = self.shared.store.cache(move |db| {
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
        self.changed(&account.id, tags);
        self.get_wizard(&account.id).await
    }
}
