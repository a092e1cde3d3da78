//! Everything that is stored about an account, or about all, as one value that views are made from. Nothing else puts
//! the parts together.

use std::collections::BTreeMap;
use std::sync::Arc;

use billing_core::{Tariff, Yuan};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::api::{Decision, ErrorCode, LotState};
use crate::context::Context;
use crate::error::Error;
use crate::onboarding::verdict::eligibility_view;
use crate::store::accounts::{self, Account};
use crate::store::answers::{self, Answers};
use crate::store::connections::{self, Connection};
use crate::store::member_cards::{self, CardSettings};
use crate::store::outlooks::{self, StoredOutlook};
use crate::store::purchases::{self, Purchase};
use crate::store::readings::{self, Lot, UsageFigures};
use crate::store::settings::errand_price;
use crate::store::syncs::{self, Sync};
use crate::store::{Db, StoreError, history, mode_changes, sign_ups};
use crate::usage::counted::counted_days;
use crate::usage::history::Past;

/// Readings older than this are shown as old.
pub(crate) const STALE_AFTER: TimeDelta = TimeDelta::hours(6);

/// Figures the shop typed in age more slowly: nobody retypes them every day.
const TYPED_STALE_AFTER: TimeDelta = TimeDelta::days(7);

/// Figures older than these do not advise: what they say of the days ahead is over by now.
const TOO_OLD_AFTER: TimeDelta = TimeDelta::days(3);
const TYPED_TOO_OLD_AFTER: TimeDelta = TimeDelta::days(30);

/// What is stored about one account, and the instant at which it is looked at.
#[derive(Clone)]
pub(crate) struct AccountSnapshot {
    pub(crate) account: Account,
    pub(crate) answers: Answers,
    pub(crate) connection: Option<Connection>,
    /// The newest purchase, whatever became of it.
    pub(crate) purchase: Option<Purchase>,
    pub(crate) figures: Option<UsageFigures>,
    pub(crate) sync: Option<Sync>,
    /// As it was computed last; of older figures, possibly.
    pub(crate) outlook: Option<StoredOutlook>,
    /// The member-card platform as it was read last.
    pub(crate) card: Option<CardSettings>,
    /// When that platform counted the sign-ups by day.
    pub(crate) counted_at: Option<DateTime<Utc>>,
    pub(crate) now: DateTime<Utc>,
    /// The rules' data with the shop's own price list over it.
    pub(crate) tariff: Arc<Tariff>,
    /// What a purchase is worth to the shop.
    pub(crate) errand_price: Yuan,
}

impl AccountSnapshot {
    pub(crate) fn decision(&self) -> Option<Decision> {
        Some(eligibility_view(self.account.kind, self.answers.declared?)?.decision)
    }

    /// By a free rule.
    pub(crate) fn is_free(&self) -> bool {
        matches!(self.decision(), Some(Decision::Free { .. }))
    }

    /// The figures are those that the shop typed in.
    pub(crate) fn is_typed_in(&self) -> bool {
        self.connection.as_ref().is_some_and(|connection| connection.typed.is_some())
    }

    /// There is something to buy, and arrival could be recognised.
    pub(crate) fn may_buy(&self) -> bool {
        self.connection.is_some() && matches!(self.decision(), Some(Decision::Pays { .. }))
    }

    /// The lots WeChat lists, in the order of consumption; none where nothing was read.
    pub(crate) fn lots(&self) -> &[Lot] {
        self.figures.as_ref().map(|figures| figures.lots.as_slice()).unwrap_or_default()
    }
}

impl Context {
    /// Everything stored about an account. Errors: `not_found`.
    pub(crate) async fn snapshot(&self, account: &str) -> Result<AccountSnapshot, Error> {
        Ok(self.snapshot_with(account, |_, _| Ok(())).await?.0)
    }

    /// The same with everything that was ever read of the account. Errors: `not_found`.
    pub(crate) async fn snapshot_and_past(&self, account: &str) -> Result<(AccountSnapshot, Past), Error> {
        let (snapshot, mut past) = self.snapshot_with(account, past).await?;
        past.counted = self.counted(account).await?;
        Ok((snapshot, past))
    }

    /// Everything that was ever read of an account; nothing of one that is not there.
    pub(crate) async fn past(&self, account: &str) -> Result<Past, Error> {
        let id = account.to_owned();
        let mut past = self.store.ledger(move |db| past(db, &id)).await?;
        past.counted = self.counted(account).await?;
        Ok(past)
    }

    /// The days that the member-card platform counted.
    async fn counted(&self, account: &str) -> Result<BTreeMap<NaiveDate, u32>, Error> {
        let id = account.to_owned();
        let counted = self.store.cache(move |db| sign_ups::of(db, &id)).await?;
        Ok(counted.map(|counted| counted_days(&counted)).unwrap_or_default())
    }

    /// The same with what `read` takes from the ledger, in the same transaction. Errors: `not_found`.
    pub(crate) async fn snapshot_with<T: Send + 'static>(
        &self,
        account: &str,
        read: impl FnOnce(&Db<'_>, &str) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<(AccountSnapshot, T), Error> {
        let id = account.to_owned();
        let ledger = self.store.ledger(move |db| {
            let Some(account) = accounts::find(db, &id)? else { return Ok(None) };
            let answers = answers::of(db, &id)?;
            let connection = connections::of(db, &id)?;
            let purchase = purchases::newest(db, &id)?;
            let errand_price = errand_price(db)?;
            Ok(Some((account, answers, connection, purchase, errand_price, read(db, &id)?)))
        });
        let found = ledger.await?.ok_or_else(|| Error::refused(ErrorCode::NotFound))?;
        let (account, answers, connection, purchase, errand_price, also) = found;
        let id = account.id.clone();
        let cache = self.store.cache(move |db| {
            Ok((
                readings::of(db, &id)?,
                syncs::of(db, &id)?,
                outlooks::of(db, &id)?,
                member_cards::of(db, &id)?,
                sign_ups::counted_at(db, &id)?,
            ))
        });
        let (figures, sync, outlook, card, counted_at) = cache.await?;
        let now = self.now(account.environment);
        let figures = figures.map(|figures| figures.seen_at(now));
        let tariff = self.tariff();
        let snapshot = AccountSnapshot {
            account,
            answers,
            connection,
            purchase,
            figures,
            sync,
            outlook,
            card,
            counted_at,
            now,
            tariff,
            errand_price,
        };
        Ok((snapshot, also))
    }

    /// Everything stored about all accounts, archived ones too.
    pub(crate) async fn snapshots(&self) -> Result<Vec<AccountSnapshot>, Error> {
        let ledger = self.store.ledger(|db| {
            Ok((
                accounts::stored(db)?,
                answers::all(db)?,
                connections::all(db)?,
                purchases::newest_of_each(db)?,
                errand_price(db)?,
            ))
        });
        let (accounts, mut answers, mut connections, mut purchases, errand_price) = ledger.await?;
        let cache = self.store.cache(|db| {
            Ok((
                readings::all(db)?,
                syncs::all(db)?,
                outlooks::all(db)?,
                member_cards::all(db)?,
                sign_ups::counted_at_all(db)?,
            ))
        });
        let (mut figures, mut syncs, mut outlooks, mut cards, mut counted) = cache.await?;
        let tariff = self.tariff();
        let snapshots = accounts.into_iter().map(|account| {
            let now = self.now(account.environment);
            let id = account.id.as_str();
            AccountSnapshot {
                answers: answers.remove(id).unwrap_or_else(|| Answers::fresh(id)),
                connection: connections.remove(id),
                purchase: purchases.remove(id),
                figures: figures.remove(id).map(|figures| figures.seen_at(now)),
                sync: syncs.remove(id),
                outlook: outlooks.remove(id),
                card: cards.remove(id),
                counted_at: counted.remove(id),
                now,
                tariff: Arc::clone(&tariff),
                errand_price,
                account,
            }
        });
        Ok(snapshots.collect())
    }
}

fn past(db: &Db<'_>, account: &str) -> Result<Past, StoreError> {
    Ok(Past::of(history::of(db, account)?, &mode_changes::of(db, account)?))
}

/// When the figures were read or typed in that an outlook starts from.
pub(crate) fn read_at(known: &AccountSnapshot) -> Option<DateTime<Utc>> {
    let connection = known.connection.as_ref()?;
    if connection.typed.is_some() {
        return Some(connection.connected_at);
    }
    known.figures.as_ref().map(|figures| figures.read_at)
}

/// Whether figures of that age are shown as old.
pub(crate) fn is_stale(read_at: DateTime<Utc>, typed_in: bool, now: DateTime<Utc>) -> bool {
    let fresh = if typed_in { TYPED_STALE_AFTER } else { STALE_AFTER };
    now.signed_duration_since(read_at) > fresh
}

/// Whether figures of that age say anything about the days ahead.
pub(crate) fn is_too_old(read_at: DateTime<Utc>, typed_in: bool, now: DateTime<Utc>) -> bool {
    let lasts = if typed_in { TYPED_TOO_OLD_AFTER } else { TOO_OLD_AFTER };
    now.signed_duration_since(read_at) > lasts
}

pub(crate) fn next_expiry(lots: &[Lot]) -> Option<&Lot> {
    let open = lots.iter().filter(|lot| lot.state != LotState::Spent);
    open.filter(|lot| lot.expires_at.is_some()).min_by_key(|lot| lot.expires_at)
}

#[cfg(test)]
pub(crate) mod samples;
