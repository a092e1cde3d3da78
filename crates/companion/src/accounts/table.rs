//! Every account beside the others, worst first: for who looks after many. A few questions to both files, whatever the
//! number of accounts; what takes longer is worked out behind the page.

use billing_core::recommend::LEAD_DAYS;
use billing_core::time::{beijing_day, beijing_text};
use chrono::{DateTime, NaiveDate, Utc};

use crate::accounts::overview::next_expiry;
use crate::app::Companion;
use crate::error::Error;
use crate::forecast::outlook::{Outlook, basis, read_at};
use crate::onboarding::wizard::Facts;
use crate::store::answers::Answers;
use crate::store::outlooks::StoredOutlook;
use crate::store::readings::{Lot, UsageFigures};
use crate::store::{accounts, answers, connections, member_cards, outlooks, purchases, readings, syncs};
use crate::usage::sync::{Known, is_stale};
use crate::views::{AccountRow, AccountState, AccountsView, AcquisitionMode, ForecastMethod, RunOutView};

/// Before anything was worked out.
const NOT_KNOWN: RunOutView =
    RunOutView { earliest: None, likely: None, latest: None, method: ForecastMethod::Guess, known_days: 0 };

/// What is stored of one account.
pub(crate) struct Stored {
    pub(crate) known: Known,
    pub(crate) outlook: Option<StoredOutlook>,
    /// As the member-card platform reported it.
    mode: Option<AcquisitionMode>,
}

impl Stored {
    /// The dates rest on older figures than those that are known, or there are none yet.
    pub(crate) fn is_outdated(&self) -> bool {
        let (known, outlook) = (&self.known, self.outlook.as_ref());
        let wanted = known.account.archived_at.is_none() && !known.facts.is_free();
        wanted && basis(known).is_some_and(|basis| outlook.is_none_or(|outlook| outlook.basis != basis))
    }
}

impl Companion {
    /// All accounts, archived ones too. Dates that rest on older figures are worked out anew behind the answer.
    pub async fn get_accounts(&self) -> Result<AccountsView, Error> {
        let stored = self.all_stored().await?;
        let outdated = stored.iter().filter(|one| one.is_outdated()).count();
        if outdated > 0 {
            self.look_ahead_behind();
        }
        let mut rows: Vec<AccountRow> = stored.into_iter().map(row).collect();
        rows.sort_by(|a, b| rank(a).cmp(&rank(b)));
        Ok(AccountsView { accounts: rows, working_out: u32::try_from(outdated).unwrap_or(u32::MAX) })
    }

    /// Everything that is stored of the usage of all accounts.
    pub(crate) async fn all_stored(&self) -> Result<Vec<Stored>, Error> {
        let ledger = self.shared.store.ledger(|db| {
            Ok((
                accounts::kept(db)?,
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
                    figures: figures.remove(id),
                    sync: syncs.remove(id),
                    now: self.now(account.environment),
                    tariff: std::sync::Arc::clone(&tariff),
                    facts,
                    account,
                },
            }
        });
        Ok(stored.collect())
    }
}

fn row(stored: Stored) -> AccountRow {
    let Stored { known, outlook, mode } = stored;
    let connection = known.facts.connection.as_ref();
    let typed = connection.and_then(|connection| connection.typed);
    let figures = known.figures.as_ref().filter(|_| connection.is_some());
    let expiring = figures.and_then(|figures| next_expiry(&figures.lots));
    let read = read_at(&known);
    let run_out = Outlook::new(outlook, read).run_out().map(|run_out| run_out.value);
    let run_out = run_out.filter(|_| !known.facts.is_free());
    let remaining = typed.map(|typed| typed.remaining).or(figures.map(UsageFigures::remaining));
    let are_old = read.is_some_and(|at| is_stale(at, typed.is_some(), known.now));
    let error = known.sync.as_ref().and_then(|sync| sync.error.as_ref()).map(|error| error.code);
    let state = if known.facts.is_free() {
        AccountState::Free
    } else if let Some(calls) = remaining.filter(|_| error.is_none() || !are_old) {
        with_figures(calls, run_out.as_ref(), known.now)
    } else if error.is_some() {
        AccountState::CannotRead
    } else {
        AccountState::NotConnected
    };
    let RunOutView { earliest, likely, latest, .. } = run_out.unwrap_or(NOT_KNOWN);
    AccountRow {
        archived: known.account.archived_at.is_some(),
        app_id: connection.and_then(|connection| connection.app_id.clone()),
        wizard_at: known.facts.answers.finished_at.is_none().then_some(known.facts.answers.at),
        state,
        days_left: days_until(likely.as_deref(), known.now),
        remaining,
        earliest,
        likely,
        latest,
        expires_at: expiring.and_then(|lot| lot.expires_at).map(beijing_text),
        expiring: expiring.map(Lot::remaining),
        mode: mode.or(known.facts.answers.mode),
        read_at: read.map(beijing_text),
        typed_in: typed.is_some(),
        stale: are_old,
        error,
        id: known.account.id,
        name: known.account.name,
        environment: known.account.environment,
    }
}

/// How an account stands of which figures are known.
fn with_figures(remaining: u64, run_out: Option<&RunOutView>, now: DateTime<Utc>) -> AccountState {
    let earliest = run_out.and_then(|days| days_until(days.earliest.as_deref(), now));
    match run_out {
        _ if remaining == 0 => AccountState::Dry,
        None => AccountState::Unknown,
        Some(_) if earliest.is_some_and(|days| usize::try_from(days).is_ok_and(|days| days <= LEAD_DAYS)) => {
            AccountState::RunsOutSoon
        }
        Some(days) if days.likely.is_some() => AccountState::Lasts,
        Some(_) => AccountState::LastsLong,
    }
}

fn days_until(day: Option<&str>, now: DateTime<Utc>) -> Option<u32> {
    let day: NaiveDate = day?.parse().ok()?;
    u32::try_from(day.signed_duration_since(beijing_day(now)).num_days().max(0)).ok()
}

/// Worst first: by state, then by the day on which it is dry; of those that do not say, the one with the least left.
fn rank(row: &AccountRow) -> impl Ord {
    let day = row.likely.clone().or(row.earliest.clone()).map_or((1, String::new()), |day| (0, day));
    (row.archived, row.state, day, row.remaining, row.name.clone(), row.id.clone())
}
