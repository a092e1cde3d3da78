//! A reading: what is asked of WeChat, and how its answer is stored.

use chrono::{DateTime, Utc};

use crate::api::{AccountKind, ErrorView, LotSource, LotState};
use crate::clients::wechat::{RecentAverage, RowSource, RowStatus, UsageReading, UsageRow};
use crate::clients::{ClientError, Wechat};
use crate::error::Error;
use crate::secrets::Secret;
use crate::store::readings::{Lot, UsageFigures};

/// What came of asking for an account's usage, on its way into the store.
#[derive(Debug)]
pub(crate) struct ReadingOutcome {
    pub(crate) account: String,
    pub(crate) now: DateTime<Utc>,
    pub(crate) figures: Result<UsageFigures, ErrorView>,
}

/// How the trial quota is called, which has no id at WeChat.
const TRIAL: &str = "trial";

/// The two figures WeChat has for the owner of a mini-program.
pub(crate) async fn ask_both(
    wechat: &Wechat,
    token: &Secret<String>,
    spu_id: &str,
) -> Result<(UsageReading, Option<RecentAverage>), ClientError> {
    let reading = wechat.usage(token, spu_id).await?;
    Ok((reading, wechat.recent_average(token, spu_id).await?))
}

/// What it means that the usage of an account of this kind could not be read.
pub(crate) fn reading_error(kind: AccountKind) -> impl Fn(Error) -> Error {
    move |error| match kind {
        AccountKind::MiniProgram => error,
        AccountKind::MiniGame => error.of_mini_game(),
    }
}

/// A reading as it is stored: lots in the order in which they are consumed.
pub(crate) fn figures_from(
    account: &str,
    now: DateTime<Utc>,
    reading: UsageReading,
    average: Option<RecentAverage>,
) -> UsageFigures {
    let mut lots: Vec<Lot> = reading.rows.into_iter().map(lot_from).collect();
    // docs/billing-rules.md §5: trial first, then by earliest end; ties by earlier start, then id. Spent ones last.
    lots.sort_by(|a, b| {
        let key = |lot: &Lot| {
            let rank = match lot.state {
                LotState::InEffect => 0,
                LotState::NotYet => 1,
                LotState::Spent => 2,
            };
            let end = lot.expires_at.unwrap_or(DateTime::<Utc>::MAX_UTC);
            (rank, lot.source != LotSource::Trial, end, lot.effective_at)
        };
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
    UsageFigures {
        account: account.to_owned(),
        read_at: reading.as_of.unwrap_or(now),
        used: reading.effective_use,
        total: reading.all,
        average: average.map(|average| (average.calls, average.at_most)),
        lots,
    }
}

fn lot_from(row: UsageRow) -> Lot {
    let trial = row.pkg_id.is_empty() || row.source == Some(RowSource::Trial);
    let source = match row.source {
        _ if trial => LotSource::Trial,
        Some(RowSource::Paid) => LotSource::Paid,
        Some(RowSource::Allocated) => LotSource::Allocated,
        Some(RowSource::Trial | RowSource::Other) | None => LotSource::Other,
    };
    // WeChat has no status for "used up" (docs/wechat.md §1.1).
    let state = match row.status {
        RowStatus::InForce if row.used < row.all => LotState::InEffect,
        RowStatus::NotYet => LotState::NotYet,
        RowStatus::InForce | RowStatus::Lapsed => LotState::Spent,
    };
    let id = if row.pkg_id.is_empty() { TRIAL.to_owned() } else { row.pkg_id };
    Lot { id, source, state, total: row.all, used: row.used, effective_at: row.start, expires_at: row.end }
}
