//! One account at a glance, from the cache.

use std::sync::Arc;

use billing_core::time::{beijing_day, beijing_text, parse_day};

use crate::alerts::standing::alerts;
use crate::app::Companion;
use crate::error::Error;
use crate::forecast::advice::{Start, advise, nothing_yet};
use crate::forecast::outlook::{Imagined, Outlook};
use crate::member_card::mode::unfinished;
use crate::purchasing::view::purchase_view;
use crate::snapshot::{Known, next_expiry};
use crate::store::{StoreError, mode_changes, reminders};
use crate::usage::view::lot_view;
use crate::views::{Advice, AlertView, ErrorCode, Origin, OverviewView, PurchaseState, Reading, Tag};

impl Companion {
    /// From the cache, with standing alerts.
    pub async fn get_overview(&self, account: &str) -> Result<OverviewView, Error> {
        let known = self.known(account).await?;
        let card = self.cached_settings(&known.account.id).await?;
        let id = known.account.id.clone();
        let read =
            self.shared.store.ledger(move |db| Ok((reminders::of(db, &id)?, mode_changes::of(db, &id)?)));
        let (reminder, history) = read.await?;
        let unfinished = unfinished(&history, &self.shared.mode_changes.ids());
        let outlook = self.outlook(&known).await?;
        let usage = self.usage_view(&known, &outlook);
        let platform = card.map(|card| Reading::new(card.mode, Origin::Platform, beijing_text(card.read_at)));
        let answered = known.facts.answers.mode.map(|mode| {
            let at = known.facts.answers.finished_at.unwrap_or(known.now);
            Reading::new(mode, Origin::TypedIn, beijing_text(at))
        });
        let advice = self.advice(&known, &outlook).await?;
        let work = tokio::task::spawn_blocking(move || {
            let lots = known.figures.as_ref().map(|figures| figures.lots.as_slice()).unwrap_or_default();
            let (due, ahead) = match reminder {
                Some(day) if day <= beijing_day(known.now) => (Some(day), None),
                reminder => (None, reminder),
            };
            let reminder_due = due.map(|day| AlertView::Reminder { day: day.to_string() });
            let unfinished = unfinished
                .map(|change| AlertView::ModeUnfinished { to: change.to, asked_at: change.asked_at });
            let asked = unfinished.into_iter().chain(reminder_due);
            OverviewView {
                account: known.account.id.clone(),
                name: known.account.name.clone(),
                environment: known.account.environment,
                free: known.facts.is_free(),
                usage,
                mode: platform.or(answered),
                next_expiry: next_expiry(lots).map(|lot| lot_view(lot, outlook.wasted(&lot.id))),
                advice,
                purchase: known
                    .facts
                    .purchase
                    .as_ref()
                    .filter(|purchase| purchase.state != PurchaseState::GivenUp)
                    .map(|purchase| purchase_view(purchase, lots)),
                alerts: asked.chain(alerts(&known, lots, &outlook)).collect(),
                reminder: ahead.map(|day| day.to_string()),
            }
        });
        work.await.map_err(|stopped| StoreError::Unexpected(stopped.to_string()).into())
    }

    /// What we would do; nothing for who pays nothing, and while nothing can be said. Plans are compared only when the
    /// dates of running out call for one.
    pub(crate) async fn advice(&self, known: &Known, outlook: &Outlook) -> Result<Option<Advice>, Error> {
        if known.facts.is_free() {
            return Ok(None);
        }
        if let Some(nothing) = nothing_yet(known, outlook) {
            return Ok(Some(nothing));
        }
        let past = self.past(&known.account.id).await?;
        // A year is planned in milliseconds, or a second for odd volumes: not on the runtime's own threads.
        let (known, tariff, now) = (known.clone(), Arc::clone(&known.tariff), known.now);
        let work = tokio::task::spawn_blocking(move || {
            advise(&Start::of(&known, &past, &Imagined::default()).ok()?, &tariff, now).ok()
        });
        work.await.map_err(|stopped| StoreError::Unexpected(stopped.to_string()).into())
    }

    /// Tells of the account again on a day (`YYYY-MM-DD`), instead of any day before; `None`: not any more. Errors:
    /// `figures_invalid` for what is no day; a day that has passed tells at once.
    pub async fn set_reminder(&self, account: &str, day: Option<String>) -> Result<OverviewView, Error> {
        let id = self.account(account).await?.id;
        let day = day.map(|day| parse_day(&day)).transpose();
        let day = day.map_err(|_| Error::refused(ErrorCode::FiguresInvalid))?;
        self.shared.store.ledger(move |db| reminders::set(db, &id, day)).await?;
        self.changed(account, &[Tag::Reminder]);
        self.get_overview(account).await
    }
}
