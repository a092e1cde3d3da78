//! All accounts in one table, worst first: for those who look after many. A few questions to both files, whatever the
//! number of accounts; what takes longer is computed in the background.

use billing_core::recommend::LEAD_DAYS;
use billing_core::time::beijing_day;
use chrono::{DateTime, Utc};

use crate::api::{AccountRow, AccountState, AccountsView, Day, ForecastMethod, Instant, RunOutView};
use crate::context::Context;
use crate::error::Error;
use crate::forecast::outlook::{Outlook, is_outdated, look_ahead_behind};
use crate::snapshot::{AccountSnapshot, is_stale, next_expiry, read_at};
use crate::store::readings::{Lot, UsageFigures};

/// Before anything was worked out.
const NOT_KNOWN: RunOutView =
    RunOutView { earliest: None, likely: None, latest: None, method: ForecastMethod::Guess, known_days: 0 };

/// All accounts, archived ones too. Dates that rest on older figures are computed again in the background.
pub(crate) async fn get_accounts(context: &Context) -> Result<AccountsView, Error> {
    let stored = context.snapshots().await?;
    let outdated = stored.iter().filter(|one| is_outdated(one)).count();
    if outdated > 0 {
        look_ahead_behind(context);
    }
    let mut rows: Vec<AccountRow> = stored.iter().map(accounts_row).collect();
    rows.sort_by(|a, b| rank(a).cmp(&rank(b)));
    Ok(AccountsView { accounts: rows, working_out: u32::try_from(outdated).unwrap_or(u32::MAX) })
}

fn accounts_row(known: &AccountSnapshot) -> AccountRow {
    let connection = known.connection.as_ref();
    let typed = connection.and_then(|connection| connection.typed);
    let figures = known.figures.as_ref().filter(|_| connection.is_some());
    let expiring = figures.and_then(|figures| next_expiry(&figures.lots));
    let read = read_at(known);
    let run_out = Outlook::new(known.outlook.clone(), read).run_out().map(|run_out| run_out.value);
    let run_out = run_out.filter(|_| !known.is_free());
    let remaining = typed.map(|typed| typed.remaining).or(figures.map(UsageFigures::remaining));
    let are_old = read.is_some_and(|at| is_stale(at, typed.is_some(), known.now));
    let error = known.sync.as_ref().and_then(|sync| sync.error.as_ref()).map(|error| error.code);
    let state = if known.is_free() {
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
        wizard_at: known.answers.finished_at.is_none().then_some(known.answers.at),
        state,
        days_left: days_until(likely, known.now),
        remaining,
        earliest,
        likely,
        latest,
        expires_at: expiring.and_then(|lot| lot.expires_at).map(Instant),
        expiring: expiring.map(Lot::remaining),
        mode: known.card.as_ref().map(|card| card.mode).or(known.answers.mode),
        read_at: read.map(Instant),
        typed_in: typed.is_some(),
        stale: are_old,
        error,
        id: known.account.id.clone(),
        name: known.account.name.clone(),
        environment: known.account.environment,
    }
}

/// How an account stands of which figures are known.
fn with_figures(remaining: u64, run_out: Option<&RunOutView>, now: DateTime<Utc>) -> AccountState {
    let earliest = run_out.and_then(|days| days_until(days.earliest, now));
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

fn days_until(day: Option<Day>, now: DateTime<Utc>) -> Option<u32> {
    u32::try_from(day?.0.signed_duration_since(beijing_day(now)).num_days().max(0)).ok()
}

/// Worst first: by state, then by the day on which it is dry; of those that do not say, the one with the least left.
fn rank(row: &AccountRow) -> impl Ord {
    let day = row.likely.or(row.earliest);
    (row.archived, row.state, day.is_none(), day, row.remaining, row.name.clone(), row.id.clone())
}
