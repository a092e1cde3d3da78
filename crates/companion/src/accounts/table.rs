//! All accounts in one table, worst first: for those who look after many. A few questions to both files, whatever the
//! number of accounts; what takes longer is computed in the background.

use billing_core::time::beijing_day;
use chrono::{DateTime, Utc};

use crate::accounts::overview::expiry_view;
use crate::accounts::situation::{mode_in_force, situation, situation_view};
use crate::api::{AccountRow, AccountsView, Day, Instant};
use crate::context::Context;
use crate::error::Error;
use crate::forecast::outlook::{Outlook, is_outdated, look_ahead_in_background};
use crate::forecast::stock::remaining_now;
use crate::snapshot::{AccountSnapshot, is_stale, read_at};

/// All accounts, archived ones too. Dates that rest on older figures are computed again in the background.
pub(crate) async fn get_accounts(context: &Context) -> Result<AccountsView, Error> {
    let stored = context.snapshots().await?;
    let outdated = stored.iter().filter(|one| is_outdated(one)).count();
    if outdated > 0 {
        look_ahead_in_background(context);
    }
    let mut rows: Vec<AccountRow> = stored.iter().map(accounts_row).collect();
    rows.sort_by(|a, b| rank(a).cmp(&rank(b)));
    Ok(AccountsView { accounts: rows, working_out: u32::try_from(outdated).unwrap_or(u32::MAX) })
}

fn accounts_row(known: &AccountSnapshot) -> AccountRow {
    let connection = known.connection.as_ref();
    let figures = known.figures.as_ref().filter(|_| connection.is_some() && !known.is_typed_in());
    let read = read_at(known);
    let outlook = Outlook::new(known.outlook.clone(), read);
    let run_out = outlook.run_out().map(|run_out| run_out.value).filter(|_| !known.is_free());
    let likely = run_out.as_ref().and_then(|days| days.likely);
    AccountRow {
        archived: known.account.archived_at.is_some(),
        app_id: connection.and_then(|connection| connection.app_id.clone()),
        wizard_at: known.answers.finished_at.is_none().then_some(known.answers.at),
        situation: situation_view(situation(known, &outlook)),
        days_left: days_until(likely, known.now),
        remaining: remaining_now(known),
        monthly: outlook.monthly().map(|monthly| monthly.calls).filter(|_| !known.is_free()),
        earliest: run_out.as_ref().and_then(|days| days.earliest),
        likely,
        latest: run_out.as_ref().and_then(|days| days.latest),
        by_expiry: run_out.is_some_and(|days| days.by_expiry),
        next_expiry: figures.and_then(|figures| expiry_view(&figures.lots, &outlook)),
        mode: mode_in_force(known).map(|mode| mode.value),
        read_at: read.map(Instant),
        typed_in: known.is_typed_in(),
        stale: read.is_some_and(|at| is_stale(at, known.is_typed_in(), known.now)),
        tried_at: known.sync.as_ref().map(|sync| Instant(sync.last_tried)),
        error: known.sync.as_ref().and_then(|sync| sync.error.as_ref()).map(|error| error.code),
        id: known.account.id.clone(),
        name: known.account.name.clone(),
        kind: known.account.kind,
        environment: known.account.environment,
    }
}

fn days_until(day: Option<Day>, now: DateTime<Utc>) -> Option<u32> {
    u32::try_from(day?.0.signed_duration_since(beijing_day(now)).num_days().max(0)).ok()
}

/// Worst first: by situation, then by the day on which it is dry; of those that do not say, the one with the least left.
fn rank(row: &AccountRow) -> impl Ord {
    let day = row.likely.or(row.earliest);
    (row.archived, row.situation.kind, day.is_none(), day, row.remaining, row.name.clone(), row.id.clone())
}
