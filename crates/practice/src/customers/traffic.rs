//! Customers who come by themselves: a number an hour, with the week's and the day's ups and downs.
//!
//! They come as practice time passes, also when it is moved forward. Who comes when follows from the mini-program, its
//! habits and the hour alone, so that the same practice days bring the same customers.

use super::{Manner, Tally, Visits};
use crate::faults::Faults;
use crate::ids;
use crate::model::Habits;
use crate::store::billing::Accounts;
use crate::store::error::Stored;
use crate::store::{programs, traffic};
use billing_core::Capability;
use billing_core::time::BEIJING;
use chrono::{DateTime, Datelike, Timelike, Utc};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use rusqlite::Connection;

fn manner(habits: Habits, roll: u8) -> Manner {
    if roll < habits.refuse_percent {
        Manner::Refuse
    } else if roll < habits.refuse_percent.saturating_add(habits.repeat_percent) {
        Manner::Repeat
    } else {
        Manner::Authorise
    }
}

/// A day's customers, Monday to Sunday, as percent of an ordinary day's.
const WEEK: [u32; 7] = [80, 80, 85, 90, 115, 150, 140];

/// An hour's customers, from ten in the morning to nine in the evening, as percent of the average hour's.
const DAY: [u32; 11] = [40, 110, 180, 110, 45, 40, 50, 115, 190, 145, 75];
const OPENS: u32 = 10;

/// Percent of percent of the customers of an ordinary hour that an hour brings.
fn weight(hour: DateTime<Utc>) -> u32 {
    let hour = hour.with_timezone(&BEIJING);
    let open = hour.hour().checked_sub(OPENS).and_then(|index| usize::try_from(index).ok());
    let share = open.and_then(|index| DAY.get(index)).copied().unwrap_or(0);
    let day = usize::try_from(hour.weekday().num_days_from_monday()).ok();
    share * day.and_then(|day| WEEK.get(day)).copied().unwrap_or(0)
}

/// Who comes within an hour (counted since 1970), in order: seconds since 1970, and what they do.
fn arrivals(app_id: &str, habits: Habits, hour: i64) -> Vec<(i64, Manner)> {
    let Some(begins) = DateTime::from_timestamp(hour * 3_600, 0) else { return Vec::new() };
    let mut random = Xoshiro256PlusPlus::from_seed(ids::digest(&format!("traffic {app_id} {hour}")));
    let wanted = habits.per_hour * weight(begins);
    let count = wanted / 10_000 + u32::from(random.random_range(0..10_000) < wanted % 10_000);
    // Each has a slot of their own, so that they come in order.
    let slot = 3_600 / i64::from(count.max(1));
    (0..i64::from(count))
        .map(|place| {
            let second = place * slot + random.random_range(0..slot.max(1));
            (begins.timestamp() + second, manner(habits, random.random_range(0..100)))
        })
        .collect()
}

/// Lets everybody come who was due until an instant, of every shop. The caller's transaction makes that and the note
/// of it true together.
pub(crate) fn catch_up(
    connection: &Connection,
    accounts: &mut Accounts,
    faults: &Faults,
    until: DateTime<Utc>,
) -> Stored<()> {
    for traffic in traffic::all(connection)? {
        let Some(program) = programs::find(connection, &traffic.app_id)? else { continue };
        let visits = Visits { faults, program, exchange: true };
        let (done, until) = (traffic.done_until, until.timestamp());
        let hours = done.div_euclid(3_600)..=until.div_euclid(3_600);
        let due = hours.flat_map(|hour| arrivals(&traffic.app_id, traffic.habits, hour));
        let mut tally = Tally::default();
        for (at, manner) in due.filter(|(at, _)| *at > done && *at <= until) {
            let last = accounts.get(&traffic.app_id, Capability::Quick)?.last_event_at();
            let at = DateTime::from_timestamp(at, 0).max(last).unwrap_or_default();
            visits.one(connection, accounts, &mut tally, manner, at)?;
        }
        traffic::done(connection, &traffic.app_id, until)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{DAY, WEEK, arrivals};
    use crate::customers::Manner;
    use crate::model::Habits;
    use billing_core::time::BEIJING;
    use chrono::TimeZone;

    #[test]
    fn the_pattern_averages_to_what_was_asked_for() {
        assert_eq!(DAY.iter().sum::<u32>(), 1_100, "eleven hours at a hundred percent");
        let week: u32 = WEEK.iter().sum();
        assert!((690..=740).contains(&week), "{week}");
    }

    #[test]
    fn a_week_has_its_ups_and_downs_and_is_the_same_each_time() {
        let habits = Habits::new(20, 10, 5).unwrap().unwrap();
        let monday = BEIJING.with_ymd_and_hms(2026, 11, 16, 0, 0, 0).unwrap().timestamp() / 3_600;
        let day = |day: i64| -> Vec<_> {
            (0..24).flat_map(|hour| arrivals("wx1", habits, monday + day * 24 + hour)).collect()
        };
        let (tuesday, saturday) = (day(1), day(5));
        assert_eq!(tuesday, day(1));
        assert!((150..=200).contains(&tuesday.len()), "{} for 20 × 11 × 80 %", tuesday.len());
        assert!(saturday.len() > tuesday.len() * 3 / 2, "{}", saturday.len());
        assert!(tuesday.is_sorted_by_key(|(at, _)| *at), "in order");
        let night = |at: i64| !(10..21).contains(&((at + 8 * 3_600) % 86_400 / 3_600));
        assert!(!saturday.iter().any(|(at, _)| night(*at)), "nobody comes at night");
        let refusals = saturday.iter().filter(|(_, manner)| *manner == Manner::Refuse).count();
        assert!((15..=55).contains(&refusals), "{refusals} of {}", saturday.len());
    }

    #[test]
    fn habits_that_cannot_be_are_refused() {
        assert_eq!(Habits::new(0, 10, 10), Ok(None));
        assert!(Habits::new(1_001, 0, 0).is_err());
        assert!(Habits::new(1, 60, 50).is_err());
    }
}
