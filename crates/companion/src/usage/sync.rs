//! Usage: from the cache at once, synced in the background.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::api::{ErrorCode, ErrorView, Tag, UsageSource, UsageView, WizardView};
use crate::app::Companion;
use crate::clients::wechat::{RecentAverage, UsageReading};
use crate::error::Error;
use crate::onboarding::verdict::quick_or_error;
use crate::purchasing::arrival::match_reading;
use crate::purchasing::order_book;
use crate::secrets::SecretKind;
use crate::store::accounts::Account;
use crate::store::connections::Connection;
use crate::store::{history, purchases, readings, syncs};
use crate::usage::reading::{ReadingOutcome, ask_both, figures_from};
use crate::usage::view::usage_view;
use crate::wechat_auth::caller::Caller;

impl Companion {
    /// As last read; never waits for the network. `None` until usage was read or typed in once.
    pub async fn get_usage(&self, account: &str) -> Result<Option<UsageView>, Error> {
        let known = self.snapshot(account).await?;
        let outlook = self.outlook(&known).await?;
        Ok(usage_view(&known, &outlook, self.is_being_read(&known.account.id)))
    }

    /// A reading of the account is under way.
    pub(crate) fn is_being_read(&self, account: &str) -> bool {
        self.shared.readings.is_under_way(account)
    }

    /// Reads the platform again; callers at the same time share one reading. Errors: `no_usage_yet` without a
    /// connection, everything the platform can say, `keyring_…`.
    pub async fn sync_usage(&self, account: &str) -> Result<UsageView, Error> {
        let known = self.snapshot(account).await?;
        let connection = known.connection.as_ref().ok_or_else(|| Error::refused(ErrorCode::NoUsageYet))?;
        if connection.source != UsageSource::TypedIn {
            self.read_usage(&known.account, connection).await?;
        }
        self.get_usage(account).await?.ok_or_else(|| Error::refused(ErrorCode::NoUsageYet))
    }

    /// One reading: asked, stored, matched with a waiting purchase; its outcome stored too.
    pub(crate) async fn read_usage(&self, account: &Account, connection: &Connection) -> Result<(), Error> {
        let outcome = self.read_usage_quietly(account, connection, None).await;
        // After the flight has landed, so that a reader now does not see it running.
        self.changed(&account.id, &[Tag::Usage]);
        outcome
    }

    /// The same without a word to the pages. With `places`, the platform is asked when one is free.
    pub(crate) async fn read_usage_quietly(
        &self,
        account: &Account,
        connection: &Connection,
        places: Option<&Semaphore>,
    ) -> Result<(), Error> {
        let flight = || async {
            let figures = {
                // Never closed, so that a permit is only waited for.
                let _place = match places {
                    Some(places) => places.acquire().await.ok(),
                    None => None,
                };
                self.ask_for_usage(account, connection).await
            };
            let now = self.now(account.environment);
            let figures = match figures {
                Ok((reading, average)) => Ok(figures_from(&account.id, now, reading, average)),
                Err(error) => Err(self.report(&error)),
            };
            let told = figures.as_ref().map(|_| ()).map_err(ErrorView::clone);
            let companion = self.inner();
            let sighting = ReadingOutcome { account: account.id.clone(), now, figures };
            let commit = move |batch| {
                let companion = companion.inner();
                async move { companion.store_sightings(batch).await }
            };
            match self.shared.sightings.write(sighting, commit).await {
                Some(Err(view)) => Err(view),
                Some(Ok(())) => told,
                None => Err(self.report(&Error::refused(ErrorCode::Internal))),
            }
        };
        self.shared.readings.run(&account.id, flight).await.map_err(Error::Reported)
    }

    /// Readings that came in together, in one commit on each file.
    async fn store_sightings(&self, batch: Vec<ReadingOutcome>) -> Result<(), ErrorView> {
        let batch = Arc::new(batch);
        let read = Arc::clone(&batch);
        let matched = self.shared.store.ledger(move |db| {
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
        let matched = matched.await.map_err(|error| self.report(&error.into()));
        let failure = matched.as_ref().err().cloned();
        let written = self.shared.store.cache(move |db| {
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
        let written = written.await.map_err(|error| self.report(&error.into()));
        for account in matched? {
            self.changed(&account, &[Tag::Purchase, Tag::Wizard]);
        }
        written
    }

    async fn ask_for_usage(
        &self,
        account: &Account,
        connection: &Connection,
    ) -> Result<(UsageReading, Option<RecentAverage>), Error> {
        if connection.source == UsageSource::MemberCard {
            let key = self.secret(account, SecretKind::MemberCardKey).await?;
            let key = key.ok_or_else(|| Error::refused(ErrorCode::MemberCardNotConnected))?;
            let platform = self.member_card(account.environment)?;
            return platform.wechat_usage(&key).await.map_err(self.client_error(account.environment));
        }
        let caller = Caller::of(account, connection).ok_or_else(|| Error::refused(ErrorCode::NoUsageYet))?;
        let spu_id = quick_or_error()?.spu_id.value.as_str();
        self.ask_wechat(&caller, |wechat, token| async move { ask_both(&wechat, &token, spu_id).await }).await
    }

    /// Step 7 is done. Errors: `step_not_ready` before usage is known.
    pub async fn confirm_usage_seen(&self, account: &str) -> Result<WizardView, Error> {
        let known = self.snapshot(account).await?;
        if known.connection.is_none() {
            return Err(Error::refused(ErrorCode::StepNotReady));
        }
        self.answer(&known.account.id, move |answers| {
            answers.usage_seen_at.get_or_insert(known.now);
        })
        .await
    }
}
