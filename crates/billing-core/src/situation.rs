//! Where an account stands: what a customer at the till gets now, and for how long (`docs/billing-rules.md` §16).
//!
//! One list and one table. Pages, table rows, alerts and the tray show a situation; none of them decides one.

use crate::recommend::is_soon;
use crate::stock::{EndedBy, RunOut};
use chrono::NaiveDate;
use serde::Serialize;

/// How members' phone numbers are obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Customers authorise: each call is charged.
    Authorized,
    /// Members type their numbers: nothing is charged.
    Manual,
}

/// What is known of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// It pays nothing by a free rule.
    pub pays_nothing: bool,
    /// `None`: nothing was read or typed in yet.
    pub quota: Option<Quota>,
    /// The last reading failed.
    pub reading_fails: bool,
    /// `None`: not known.
    pub mode: Option<Mode>,
    /// The day at the till, in Beijing time.
    pub today: NaiveDate,
}

/// What was read of the quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Calls that can be used now.
    pub remaining: u64,
    /// Only the trial can still be used; it never ends by date.
    pub only_trial: bool,
    /// The figures are too old to say anything of the days ahead.
    pub too_old: bool,
    /// The last pack ended with calls left.
    pub lost: bool,
    /// `None`: nothing can be said of the days ahead.
    pub run_out: Option<RunOut>,
    /// What brings the likely end.
    pub ended_by: EndedBy,
}

/// Where an account stands, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Situation {
    /// All is used: customers who authorise are turned away.
    DryUsedUp,
    /// The last pack ended with calls left: customers who authorise are turned away.
    DryExpired,
    /// What is left is likely to end today.
    EndsToday,
    /// It may be used up before a pack that is paid for today is there.
    EndsSoonByUse,
    /// Its last pack may end before one that is paid for today is there.
    EndsSoonByExpiry,
    /// It cannot be read, and there are no figures that say anything of today.
    CannotRead,
    /// The figures are too old to say anything of today.
    Stale,
    /// Nothing was read or typed in yet.
    NotConnected,
    /// There are figures, but nothing can be said of the days ahead yet.
    Unknown,
    /// Nothing is left, and members type their numbers: nobody is turned away.
    DryManual,
    /// Members type their numbers, so that nothing of what is left is used.
    Manual,
    /// The trial lasts for now.
    TrialEnough,
    /// It lasts for now.
    Enough,
    /// It lasts longer than dates are worked out for.
    LastsLong,
    /// It pays nothing.
    PaysNothing,
}

/// The colour of a situation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Customers are turned away, now or today.
    Danger,
    /// Something has to be done soon.
    Warn,
    /// Nothing is known that calls for anything.
    Muted,
    /// All is well.
    Calm,
}

/// What the shop can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Let members type their numbers: it takes effect at once.
    LetMembersType,
    /// Let members authorise again.
    LetMembersAuthorise,
    /// Buy a pack.
    Buy,
    /// Look again on a later day.
    LookAgain,
    /// Read usage again.
    ReadAgain,
    /// Connect the account.
    Connect,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Which situation it is about.
    pub situation: Situation,
    /// Its colour.
    pub tone: Tone,
    /// What helps first.
    pub first: Option<Act>,
    /// What helps after that, or instead.
    pub second: Option<Act>,
    /// Whether its figures advise what to buy, and when.
    pub advises: bool,
}

/// The table, worst first.
pub const TABLE: [Row; 15] = [
    row(Situation::DryUsedUp, Tone::Danger, Some(Act::LetMembersType), Some(Act::Buy), true),
    row(Situation::DryExpired, Tone::Danger, Some(Act::LetMembersType), Some(Act::Buy), true),
    row(Situation::EndsToday, Tone::Danger, Some(Act::Buy), Some(Act::LetMembersType), true),
    row(Situation::EndsSoonByUse, Tone::Warn, Some(Act::Buy), None, true),
    row(Situation::EndsSoonByExpiry, Tone::Warn, Some(Act::Buy), None, true),
    row(Situation::CannotRead, Tone::Warn, Some(Act::ReadAgain), None, false),
    row(Situation::Stale, Tone::Warn, Some(Act::ReadAgain), None, false),
    row(Situation::NotConnected, Tone::Muted, Some(Act::Connect), None, false),
    row(Situation::Unknown, Tone::Muted, Some(Act::ReadAgain), None, false),
    row(Situation::DryManual, Tone::Calm, None, Some(Act::Buy), false),
    row(Situation::Manual, Tone::Calm, None, Some(Act::LetMembersAuthorise), false),
    row(Situation::TrialEnough, Tone::Calm, Some(Act::LookAgain), None, true),
    row(Situation::Enough, Tone::Calm, Some(Act::LookAgain), None, true),
    row(Situation::LastsLong, Tone::Calm, Some(Act::LookAgain), None, true),
    row(Situation::PaysNothing, Tone::Calm, None, None, false),
];

const fn row(
    situation: Situation,
    tone: Tone,
    first: Option<Act>,
    second: Option<Act>,
    advises: bool,
) -> Row {
    Row { situation, tone, first, second, advises }
}

impl Situation {
    /// Returns the situation that follows from the facts.
    pub fn of(facts: &Facts) -> Self {
        if facts.pays_nothing {
            return Self::PaysNothing;
        }
        match facts.quota {
            None if facts.reading_fails => Self::CannotRead,
            None => Self::NotConnected,
            Some(quota) if quota.too_old && facts.reading_fails => Self::CannotRead,
            Some(quota) if quota.too_old => Self::Stale,
            Some(quota) => Self::of_quota(&quota, facts.mode, facts.today),
        }
    }

    fn of_quota(quota: &Quota, mode: Option<Mode>, today: NaiveDate) -> Self {
        // Where the mode is not known customers may be turned away.
        match (quota.remaining, mode) {
            (0, Some(Mode::Manual)) => return Self::DryManual,
            (_, Some(Mode::Manual)) => return Self::Manual,
            (0, _) if quota.lost => return Self::DryExpired,
            (0, _) => return Self::DryUsedUp,
            _ => {}
        }
        let Some(run_out) = quota.run_out else { return Self::Unknown };
        match (run_out.likely, quota.ended_by) {
            (Some(day), _) if day <= today => Self::EndsToday,
            (_, EndedBy::Expiry) if is_soon(run_out, today) => Self::EndsSoonByExpiry,
            (_, EndedBy::Use) if is_soon(run_out, today) => Self::EndsSoonByUse,
            _ if quota.only_trial => Self::TrialEnough,
            (Some(_), _) => Self::Enough,
            (None, _) => Self::LastsLong,
        }
    }

    /// Returns what the table says of it.
    pub fn row(self) -> Row {
        let found = TABLE.iter().find(|row| row.situation == self);
        found.copied().unwrap_or(row(self, Tone::Muted, None, None, false))
    }
}
