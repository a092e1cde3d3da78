//! The comparison in the words of the page.

use billing_core::bill::{self, Compared, Explained, Reason};
use billing_core::forecast::Reading;
use billing_core::time::{beijing_day, beijing_midnight, beijing_text};
use chrono::{DateTime, NaiveDate, Utc};

use super::records::Records;
use crate::error::Error;
use crate::snapshot::Known;
use crate::usage::history::Past;
use crate::views::{
    BillDaysView, BillReadingView, BillReason, BillReasonView, BillSource, BillView, ErrorCode,
};

/// When calls were, told for each reason of a day; a day with more than these has a cause of its own to look for.
const TIMES_TOLD: usize = 20;
const REASONS: [Reason; 4] = [Reason::Again, Reason::OtherVersion, Reason::NotFetched, Reason::Midnight];

/// WeChat's side of the comparison: all readings of an account, at least a whole day apart.
pub(super) struct Beside {
    pub(super) account: String,
    name: String,
    app_id: Option<String>,
    readings: Vec<Reading>,
}

pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Beside {
    /// Nothing while no whole day lies between two readings.
    pub(super) fn of(known: &Known, past: &Past) -> Option<Self> {
        past.history()?;
        let connection = known.facts.connection.as_ref();
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
        let within = |day: NaiveDate| first.first <= day && day <= last.last();
        let known = records.sign_ups.iter().filter(|one| within(beijing_day(one.at))).count();
        let compared = bill::compare(&charged, &records.sign_ups);
        // An unknown bill cannot be compared: its days are shown, and count for nothing.
        let told: Vec<&Compared> = compared.iter().filter(|one| one.charged.calls.is_some()).collect();
        let sum = |of: fn(&Compared) -> u64| told.iter().fold(0_u64, |sum, one| sum.saturating_add(of(one)));
        let reasons: Vec<_> = REASONS.into_iter().filter_map(|reason| summed(&told, reason)).collect();
        // Calls on the neighbouring day are no more than they should be, only elsewhere.
        let extra = reasons.iter().filter(|one| one.reason != BillReason::Midnight);
        let explained = extra.fold(0_u64, |sum, one| sum.saturating_add(one.calls));
        let unaccounted = sum(|one| one.unaccounted);
        Ok(BillView {
            account: self.name.clone(),
            app_id: self.app_id.clone(),
            source,
            records: count(records.sign_ups.len()),
            left_out: count(records.left_out),
            outside: count(records.sign_ups.len().saturating_sub(known)),
            first: first.first.to_string(),
            last: last.last().to_string(),
            charged: sum(|one| one.charged.calls.unwrap_or_default()),
            members: sum(|one| one.members),
            extra: explained.saturating_add(unaccounted),
            explained,
            unaccounted,
            uncharged: sum(|one| one.uncharged),
            reasons,
            days: compared.iter().map(|one| self.days_view(one)).collect(),
        })
    }

    fn days_view(&self, compared: &Compared) -> BillDaysView {
        let begins = beijing_midnight(compared.charged.first);
        let ends = compared.charged.last().succ_opt().and_then(beijing_midnight);
        let before = self.readings.iter().rev().find(|reading| begins.is_some_and(|at| reading.at <= at));
        let after = self.readings.iter().find(|reading| ends.is_some_and(|at| reading.at >= at));
        BillDaysView {
            first: compared.charged.first.to_string(),
            last: compared.charged.last().to_string(),
            charged: compared.charged.calls,
            members: compared.members,
            typed: compared.typed,
            reasons: compared.explained.iter().map(reason_view).collect(),
            unaccounted: compared.unaccounted,
            uncharged: compared.uncharged,
            readings: [before, after].into_iter().flatten().map(reading_view).collect(),
        }
    }
}

fn summed(compared: &[&Compared], reason: Reason) -> Option<BillReasonView> {
    let all = compared.iter().flat_map(|one| &one.explained).filter(|one| one.reason == reason);
    let calls = all.fold(0_u64, |sum, one| sum.saturating_add(one.calls));
    (calls > 0).then(|| BillReasonView { reason: word(reason), calls, times: Vec::new() })
}

fn reason_view(explained: &Explained) -> BillReasonView {
    BillReasonView {
        reason: word(explained.reason),
        calls: explained.calls,
        times: explained.times.iter().take(TIMES_TOLD).copied().map(beijing_text).collect(),
    }
}

fn reading_view(reading: &Reading) -> BillReadingView {
    BillReadingView { at: beijing_text(reading.at), used: reading.cumulative.get() }
}

const fn word(reason: Reason) -> BillReason {
    match reason {
        Reason::Again => BillReason::Again,
        Reason::OtherVersion => BillReason::OtherVersion,
        Reason::NotFetched => BillReason::NotFetched,
        Reason::Midnight => BillReason::Midnight,
    }
}
