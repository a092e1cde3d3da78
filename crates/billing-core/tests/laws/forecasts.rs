//! The laws of output (docs/billing-rules.md §14), over any history, average and horizon.

use billing_core::forecast::{
    Campaign, Effect, Forecast, ForecastInput, History, MonthlyUsage, Reading, fit, forecast, likely_course,
    run_out,
};
use billing_core::stock::RemainingLot;
use billing_core::{Calls, CallsTotal};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;

const CALLS_MAX: u32 = 1_000_000_000;

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap()
}

fn daily() -> impl Strategy<Value = Vec<Option<u32>>> {
    let calls = prop_oneof![
        3 => Just(0),
        5 => 0_u32..10,
        3 => 0_u32..1_000,
        1 => prop_oneof![Just(CALLS_MAX), 0..CALLS_MAX],
    ];
    let calm = (0_u32..200).prop_flat_map(|level| prop::collection::vec(level..=level + level / 3, 0..120));
    prop_oneof![
        prop::collection::vec(prop::option::weighted(0.8, calls), 0..120),
        calm.prop_map(|daily| daily.into_iter().map(Some).collect()),
    ]
}

fn campaigns() -> impl Strategy<Value = Vec<Campaign>> {
    let effect = prop_oneof![
        prop_oneof![Just(0.0), 0.0..5.0, Just(1_000.0)].prop_map(Effect::Factor),
        prop_oneof![0_u32..50, Just(CALLS_MAX)].prop_map(Effect::Extra),
    ];
    prop::collection::btree_map(0_u64..200, effect, 0..6).prop_map(|days| {
        let campaign = |(day, effect)| Campaign { day: first_day() + chrono::Days::new(day), effect };
        days.into_iter().map(campaign).collect()
    })
}

fn input() -> impl Strategy<Value = ForecastInput> {
    let average = prop_oneof![
        3 => Just(None),
        1 => Just(Some(MonthlyUsage::AtMost(Calls::new(50).unwrap()))),
        1 => prop_oneof![Just(0), 0_u64..1_000, Just(31_000_000_000)]
            .prop_map(|calls| Some(MonthlyUsage::About(Calls::new(calls).unwrap()))),
    ];
    let closed = prop::collection::btree_set(0_u64..200, 0..20);
    let horizon = prop_oneof![9 => 1_usize..120, 1 => Just(3_650)];
    (daily(), average, horizon, closed, campaigns()).prop_map(
        |(daily, monthly_average, horizon, closed, campaigns)| ForecastInput {
            history: History::daily(first_day(), &daily).unwrap(),
            monthly_average,
            horizon,
            closed: closed.into_iter().map(|day| first_day() + chrono::Days::new(day)).collect(),
            campaigns,
        },
    )
}

fn lots() -> impl Strategy<Value = Vec<RemainingLot>> {
    let lot = (prop_oneof![0_u64..50, 0_u64..100_000], prop::option::weighted(0.8, 0_u32..200));
    prop::collection::vec(
        lot.prop_map(|(calls, usable_days)| RemainingLot {
            remaining: Calls::new(calls).unwrap(),
            usable_days,
        }),
        0..5,
    )
}

fn check(forecast: &Forecast, input: &ForecastInput) -> Result<(), TestCaseError> {
    prop_assert_eq!(forecast.days.len(), input.horizon);
    prop_assert_eq!(forecast.cumulative.len(), input.horizon);
    let mut before = (0.0, 0.0, 0.0);
    let start = first_day() + chrono::Days::new(u64::try_from(input.history.days()).unwrap());
    let dates = start.iter_days();
    for ((day, sum), date) in forecast.days.iter().zip(&forecast.cumulative).zip(dates) {
        let sum = sum.band();
        prop_assert_eq!((day.day, sum.day), (date, date));
        for band in [day, &sum] {
            prop_assert!([band.p10, band.p50, band.p90].iter().all(|calls| calls.is_finite()), "{:?}", band);
            prop_assert!(0.0 <= band.p10 && band.p10 <= band.p50 && band.p50 <= band.p90, "{:?}", band);
        }
        prop_assert!(sum.p10 >= before.0 && sum.p50 >= before.1 && sum.p90 >= before.2, "{:?}", sum);
        before = (sum.p10, sum.p50, sum.p90);
        if input.closed.contains(&date) {
            prop_assert!(day.p90 <= 0.0, "closed on {}", date);
        }
    }
    let (first_day, first_sum) = (forecast.days[0], forecast.cumulative[0].band());
    prop_assert_eq!(first_day, first_sum, "the first day is its own sum");
    Ok(())
}

proptest! {
    #[test]
    fn what_a_day_hardly_ever_exceeds_lies_above_its_band(input in input()) {
        if let Ok(fitted) = fit(&input) {
            let p90 = fitted.forecast().days.first().map_or(0.0, |day| day.p90);
            // Up to 2^32 a day, which both hold exactly.
            let upper = fitted.hardly_exceeded().map(|calls| u32::try_from(calls).unwrap_or(u32::MAX));
            prop_assert!(upper.is_some_and(|upper| f64::from(upper) >= p90.min(f64::from(u32::MAX))), "{:?} {}", upper, p90);
        }
    }

    #[test]
    fn bands_keep_their_laws(input in input()) {
        let something = input.monthly_average.is_some()
            || input.history.spans().iter().any(|span| span.calls.is_some());
        match forecast(&input) {
            Ok(found) => {
                prop_assert!(something);
                check(&found, &input)?;
                prop_assert_eq!(&found, &forecast(&input).unwrap(), "the same input gives the same output");
            }
            Err(error) => {
                // Nothing is known of ordinary days.
                prop_assert_eq!(error.path, "daily");
                prop_assert!(input.monthly_average.is_none());
            }
        }
    }

    /// The dates are quantiles of one distribution; and no lot wastes more than it has.
    #[test]
    fn running_out_keeps_its_order(input in input(), lots in lots()) {
        let Ok(found) = forecast(&input) else { return Ok(()) };
        let dates = run_out(&found, &lots);
        let never = NaiveDate::MAX;
        let [early, likely, late] = [dates.earliest, dates.likely, dates.latest].map(|day| day.unwrap_or(never));
        prop_assert!(early <= likely && likely <= late, "{:?}", dates);
        for (lot, waste) in lots.iter().zip(likely_course(&found, &lots).wasted) {
            match (lot.usable_days, waste) {
                (Some(days), Some(waste)) => {
                    prop_assert!(waste <= lot.remaining.get());
                    prop_assert!(usize::try_from(days).unwrap() <= input.horizon);
                }
                (Some(days), None) => prop_assert!(usize::try_from(days).unwrap() > input.horizon),
                (None, waste) => prop_assert_eq!(waste, None),
            }
        }
    }

    /// Whatever the hours of reading, what lies between the first and the last midnight known is all accounted for.
    #[test]
    fn readings_lose_and_invent_nothing(steps in prop::collection::vec((1_i64..200_000, 0_u64..500), 2..60)) {
        let start: DateTime<Utc> = "2024-01-01T03:00:00Z".parse().unwrap();
        let mut reading = Reading { at: start, cumulative: CallsTotal::ZERO };
        let mut readings = vec![reading];
        for (seconds, calls) in steps {
            reading.at += TimeDelta::seconds(seconds);
            reading.cumulative = reading.cumulative.checked_add(Calls::new(calls).unwrap()).unwrap();
            readings.push(reading);
        }
        let Some(history) = History::from_readings(&readings) else { return Ok(()) };
        let sum: u64 = history.spans().iter().map(|span| span.calls.unwrap()).sum();
        prop_assert!(sum <= reading.cumulative.get());
        prop_assert!(history.spans().iter().all(|span| span.days >= 1));
        // Every day in full: none begins before the first reading or ends after the last.
        let end = history.first_day() + chrono::Days::new(u64::try_from(history.days()).unwrap());
        let midnight = |day| billing_core::time::beijing_midnight(day).unwrap();
        prop_assert!(start <= midnight(history.first_day()) && midnight(end) <= reading.at);
        let mut shuffled = readings;
        shuffled.reverse();
        prop_assert_eq!(History::from_readings(&shuffled), Some(history), "the order of the list does not matter");
    }
}
