//! An account stands in exactly one situation (docs/billing-rules.md §16), and its advice does not say otherwise.

use billing_core::Calls;
use billing_core::recommend::{Advice, LEAD_DAYS, nothing_yet};
use billing_core::situation::{Act, Facts, Mode, Quota, Situation, TABLE, Tone};
use billing_core::stock::{Course, EndedBy, RemainingLot, RunOut, course};
use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use std::collections::HashSet;

const DAYS_AHEAD: usize = 730;

fn day(days: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 28).unwrap() + Days::new(days)
}

fn lots() -> impl Strategy<Value = Vec<RemainingLot>> {
    let calls = prop_oneof![2 => Just(0), 2 => 1_u64..30, 3 => 30_u64..3_000, 1 => Just(1_000_000)];
    let days =
        prop_oneof![2 => Just(None), 3 => (0_u32..40).prop_map(Some), 3 => (40_u32..366).prop_map(Some)];
    let lot = (calls, days)
        .prop_map(|(calls, usable_days)| RemainingLot { remaining: Calls::new(calls).unwrap(), usable_days });
    prop::collection::vec(lot, 0..4)
}

/// The quota of an account with these lots and `daily` calls, give or take, read some days ago.
fn quota(lots: &[RemainingLot], daily: Option<u64>, read_before: u64, lost: bool) -> Quota {
    let ends = |tenths: u64| -> Course {
        let calls = daily.unwrap_or_default() * tenths;
        let until = |day: u64| calls * day / 10;
        let days: Vec<u64> = (0..DAYS_AHEAD as u64).map(|day| until(day + 1) - until(day)).collect();
        course(&days, lots)
    };
    let read_on = day(100) - Days::new(read_before);
    let on = |course: &Course| course.ends.map(|(days, _)| read_on + Days::new(days as u64));
    let likely = ends(10);
    // As quantiles of one distribution they are in order.
    let mut dates = [on(&ends(14)), on(&likely), on(&ends(6))];
    dates.sort_by_key(|date| date.unwrap_or(NaiveDate::MAX));
    let [earliest, _, latest] = dates;
    let middle = dates[1];
    Quota {
        remaining: lots.iter().filter(|lot| lot.usable_days != Some(0)).map(|lot| lot.remaining.get()).sum(),
        only_trial: lots.iter().all(|lot| lot.usable_days.is_none() || lot.remaining.is_zero()),
        too_old: read_before > 3,
        lost,
        run_out: daily.map(|_| RunOut { earliest, likely: middle, latest }),
        ended_by: likely.ends.map_or(EndedBy::Use, |(_, by)| by),
    }
}

fn facts() -> impl Strategy<Value = Facts> {
    let daily = prop::option::weighted(0.85, prop_oneof![1 => Just(0), 4 => 1_u64..60]);
    let read_before = prop_oneof![5 => 0_u64..4, 1 => 4_u64..90];
    let quota = (lots(), daily, read_before, any::<bool>())
        .prop_map(|(lots, daily, read_before, lost)| quota(&lots, daily, read_before, lost));
    let mode = prop_oneof![
        3 => Just(Some(Mode::Authorized)),
        1 => Just(Some(Mode::Manual)),
        1 => Just(None),
    ];
    let free = prop::bool::weighted(0.1);
    (free, prop::option::weighted(0.85, quota), prop::bool::weighted(0.2), mode).prop_map(
        |(pays_nothing, quota, reading_fails, mode)| Facts {
            pays_nothing,
            quota,
            reading_fails,
            mode,
            today: day(100),
        },
    )
}

/// What each situation means, said on its own, without any order.
fn holds(situation: Situation, facts: &Facts) -> bool {
    let pays = !facts.pays_nothing;
    let Some(quota) = facts.quota else {
        return match situation {
            Situation::PaysNothing => !pays,
            Situation::NotConnected => pays && !facts.reading_fails,
            Situation::CannotRead => pays && facts.reading_fails,
            _ => false,
        };
    };
    let is_manual = facts.mode == Some(Mode::Manual);
    let fresh = pays && !quota.too_old;
    let dry = fresh && quota.remaining == 0;
    let used = fresh && quota.remaining > 0 && !is_manual;
    let before =
        |date: Option<NaiveDate>, days: u64| date.is_some_and(|date| date <= facts.today + Days::new(days));
    let dates = quota.run_out.filter(|_| used);
    let today = dates.is_some_and(|dates| before(dates.likely, 0));
    let lead = LEAD_DAYS as u64;
    let soon = dates.is_some_and(|dates| before(dates.earliest, lead) && before(dates.likely, 182)) && !today;
    let lasts = dates.is_some() && !today && !soon;
    match situation {
        Situation::PaysNothing => !pays,
        Situation::NotConnected => false,
        Situation::CannotRead => pays && quota.too_old && facts.reading_fails,
        Situation::Stale => pays && quota.too_old && !facts.reading_fails,
        Situation::DryManual => dry && is_manual,
        Situation::DryExpired => dry && !is_manual && quota.lost,
        Situation::DryUsedUp => dry && !is_manual && !quota.lost,
        Situation::Manual => fresh && quota.remaining > 0 && is_manual,
        Situation::Unknown => used && quota.run_out.is_none(),
        Situation::EndsToday => today,
        Situation::EndsSoonByUse => soon && quota.ended_by == EndedBy::Use,
        Situation::EndsSoonByExpiry => soon && quota.ended_by == EndedBy::Expiry,
        Situation::TrialEnough => lasts && quota.only_trial,
        Situation::Enough => lasts && !quota.only_trial && dates.unwrap().likely.is_some(),
        Situation::LastsLong => lasts && !quota.only_trial && dates.unwrap().likely.is_none(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn exactly_one_situation_holds(facts in facts()) {
        let held: Vec<_> =
            TABLE.iter().map(|row| row.situation).filter(|one| holds(*one, &facts)).collect();
        prop_assert_eq!(held, [Situation::of(&facts)], "{:?}", facts);
    }

    /// Red never stands beside "buy nothing yet", green never beside "buy", and nobody is told to look again today.
    #[test]
    fn advice_says_what_the_situation_says(facts in facts()) {
        let situation = Situation::of(&facts);
        let advice = facts.quota.and_then(|quota| quota.run_out);
        let advice = advice.filter(|_| situation.row().advises).map(|dates| nothing_yet(dates, facts.today));
        match (situation, advice) {
            (Situation::EndsToday | Situation::EndsSoonByUse | Situation::EndsSoonByExpiry, advice) => {
                prop_assert_eq!(advice, Some(None));
            }
            (Situation::TrialEnough | Situation::Enough | Situation::LastsLong, advice) => match advice {
                Some(Some(Advice::BuyNothing { look_again, .. })) => prop_assert!(look_again > facts.today),
                other => prop_assert!(false, "{:?}", other),
            },
            (
                Situation::CannotRead
                | Situation::Stale
                | Situation::NotConnected
                | Situation::Unknown
                | Situation::DryManual
                | Situation::Manual
                | Situation::PaysNothing,
                advice,
            ) => prop_assert_eq!(advice, None),
            (Situation::DryUsedUp | Situation::DryExpired, _) => {}
        }
    }
}

#[test]
fn every_situation_is_reached() {
    let mut runner = TestRunner::deterministic();
    let mut reached = HashSet::new();
    for _ in 0..5_000 {
        reached.insert(Situation::of(&facts().new_tree(&mut runner).unwrap().current()));
    }
    let missing: Vec<_> =
        TABLE.iter().map(|row| row.situation).filter(|one| !reached.contains(one)).collect();
    assert_eq!(missing, []);
}

/// The table holds every situation once, worst first; where customers are turned away, what helps at once comes first.
#[test]
fn the_table_is_whole_and_in_order() {
    assert!(TABLE.is_sorted_by(|one, next| one.situation < next.situation), "each once, in order");
    assert!(TABLE.iter().all(|row| row.situation.row() == *row));
    for row in &TABLE {
        let turned_away = matches!(row.situation, Situation::DryUsedUp | Situation::DryExpired);
        assert_eq!(row.first == Some(Act::LetMembersType), turned_away, "{row:?}");
        let is_red = turned_away || row.situation == Situation::EndsToday;
        assert_eq!(row.tone == Tone::Danger, is_red, "{row:?}");
        assert!(row.first.is_none() || row.first != row.second, "{row:?}");
    }
}
