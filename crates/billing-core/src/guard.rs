//! The guard (守护): what to do before quota ends, so that no customer is turned away (`docs/billing-rules.md` §18).
//!
//! Pure: a rule, what happened before, and what is known now go in; one decision and the next phase come out. The guard
//! never undoes what a person did, never does more than the rule allows a day, and always leaves itself the one act that
//! protects customers: from each day's acts the last one is reserved for switching to manual entry.

use crate::situation::Mode;
use serde::{Deserialize, Serialize};

/// What thresholds count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Calls left.
    Calls,
    /// Days until the account is likely to run out.
    Days,
}

/// What a guard does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Lets members type their numbers.
    ToManual,
    /// Lets customers authorise again.
    Back,
    /// Allocates a pack of a bulk order.
    Allocate,
}

/// Fewest acts a day: with one there would be no way back.
pub const ACTS_MIN: u32 = 2;
/// Most acts a day.
pub const ACTS_MAX: u32 = 20;
/// Most calls and most days of a threshold.
pub const CALLS_MAX: u64 = 1_000_000_000;
/// Most days of a threshold; forecasts reach two years.
pub const DAYS_MAX: u64 = 365;
/// For so many minutes an allocation that was sent is waited for; then members type their numbers until it arrives.
const ALLOCATION_MINUTES: u32 = 60;

/// What the shop wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    measure: Measure,
    act_below: u64,
    back_at: u64,
    acts_a_day: u32,
    pool_a_day: Option<u64>,
}

impl Rule {
    /// Acts below `act_below` and goes back from `back_at` on, at most `acts_a_day` times a day; allocates at most
    /// `pool_a_day` calls a day, or never. `None` for a rule that would flip back and forth or has no way back:
    /// `1 <= act_below < back_at`, within [`CALLS_MAX`] or [`DAYS_MAX`], [`ACTS_MIN`] to [`ACTS_MAX`] acts.
    pub fn new(
        measure: Measure,
        (act_below, back_at): (u64, u64),
        acts_a_day: u32,
        pool_a_day: Option<u64>,
    ) -> Option<Self> {
        let most = match measure {
            Measure::Calls => CALLS_MAX,
            Measure::Days => DAYS_MAX,
        };
        let is_sound = 0 < act_below
            && act_below < back_at
            && back_at <= most
            && (ACTS_MIN..=ACTS_MAX).contains(&acts_a_day)
            && pool_a_day.is_none_or(|calls| (1..=CALLS_MAX).contains(&calls));
        is_sound.then_some(Self { measure, act_below, back_at, acts_a_day, pool_a_day })
    }
}

/// What the guard did last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It watches.
    Armed,
    /// It switched to manual entry with so many calls left, and waits for a refill.
    Acted {
        /// Calls left then.
        low: u64,
    },
    /// A person wanted customers to authorise although little was left: it waits for a refill, or for the rule to be
    /// handed over again.
    StoodDown {
        /// Calls left then.
        low: u64,
    },
}

/// A bulk pool that the rule may allocate from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// Calls left of it.
    pub left: u64,
    /// Calls of each pack that it can be turned into.
    pub packs: Vec<u64>,
    /// Calls that the guard allocated to this account today, whatever became of them.
    pub allocated_today: u64,
    /// An allocation of today was refused: it is not repeated before tomorrow.
    pub refused_today: bool,
    /// Minutes since an allocation was sent that has not arrived.
    pub waiting_minutes: Option<u32>,
}

/// Days until the account is likely to run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// Nothing can be said.
    Unknown,
    /// So many whole days; 0 is today.
    Days(u32),
    /// Longer than forecasts reach.
    Long,
}

/// What is known now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// What is in force; `None`: not known.
    pub mode: Option<Mode>,
    /// Somebody else than the guard changed the mode since it was last looked at.
    pub changed_by_others: bool,
    /// Calls left that can be counted on, as read; `None`: not known.
    pub remaining: Option<u64>,
    /// Calls that were probably used since that reading.
    pub used_since: u64,
    /// The reading is recent enough to go back on.
    pub is_fresh: bool,
    /// Days of cover.
    pub cover: Cover,
    /// Calls of a month; `None`: not known.
    pub monthly: Option<u64>,
    /// Acts of today, those included whose outcome is not known.
    pub acts_today: u32,
    /// `None`: the rule allows none, or it cannot be asked.
    pub pool: Option<Pool>,
}

/// Why the guard leaves things as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// What is left is not known, or the mode is not.
    Unknown,
    /// There is enough.
    Enough,
    /// A person let members type their numbers; only a person ends that.
    ManualByPerson,
    /// A person let customers authorise although little was left.
    AuthorizedByPerson,
    /// Members type their numbers, and quota was not refilled yet, or not enough.
    WaitsForRefill,
    /// Quota was allocated and is on its way.
    WaitsForAllocation,
    /// The acts of the day are used up; or but for the one that protects customers.
    DailyLimit,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Nothing, and why.
    Nothing(Why),
    /// Allocate one pack, by its index in [`Pool::packs`].
    Allocate {
        /// Which.
        pack: usize,
        /// Its calls.
        calls: u64,
    },
    /// Let members type their numbers.
    SwitchToManual,
    /// Let customers authorise again.
    SwitchBack,
}

/// Decides once. The phase returned holds if nothing is done, or once the decision is carried out.
pub fn decide(rule: &Rule, phase: Phase, sight: &Sight) -> (Decision, Phase) {
    let nothing = |why, phase| (Decision::Nothing(why), phase);
    let (Some(mode), Some(remaining)) = (sight.mode, sight.remaining) else {
        return nothing(Why::Unknown, phase);
    };
    let left = remaining.saturating_sub(sight.used_since);
    let Some(is_low) = rule.is_below(rule.act_below, left, sight.cover) else {
        return nothing(Why::Unknown, phase);
    };
    let is_filled = |low: u64| {
        remaining > low && sight.is_fresh && rule.is_below(rule.back_at, left, sight.cover) == Some(false)
    };
    match (mode, phase) {
        (Mode::Authorized, Phase::StoodDown { low }) if !is_filled(low) => {
            nothing(Why::AuthorizedByPerson, phase)
        }
        // Somebody switched back before the refill.
        (Mode::Authorized, Phase::Acted { low }) if sight.changed_by_others && !is_filled(low) => {
            nothing(Why::AuthorizedByPerson, Phase::StoodDown { low: remaining })
        }
        (Mode::Authorized, Phase::Armed) if sight.changed_by_others && is_low => {
            nothing(Why::AuthorizedByPerson, Phase::StoodDown { low: remaining })
        }
        (Mode::Authorized, _) if !is_low => nothing(Why::Enough, Phase::Armed),
        (Mode::Authorized, _) => protect(rule, left, sight),
        (Mode::Manual, Phase::Acted { low }) if !sight.changed_by_others => {
            match (is_filled(low), leaves_one(rule, sight)) {
                (true, true) => (Decision::SwitchBack, Phase::Armed),
                (true, false) => nothing(Why::DailyLimit, phase),
                // Customers are served; the pool may end the wait.
                (false, _) => (refill(rule, left, sight).unwrap_or(waits(sight)), phase),
            }
        }
        (Mode::Manual, _) => nothing(Why::ManualByPerson, Phase::Armed),
    }
}

/// Whether one more act leaves the one that protects customers.
const fn leaves_one(rule: &Rule, sight: &Sight) -> bool {
    sight.acts_today.saturating_add(1) < rule.acts_a_day
}

fn waits(sight: &Sight) -> Decision {
    let is_coming = sight.pool.as_ref().is_some_and(|pool| pool.waiting_minutes.is_some());
    Decision::Nothing(if is_coming { Why::WaitsForAllocation } else { Why::WaitsForRefill })
}

/// A pack of the pool, if one may be allocated now.
fn refill(rule: &Rule, left: u64, sight: &Sight) -> Option<Decision> {
    let pool = sight.pool.as_ref().filter(|pool| pool.waiting_minutes.is_none() && !pool.refused_today)?;
    let (pack, calls) = rule.pack(left, sight.monthly, pool).filter(|_| leaves_one(rule, sight))?;
    Some(Decision::Allocate { pack, calls })
}

/// Little is left, and customers authorise.
fn protect(rule: &Rule, left: u64, sight: &Sight) -> (Decision, Phase) {
    let waiting = sight.pool.as_ref().and_then(|pool| pool.waiting_minutes);
    // Half of the threshold is what the shop can do without while a pack is on its way.
    let can_wait = rule.is_below(rule.act_below.div_ceil(2), left, sight.cover) == Some(false);
    if waiting.is_some_and(|minutes| minutes < ALLOCATION_MINUTES) && can_wait {
        return (Decision::Nothing(Why::WaitsForAllocation), Phase::Armed);
    }
    if sight.acts_today >= rule.acts_a_day {
        return (Decision::Nothing(Why::DailyLimit), Phase::Armed);
    }
    match refill(rule, left, sight).filter(|_| can_wait) {
        Some(allocate) => (allocate, Phase::Armed),
        None => (Decision::SwitchToManual, Phase::Acted { low: left }),
    }
}

impl Rule {
    /// Whether what is left is below a threshold; `None`: not known.
    fn is_below(&self, threshold: u64, left: u64, cover: Cover) -> Option<bool> {
        match (self.measure, cover) {
            // What has run out is below any threshold.
            _ if left == 0 => Some(true),
            (Measure::Calls, _) => Some(left < threshold),
            (Measure::Days, Cover::Days(days)) => Some(u64::from(days) < threshold),
            (Measure::Days, Cover::Long) => Some(false),
            (Measure::Days, Cover::Unknown) => None,
        }
    }

    /// The pack to allocate: the smallest that lifts the account to where it goes back, else the largest; of those that
    /// the pool and the day's limit allow.
    fn pack(&self, left: u64, monthly: Option<u64>, pool: &Pool) -> Option<(usize, u64)> {
        let most = pool.left.min(self.pool_a_day?.saturating_sub(pool.allocated_today));
        let wanted = match self.measure {
            Measure::Calls => self.back_at.saturating_sub(left),
            Measure::Days => {
                let calls = self.back_at.saturating_mul(monthly?).div_ceil(MONTH_DAYS);
                calls.saturating_sub(left)
            }
        };
        let packs = || pool.packs.iter().copied().enumerate().filter(|(_, calls)| (1..=most).contains(calls));
        let enough = packs().filter(|(_, calls)| *calls >= wanted).min_by_key(|(_, calls)| *calls);
        enough.or_else(|| packs().max_by_key(|(_, calls)| *calls))
    }

    /// Whether the mode in force must be known now: it is low or was, so that an act may follow.
    pub fn is_near(&self, phase: Phase, sight: &Sight) -> bool {
        let left = sight.remaining.map(|remaining| remaining.saturating_sub(sight.used_since));
        let is_below = left.and_then(|left| self.is_below(self.back_at, left, sight.cover));
        phase != Phase::Armed || is_below == Some(true)
    }

    /// Minutes until the threshold is reached at the usual pace; 0 below it, `None` where nothing can be said.
    pub fn minutes_until_low(&self, sight: &Sight) -> Option<u64> {
        let left = sight.remaining?.saturating_sub(sight.used_since);
        if self.is_below(self.act_below, left, sight.cover)? {
            return Some(0);
        }
        match (self.measure, sight.cover) {
            (Measure::Calls, _) => {
                let above = left.saturating_sub(self.act_below);
                above.saturating_mul(MONTH_DAYS).saturating_mul(DAY_MINUTES).checked_div(sight.monthly?)
            }
            (Measure::Days, Cover::Days(days)) => {
                Some(u64::from(days).saturating_sub(self.act_below).saturating_mul(DAY_MINUTES))
            }
            (Measure::Days, Cover::Long | Cover::Unknown) => None,
        }
    }
}

/// Days of a month, for a pace given by the month.
const MONTH_DAYS: u64 = 30;
const DAY_MINUTES: u64 = 1_440;

/// Calls that were probably used in so many minutes, on the careful side: twice the usual pace.
pub fn probably_used(monthly: Option<u64>, minutes: u64) -> u64 {
    let calls = monthly.unwrap_or(0).saturating_mul(2).saturating_mul(minutes);
    calls.div_ceil(MONTH_DAYS.saturating_mul(DAY_MINUTES))
}
