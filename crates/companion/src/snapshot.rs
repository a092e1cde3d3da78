//! Everything that is stored about an account, or about all, as one value that views are made from.

use std::sync::Arc;

use billing_core::Tariff;
use chrono::{DateTime, TimeDelta, Utc};

use crate::api::{AcquisitionMode, Decision, LotState, PurchaseState, Step, StepState, StepView};
use crate::app::Companion;
use crate::error::Error;
use crate::onboarding::verdict::eligibility_view;
use crate::store::accounts::{self, Account};
use crate::store::answers::{self, Answers};
use crate::store::connections::{self, Connection};
use crate::store::member_cards;
use crate::store::outlooks::{self, StoredOutlook};
use crate::store::purchases::{self, Purchase};
use crate::store::readings::{self, Lot, UsageFigures};
use crate::store::syncs::{self, Sync};

/// Readings older than this are shown as old.
pub(crate) const STALE_AFTER: TimeDelta = TimeDelta::hours(6);

/// Figures the shop typed in age more slowly: nobody retypes them every day.
const TYPED_STALE_AFTER: TimeDelta = TimeDelta::days(7);

/// Figures older than these do not advise: what they say of the days ahead is over by now.
const TOO_OLD_AFTER: TimeDelta = TimeDelta::days(3);
const TYPED_TOO_OLD_AFTER: TimeDelta = TimeDelta::days(30);

/// What is known of an account's usage.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) account: Account,
    pub(crate) facts: Facts,
    pub(crate) figures: Option<UsageFigures>,
    pub(crate) sync: Option<Sync>,
    pub(crate) now: DateTime<Utc>,
    /// The rules' data with the shop's own price list over it.
    pub(crate) tariff: Arc<Tariff>,
}

/// What is stored of one account.
pub(crate) struct Stored {
    pub(crate) known: Known,
    pub(crate) outlook: Option<StoredOutlook>,
    /// As the member-card platform reported it.
    pub(crate) mode: Option<AcquisitionMode>,
}

/// Every step with the minutes a newcomer needs, in order.
const STEPS: [(Step, u32); 11] = [
    (Step::Welcome, 1),
    (Step::Eligibility, 2),
    (Step::Way, 2),
    (Step::Login, 4),
    (Step::Console, 2),
    (Step::Connect, 4),
    (Step::Usage, 1),
    (Step::Pack, 2),
    (Step::Payment, 5),
    (Step::Mode, 2),
    (Step::Done, 1),
];

/// The facts from which the states of the steps follow.
#[derive(Clone)]
pub(crate) struct Facts {
    pub(crate) answers: Answers,
    pub(crate) connection: Option<Connection>,
    /// The newest purchase, whatever became of it.
    pub(crate) purchase: Option<Purchase>,
}

/// What was decided about buying.
pub(crate) enum Bought<'a> {
    Undecided,
    Nothing,
    Pack(&'a Purchase),
}

impl Facts {
    pub(crate) fn bought(&self) -> Bought<'_> {
        match &self.purchase {
            _ if self.answers.nothing_at.is_some() => Bought::Nothing,
            Some(purchase) if purchase.state != PurchaseState::GivenUp => Bought::Pack(purchase),
            _ => Bought::Undecided,
        }
    }

    fn decision(&self) -> Option<Decision> {
        Some(eligibility_view(self.answers.declared?)?.decision)
    }

    /// What is known of a step on its own; `None`: it is still to be done.
    fn settled(&self, step: Step) -> Option<StepState> {
        let answers = &self.answers;
        let decision = self.decision();
        // Who pays nothing, or may not open the capability, has nothing to prepare or to buy.
        let unpaid = matches!(decision, Some(Decision::Free { .. } | Decision::NotEligible { .. }));
        let manual = matches!(answers.way, Some((AcquisitionMode::Manual, _)));
        let done = |is: bool| is.then_some(StepState::Done);
        let needless = |is: bool| is.then_some(StepState::Skipped);
        match step {
            Step::Welcome => Some(StepState::Done),
            Step::Eligibility => done(decision.is_some()),
            Step::Way => needless(unpaid).or(done(answers.way.is_some())),
            Step::Login => done(answers.login_confirmed_at.is_some()).or(needless(unpaid || manual)),
            Step::Console => done(answers.signed_in_at.is_some()).or(needless(unpaid || manual)),
            Step::Connect => done(self.connection.is_some()).or(needless(unpaid || manual)),
            Step::Usage => done(answers.usage_seen_at.is_some())
                .or(needless((unpaid || manual) && self.connection.is_none())),
            Step::Pack => match self.bought() {
                _ if unpaid || manual => Some(StepState::Skipped),
                Bought::Nothing | Bought::Pack(_) => Some(StepState::Done),
                Bought::Undecided => None,
            },
            Step::Payment => match self.bought() {
                _ if unpaid || manual => Some(StepState::Skipped),
                Bought::Nothing => Some(StepState::Skipped),
                Bought::Pack(purchase) => done(purchase.arrived.is_some()),
                Bought::Undecided => None,
            },
            Step::Mode => needless(unpaid).or(done(answers.mode.is_some())),
            Step::Done => done(answers.finished_at.is_some()),
        }
    }

    /// The states in order: what is settled stays so; the first unsettled step is open, those after it come later.
    pub(crate) fn steps(&self) -> Vec<StepView> {
        let mut reached = true;
        STEPS
            .into_iter()
            .map(|(step, minutes)| {
                let state = self.settled(step);
                let unsettled = if reached { StepState::Open } else { StepState::Later };
                reached &= state.is_some();
                StepView { step, state: state.unwrap_or(unsettled), minutes }
            })
            .collect()
    }

    pub(crate) fn state_of(&self, wanted: Step) -> StepState {
        let found = self.steps().into_iter().find(|view| view.step == wanted);
        found.map_or(StepState::Later, |view| view.state)
    }

    /// There is something to buy, and arrival could be recognised.
    pub(crate) fn may_buy(&self) -> bool {
        self.connection.is_some() && matches!(self.decision(), Some(Decision::Pays { .. }))
    }

    /// By a free rule.
    pub(crate) fn is_free(&self) -> bool {
        matches!(self.decision(), Some(Decision::Free { .. }))
    }
}

impl Companion {
    /// Everything stored about an account's usage.
    pub(crate) async fn known(&self, account: &str) -> Result<Known, Error> {
        let account = self.account(account).await?;
        let facts = self.facts(&account.id).await?;
        let id = account.id.clone();
        let read = self.shared.store.cache(move |db| Ok((readings::of(db, &id)?, syncs::of(db, &id)?)));
        let (figures, sync) = read.await?;
        let now = self.now(account.environment);
        let figures = figures.map(|figures| figures.as_of(now));
        Ok(Known { account, facts, figures, sync, now, tariff: self.tariff() })
    }

    /// The cached lots of an account.
    pub(crate) async fn lots_by_id(&self, account: &str) -> Result<Vec<Lot>, Error> {
        let id = account.to_owned();
        let figures = self.shared.store.cache(move |db| readings::of(db, &id)).await?;
        Ok(figures.map(|figures| figures.lots).unwrap_or_default())
    }

    pub(crate) async fn facts(&self, account: &str) -> Result<Facts, Error> {
        let id = account.to_owned();
        let read = self.shared.store.ledger(move |db| {
            let answers = answers::of(db, &id)?;
            let connection = connections::of(db, &id)?;
            Ok(Facts { answers, connection, purchase: purchases::newest(db, &id)? })
        });
        Ok(read.await?)
    }

    /// Everything that is stored of the usage of all accounts.
    pub(crate) async fn all_stored(&self) -> Result<Vec<Stored>, Error> {
        let ledger = self.shared.store.ledger(|db| {
            Ok((
                accounts::stored(db)?,
                answers::all(db)?,
                connections::all(db)?,
                purchases::newest_of_each(db)?,
            ))
        });
        let (accounts, mut answers, mut connections, mut purchases) = ledger.await?;
        let cache = self.shared.store.cache(|db| {
            Ok((readings::all(db)?, syncs::all(db)?, outlooks::all(db)?, member_cards::modes(db)?))
        });
        let (mut figures, mut syncs, mut outlooks, mut modes) = cache.await?;
        let tariff = self.tariff();
        let stored = accounts.into_iter().map(|account| {
            let now = self.now(account.environment);
            let id = account.id.as_str();
            let facts = Facts {
                answers: answers.remove(id).unwrap_or_else(|| Answers::fresh(id)),
                connection: connections.remove(id),
                purchase: purchases.remove(id),
            };
            Stored {
                outlook: outlooks.remove(id),
                mode: modes.remove(id),
                known: Known {
                    figures: figures.remove(id).map(|figures| figures.as_of(now)),
                    sync: syncs.remove(id),
                    now,
                    tariff: Arc::clone(&tariff),
                    facts,
                    account,
                },
            }
        });
        Ok(stored.collect())
    }
}

/// When the figures were read or typed in that an outlook starts from.
pub(crate) fn read_at(known: &Known) -> Option<DateTime<Utc>> {
    let connection = known.facts.connection.as_ref()?;
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
