//! docs/billing-rules.md §10: what cumulative readings say of days, and when lots run out.

use crate::script::calls;
use billing_core::forecast::{
    ForecastInput, History, Method, Reading, Span, fit, forecast, likely_course, parse, risk, run_out,
};
use billing_core::plan::{PlanPack, Purchase};
use billing_core::stock::RemainingLot;
use billing_core::{CallsTotal, Days, Yuan, time};
use chrono::NaiveDate;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// One reading a line: Beijing time and the cumulative figure.
fn readings(table: &str) -> Vec<Reading> {
    let lines = table.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (at, cumulative) = line.rsplit_once(' ').unwrap();
            let at = time::parse_instant(&format!("{}+08:00", at.trim().replace(' ', "T"))).unwrap();
            Reading { at, cumulative: CallsTotal::from(calls(cumulative)) }
        })
        .collect()
}

/// The first day, and one word a span: calls, `?` if not known, `/days` if more than one.
fn told(table: &str) -> String {
    let Some(history) = History::from_readings(&readings(table)) else { return "nothing".to_owned() };
    let word = |span: &Span| {
        let calls = span.calls.map_or_else(|| "?".to_owned(), |calls| calls.to_string());
        if span.days == 1 { calls } else { format!("{calls}/{}", span.days) }
    };
    let words: Vec<String> = history.spans().iter().map(word).collect();
    format!("{}: {}", history.first_day(), words.join(" "))
}

#[test]
fn a_reading_at_every_midnight_tells_every_day() {
    let table = "2024-01-01 00:00:00 100
                 2024-01-02 00:00:00 110
                 2024-01-03 00:00:00 110
                 2024-01-04 00:00:00 125";
    assert_eq!(told(table), "2024-01-01: 10 0 15");
}

#[test]
fn between_two_readings_a_midnight_is_interpolated() {
    // 40 calls in 16 hours, 6 of them before midnight; then 24 calls in 24 hours, 10 of them before midnight.
    let table = "2024-01-01 18:00:00 1000
                 2024-01-02 10:00:00 1040
                 2024-01-02 14:00:00 1050
                 2024-01-03 14:00:00 1074";
    assert_eq!(told(table), "2024-01-02: 45");
}

#[test]
fn the_days_of_the_first_and_the_last_reading_are_seen_in_part_and_left_out() {
    let table = "2024-01-01 09:00:00 500
                 2024-01-01 12:00:00 900
                 2024-01-02 00:00:00 900
                 2024-01-03 00:00:00 907
                 2024-01-03 23:59:59 999";
    assert_eq!(told(table), "2024-01-02: 7");
    assert_eq!(told("2024-01-01 09:00:00 5\n2024-01-01 23:59:59 9"), "nothing");
    assert_eq!(told("2024-01-01 00:00:00 5"), "nothing");
    assert_eq!(told(""), "nothing");
}

/// A weekend without the app: what was used between is one sum, as nobody knows on which day.
#[test]
fn days_between_readings_far_apart_are_one_span() {
    let table = "2024-01-04 18:00:00 0
                 2024-01-05 18:00:00 24
                 2024-01-08 09:00:00 87
                 2024-01-08 18:00:00 96
                 2024-01-09 06:00:00 108";
    // Midnights before the 5th and the 9th are known: 6 and 102 calls.
    assert_eq!(told(table), "2024-01-05: 96/4");
}

#[test]
fn a_midnight_read_exactly_is_known_however_far_the_next_reading_is() {
    let table = "2024-01-01 00:00:00 0
                 2024-01-02 00:00:00 5
                 2024-01-12 00:00:00 55
                 2024-01-13 00:00:00 56";
    assert_eq!(told(table), "2024-01-01: 5 50/10 1");
}

/// A figure that falls is a new count, not usage below nothing: what happened between is unknown.
#[test]
fn a_figure_that_falls_is_a_reset() {
    let table = "2024-01-01 00:00:00 800
                 2024-01-02 00:00:00 810
                 2024-01-02 12:00:00 5
                 2024-01-03 00:00:00 9
                 2024-01-04 00:00:00 20";
    assert_eq!(told(table), "2024-01-01: 10 ? 11");
}

#[test]
fn the_same_instant_twice_is_no_division_by_nothing() {
    let table = "2024-01-01 00:00:00 1
                 2024-01-01 00:00:00 1
                 2024-01-02 00:00:00 4
                 2024-01-02 00:00:00 6
                 2024-01-03 00:00:00 9";
    let told = told(table);
    assert!(told.starts_with("2024-01-01: "), "{told}");
}

/// Ten calls on each of 90 days: an account with 400 left lasts about 40 days.
fn steady() -> ForecastInput {
    let daily = ["10"; 90].join(",");
    parse(format!(r#"{{ "first_day": "2024-01-01", "daily": [{daily}], "horizon": 60 }}"#).as_bytes())
        .unwrap()
}

#[test]
fn lots_run_out_between_the_dates_of_the_band() {
    let forecast = forecast(&steady()).unwrap();
    assert_eq!(forecast.method, Method::WeekdayLevel);
    let dates = run_out(&forecast, &[RemainingLot { remaining: calls("400"), usable_days: None }]);
    // Forecasts start on 31 March; the call after the 400th arrives on the 41st day, give or take.
    let [earliest, likely, latest] = [dates.earliest, dates.likely, dates.latest].map(Option::unwrap);
    assert!(day("2024-04-28") <= earliest && earliest < likely, "{earliest}");
    assert!(day("2024-05-08") <= likely && likely <= day("2024-05-12"), "{likely}");
    assert!(likely < latest && latest <= day("2024-05-22"), "{latest}");
    let plenty = run_out(&forecast, &[RemainingLot { remaining: calls("100000"), usable_days: None }]);
    assert_eq!((plenty.earliest, plenty.latest), (None, None), "not within the forecast");
}

#[test]
fn what_a_lot_cannot_serve_before_its_end_is_wasted() {
    let forecast = forecast(&steady()).unwrap();
    let lots = [
        RemainingLot { remaining: calls("1000"), usable_days: Some(30) },
        RemainingLot { remaining: calls("50"), usable_days: Some(10) },
        RemainingLot { remaining: calls("1000"), usable_days: Some(61) },
        RemainingLot { remaining: calls("20"), usable_days: None },
    ];
    let wasted = likely_course(&forecast, &lots).wasted;
    // The trial serves 20, then the lot that ends first all of its 50; about 230 of the 1,000 remain for the next.
    assert_eq!((wasted[1], wasted[2], wasted[3]), (Some(0), None, None));
    let first = wasted[0].unwrap();
    assert!((750..=790).contains(&first), "{first}");
}

/// WeChat's average is of use while there are only days; four weeks of days speak for themselves.
#[test]
fn an_average_counts_as_long_as_days_are_few() {
    let p50 = |daily: usize, average: &str| {
        let daily = vec!["10"; daily].join(",");
        let text = format!(r#"{{ "first_day": "2024-01-01", "daily": [{daily}], {average} "horizon": 30 }}"#);
        let forecast = forecast(&parse(text.as_bytes()).unwrap()).unwrap();
        (forecast.method, forecast.cumulative[29].band().p50)
    };
    let much = r#""monthly_average": 900,"#;
    let ((few, without), (_, with)) = (p50(5, ""), p50(5, much));
    assert_eq!(few, Method::FewDays);
    assert!(with > without + 30.0, "{with} against {without}");
    assert_eq!(p50(28, ""), p50(28, much));
    assert_eq!(p50(28, "").0, Method::WeekdayLevel);
    assert_eq!(p50(0, much).0, Method::MonthlyAverage);
    assert_eq!(p50(0, r#""monthly_average": 50,"#).0, Method::MonthlyAtMost);
}

#[test]
fn the_day_of_the_last_reading_is_told_as_far_as_it_is_known() {
    let so_far = |table: &str| History::so_far(&readings(table));
    assert_eq!(so_far("2024-01-01 18:00:00 10\n2024-01-02 06:00:00 22\n2024-01-02 09:00:00 25"), Some(9));
    assert_eq!(so_far("2024-01-02 00:00:00 10"), None);
    assert_eq!(so_far("2024-01-01 00:00:00 10\n2024-01-02 00:00:00 12"), Some(0));
    // Too far apart: nobody knows what was used on the last day. After a reset neither.
    assert_eq!(so_far("2024-01-01 18:00:00 10\n2024-01-05 06:00:00 22"), None);
    assert_eq!(so_far("2024-01-01 18:00:00 10\n2024-01-02 06:00:00 3"), None);
    assert_eq!(so_far(""), None);
}

#[test]
fn a_history_can_be_followed_by_days_nobody_knows() {
    let known = History::daily(day("2024-01-01"), &[Some(3), Some(4)]).unwrap();
    let spans = |until: &str| known.clone().followed_until(day(until)).spans().to_vec();
    assert_eq!(spans("2024-01-05")[2], Span { days: 2, calls: None });
    assert_eq!((spans("2024-01-03").len(), spans("2023-01-03").len()), (2, 2));
}

#[test]
fn periods_hold_what_their_days_hold() {
    let daily: Vec<Option<u32>> = (0..90).map(|day| Some(10 + day % 3)).collect();
    let input = ForecastInput {
        history: History::daily(day("2024-01-01"), &daily).unwrap(),
        monthly_average: None,
        horizon: 60,
        closed: [].into(),
        campaigns: vec![],
    };
    let fitted = fit(&input).unwrap();
    let forecast = fitted.forecast();
    let first = forecast.days[0].day;
    let after = |days: u64| first.checked_add_days(chrono::Days::new(days)).unwrap();
    // One period of everything is the cumulative band; single days are the days' bands.
    let whole = fitted.periods(&[first]);
    let last = forecast.cumulative[59].band();
    assert_eq!((whole[0].p10, whole[0].p50, whole[0].p90), (last.p10, last.p50, last.p90));
    assert_eq!(fitted.periods(&[first, after(1)])[0], forecast.days[0]);
    // Weeks: the middle is about the days' sum.
    let weeks: Vec<_> = (0..8).map(|week| after(7 * week)).collect();
    let found = fitted.periods(&weeks);
    assert_eq!(found.len(), 8);
    for (week, band) in found.iter().enumerate().take(7) {
        assert!((60.0..100.0).contains(&band.p50), "{week}: {band:?}");
        assert!(band.p10 < band.p50 && band.p50 < band.p90, "{week}: {band:?}");
    }
    // Nothing is said of days that are not forecast.
    assert!(fitted.periods(&[after(60)]).is_empty());
    assert!(fitted.periods(&[]).is_empty());
}

/// The chance of running out falls with what is bought, from all but certain to smaller than can be told.
#[test]
fn what_is_bought_makes_running_out_less_likely() {
    let text = br#"{ "first_day": "2024-01-01", "monthly_average": 300, "horizon": 365 }"#;
    let forecast = forecast(&parse(text).unwrap()).unwrap();
    let pack = |calls_in: &str| PlanPack {
        id: calls_in.to_owned(),
        calls: calls(calls_in),
        days: Days::new(365).unwrap(),
        price: Yuan::ZERO,
    };
    let packs = [pack("1000"), pack("5000")];
    let lots = [RemainingLot { remaining: calls("500"), usable_days: None }];
    let bought = |names: &[&str]| -> Vec<Purchase> {
        names.iter().map(|name| Purchase { day: 0, pack: (*name).to_owned() }).collect()
    };
    let percent = |names: &[&str]| risk(&forecast, &lots, &packs, &bought(names)).at_most_percent;
    assert_eq!(percent(&[]), 100);
    assert_eq!(percent(&["5000", "5000"]), 5);
    let steps = [
        percent(&[]),
        percent(&["1000"; 2]),
        percent(&["1000"; 3]),
        percent(&["1000"; 4]),
        percent(&["5000"; 2]),
    ];
    assert!(steps.is_sorted_by(|more, less| more >= less), "{steps:?}");
    assert!((20..=80).contains(&percent(&["1000"; 3])), "{steps:?}: 3,500 calls for about 3,600");
    let nothing = risk(&forecast, &lots, &packs, &[]);
    assert_eq!(nothing.from, run_out(&forecast, &lots).earliest);
}
