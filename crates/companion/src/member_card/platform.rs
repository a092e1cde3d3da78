//! The member-card platform: its settings and balances, and who signed up. The mode is changed in `mode`.

use billing_core::time::beijing_day;

use crate::api::{
    CustomersSeeView, Day, ErrorCode, Instant, MemberCardView, ModeChangeView, ModeCostsView, Origin,
    Reading, SignUpWeekView, SignUpsView, Tag,
};
use crate::app::Companion;
use crate::error::Error;
use crate::forecast::stock::{Volume, remaining_lots};
use crate::member_card::mode::{undo_of, unfinished};
use crate::secrets::{Secret, SecretKind};
use crate::snapshot::{AccountSnapshot, STALE_AFTER};
use crate::store::Db;
use crate::store::accounts::Account;
use crate::store::connections;
use crate::store::member_cards::{self, CardSettings};
use crate::store::mode_changes::{self, ModeChange};
use crate::store::sign_ups::{self, DayCounts, SignUps};
use crate::wechat_auth::credentials::given_key;

/// Sign-ups are shown by week, this number of weeks.
const WEEKS: u32 = 8;
const WEEK_DAYS: usize = 7;

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
        let known = self.snapshot(account).await?;
        let (account, id) = (&known.account, known.account.id.clone());
        let read = self.shared.store.ledger(move |db| {
            Ok((connections::member_card_since(db, &id)?.is_some(), mode_changes::of(db, &id)?))
        });
        let (stored, history) = read.await?;
        let settings = self.cached_settings(&account.id).await?;
        let settings = settings.filter(|_| stored);
        let id = account.id.clone();
        let sign_ups = self.shared.store.cache(move |db| sign_ups::of(db, &id)).await?;
        let costs = self.mode_costs(&known).await;
        let count = |of: fn(&CardSettings) -> u64| {
            settings.as_ref().map(|read| Reading::new(of(read), Origin::Platform, read.read_at))
        };
        Ok(MemberCardView {
            connected: stored && self.member_card(account.environment).is_ok(),
            mode: settings.as_ref().map(|read| Reading::new(read.mode, Origin::Platform, read.read_at)),
            quota: count(|read| read.quota),
            issued: count(|read| read.issued),
            remaining: count(|read| read.remaining),
            sms_balance: count(|read| read.sms_balance),
            undo: undo_of(&history, known.now).filter(|_| stored),
            unfinished: unfinished(&history, &self.shared.mode_changes.ids()),
            stale: settings
                .as_ref()
                .is_some_and(|read| known.now.signed_duration_since(read.read_at) > STALE_AFTER),
            history: history.into_iter().map(change_view).collect(),
            costs,
            sign_ups: sign_ups.filter(|_| stored).map(|read| sign_ups_view(&read)),
            seen: customers_see(&known, settings.as_ref()),
        })
    }

    /// What each mode costs at the volume that is known. Nothing where none is, or more than can be priced.
    async fn mode_costs(&self, known: &AccountSnapshot) -> Option<ModeCostsView> {
        let volume = Volume::known(known)?;
        let ways = self.compare_ways(volume.calls().get()).await.ok()?;
        Some(ModeCostsView { ways, volume_is_estimate: volume.is_estimate, free: known.is_free() })
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

fn change_view(change: ModeChange) -> ModeChangeView {
    ModeChangeView {
        id: change.id,
        from: change.from,
        to: change.to,
        by: change.by,
        why: change.why,
        state: change.state,
        asked_at: Instant(change.asked_at),
        confirmed_at: change.confirmed_at.map(Instant),
    }
}

/// Weeks end with the day of the reading; a week that the reading does not cover in full is left out.
fn sign_ups_view(read: &SignUps) -> SignUpsView {
    let until = beijing_day(read.read_at);
    let days: Vec<&DayCounts> = read.days.iter().filter(|day| day.day <= until).collect();
    let sum = |days: &[&DayCounts], count: fn(&DayCounts) -> u64| {
        days.iter().fold(0_u64, |sum, day| sum.saturating_add(count(day)))
    };
    let weeks = days.rchunks_exact(WEEK_DAYS).filter_map(|week| {
        let (first, last) = (week.first()?, week.last()?);
        Some(SignUpWeekView {
            first: Day(first.day),
            last: Day(last.day),
            authorized: sum(week, |day| day.authorized),
            manual: sum(week, |day| day.manual),
            cards_issued: sum(week, |day| day.cards_issued),
        })
    });
    SignUpsView {
        read_at: Instant(read.read_at),
        weeks: weeks.collect(),
        authorized: sum(&days, |day| day.authorized),
        manual: sum(&days, |day| day.manual),
        cards_issued: sum(&days, |day| day.cards_issued),
        numbers_not_fetched: sum(&days, |day| day.numbers_not_fetched),
    }
}

fn customers_see(known: &AccountSnapshot, settings: Option<&CardSettings>) -> CustomersSeeView {
    CustomersSeeView {
        shop: settings.and_then(|settings| settings.shop.clone()),
        program: known.account.name.clone(),
        quota_dry: remaining_lots(known)
            .filter(|_| !known.is_free())
            .map(|(lots, _)| lots.iter().all(|lot| lot.remaining.is_zero())),
        cards_dry: settings.is_some_and(|settings| settings.remaining == 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use billing_core::time::parse_instant;
    use chrono::{Days, NaiveDate};

    #[test]
    fn weeks_end_with_the_day_of_the_reading_and_are_whole() {
        let first = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        let days = (0..17).map(|number| DayCounts {
            day: first + Days::new(number),
            authorized: number,
            manual: 1,
            cards_issued: 2,
            numbers_not_fetched: 0,
        });
        let read = SignUps {
            account: "a".to_owned(),
            read_at: parse_instant("2026-11-17T23:59:00+08:00").unwrap(),
            days: days.collect(),
        };
        let view = sign_ups_view(&read);
        let spans: Vec<_> = view
            .weeks
            .iter()
            .map(|week| (week.first.as_str(), week.last.as_str(), week.authorized))
            .collect();
        // The 18th is not yet; the 2nd and 3rd are no whole week, but belong to the sum.
        assert_eq!(spans, [("2026-11-11", "2026-11-17", 84), ("2026-11-04", "2026-11-10", 35)]);
        assert_eq!((view.authorized, view.manual, view.cards_issued), (120, 16, 32));
    }
}
