//! The comparison in the words of the page.

use billing_core::bill::{self, ComparedDays, Comparison, Explained, Reason, Totals, Verdict};
use billing_core::forecast::Reading;
use billing_core::time::{beijing_day, beijing_midnight};
use chrono::{DateTime, Utc};

use super::records::Records;
use crate::api::{
    BillDaysView, BillReadingView, BillReason, BillReasonView, BillSource, BillVerdict, BillView, Day,
    ErrorCode, Instant,
};
use crate::error::Error;
use crate::snapshot::AccountSnapshot;
use crate::usage::history::Past;

/// When calls were, listed for each reason of a day; a day with more than these has a cause of its own to look for.
const TIMES_LISTED: usize = 20;

/// WeChat's side of the comparison: all readings of an account, at least a whole day apart.
pub(super) struct WechatSide {
    pub(super) account: String,
    name: String,
    app_id: Option<String>,
    readings: Vec<Reading>,
}

pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl WechatSide {
    /// Nothing while no whole day lies between two readings.
    pub(super) fn of(known: &AccountSnapshot, past: &Past) -> Option<Self> {
        past.history()?;
        let connection = known.connection.as_ref();
        Some(Self {
            account: known.account.id.clone(),
            name: known.account.name.clone(),
            app_id: connection.and_then(|connection| connection.app_id.clone()),
            readings: past.cumulative(),
        })
    }

    /// When the first reading was: older records say nothing of its calls.
    pub(super) fn begins(&self) -> Option<DateTime<Utc>> {
        self.readings.first().map(|reading| reading.at)
    }

    /// Errors: `bill_no_days`.
    pub(super) fn compared(&self, source: BillSource, records: &Records) -> Result<BillView, Error> {
        let charged = bill::charged_days(&self.readings, &records.sign_ups);
        let (Some(first), Some(last)) = (charged.first(), charged.last()) else {
            return Err(Error::refused(ErrorCode::BillNoDays));
        };
        let Comparison { days, totals, verdict } = bill::compare(
            &charged,
            &bill::Records {
                sign_ups: &records.sign_ups,
                whole: records.whole,
                unreadable: u64::from(count(records.left_out)),
            },
        );
        let compared = |at: DateTime<Utc>| {
            let day = beijing_day(at);
            let after = days.partition_point(|days| days.charged.first <= day);
            let found = after.checked_sub(1).and_then(|index| days.get(index));
            found.is_some_and(|days| day <= days.charged.last())
        };
        let outside = records.sign_ups.iter().filter(|one| !compared(one.at)).count();
        let times = || records.sign_ups.iter().map(|one| one.at);
        Ok(BillView {
            account: self.name.clone(),
            app_id: self.app_id.clone(),
            source,
            verdict: verdict_view(verdict),
            records: count(records.sign_ups.len()),
            duplicates: count(records.duplicates),
            left_out: count(records.left_out),
            outside: count(outside),
            records_from: times().min().map(Instant),
            records_until: times().max().map(Instant),
            read_first: Day(first.first),
            read_last: Day(last.last()),
            first: days.first().map(|days| Day(days.charged.first)),
            last: days.last().map(|days| Day(days.charged.last())),
            charged: totals.charged,
            recorded: totals.recorded,
            members: totals.calls.members,
            extra: totals.charged.saturating_sub(totals.calls.members),
            explained: totals.calls.explained(),
            open: totals.open,
            missing: totals.missing,
            uncharged: totals.uncharged,
            reasons: reasons(&totals),
            days: days.iter().map(|one| self.days_view(one)).collect(),
        })
    }

    fn days_view(&self, compared: &ComparedDays) -> BillDaysView {
        let begins = beijing_midnight(compared.charged.first);
        let ends = compared.charged.last().succ_opt().and_then(beijing_midnight);
        let before = self.readings.iter().rev().find(|reading| begins.is_some_and(|at| reading.at <= at));
        let after = self.readings.iter().find(|reading| ends.is_some_and(|at| reading.at >= at));
        let is_known = compared.charged.calls.is_some();
        BillDaysView {
            first: Day(compared.charged.first),
            last: Day(compared.charged.last()),
            charged: compared.charged.calls,
            members: if is_known { compared.matched.members } else { compared.recorded.members },
            typed: compared.typed,
            reasons: compared.explained().iter().map(reason_view).collect(),
            open: compared.open,
            missing: compared.missing,
            uncharged: compared.uncharged,
            readings: [before, after].into_iter().flatten().map(reading_view).collect(),
        }
    }
}

/// Calls on the neighbouring day are no more than they should be, only elsewhere: they are among the other reasons too.
fn reasons(totals: &Totals) -> Vec<BillReasonView> {
    let all = [
        (BillReason::Again, totals.calls.again),
        (BillReason::OtherVersion, totals.calls.other_version),
        (BillReason::NotFetched, totals.calls.not_fetched),
        (BillReason::Midnight, totals.moved),
    ];
    let some = all.into_iter().filter(|(_, calls)| *calls > 0);
    some.map(|(reason, calls)| BillReasonView { reason, calls, times: Vec::new() }).collect()
}

const fn verdict_view(verdict: Verdict) -> BillVerdict {
    match verdict {
        Verdict::NoCommonDay => BillVerdict::NoCommonDay,
        Verdict::TooManyRecords => BillVerdict::TooManyRecords,
        Verdict::TooFewRecords => BillVerdict::TooFewRecords,
        Verdict::Missing => BillVerdict::Missing,
        Verdict::Open => BillVerdict::Open,
        Verdict::Explained => BillVerdict::Explained,
        Verdict::Uncharged => BillVerdict::Uncharged,
        Verdict::Agrees => BillVerdict::Agrees,
    }
}

fn reason_view(explained: &Explained) -> BillReasonView {
    BillReasonView {
        reason: word(explained.reason),
        calls: explained.calls,
        times: explained.times.iter().take(TIMES_LISTED).copied().map(Instant).collect(),
    }
}

fn reading_view(reading: &Reading) -> BillReadingView {
    BillReadingView { at: Instant(reading.at), used: reading.cumulative.get() }
}

const fn word(reason: Reason) -> BillReason {
    match reason {
        Reason::Again => BillReason::Again,
        Reason::OtherVersion => BillReason::OtherVersion,
        Reason::NotFetched => BillReason::NotFetched,
        Reason::Midnight => BillReason::Midnight,
    }
}
