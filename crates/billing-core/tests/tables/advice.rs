//! What to buy, and when (docs/billing-rules.md §10), at the volumes of real shops.

use crate::script::calls;
use billing_core::forecast;
use billing_core::plan::{Plan, PlanInput, PlanPack, solve};
use billing_core::recommend::{
    Advice, BreakEven, Buy, Dominated, Drawback, Reason, RecommendInput, break_even, compare, dominated,
    nothing_yet, recommend,
};
use billing_core::stock::{RemainingLot, RunOut, course};
use billing_core::{Capability, Tariff, Yuan};
use chrono::NaiveDate;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn price_list() -> Vec<PlanPack> {
    let packs = Tariff::embedded().packs(Capability::Quick, day("2024-01-01"));
    packs
        .into_iter()
        .map(|pack| PlanPack { id: pack.id.clone(), calls: pack.calls, days: pack.days, price: pack.price })
        .collect()
}

/// Ten years of `monthly` calls times `thirds` of three, spread evenly.
fn even(monthly: u64, thirds: u64) -> Vec<u64> {
    let until = |day: u64| monthly * 12 * thirds * day / 1_095;
    (0..3_650).map(|day| until(day + 1) - until(day)).collect()
}

/// A shop that uses about `monthly` calls, give or take a third.
fn input(monthly: u64, lots: Vec<RemainingLot>) -> RecommendInput {
    let today = day("2024-01-01");
    let at = |thirds| {
        let (days, _) = course(&even(monthly, thirds), &lots).ends?;
        Some(today + chrono::Days::new(u64::try_from(days).unwrap()))
    };
    RecommendInput {
        likely: even(monthly, 3),
        run_out: RunOut { earliest: at(4), likely: at(3), latest: at(2) },
        lots,
        packs: price_list(),
        bother: Yuan::ZERO,
        max_purchases: None,
        horizon_days: 365,
        first_day: today,
        today,
    }
}

/// The same where nothing is known of the time after the horizon: what is left then has no value.
fn a_year_only(monthly: u64) -> RecommendInput {
    let mut asked = input(monthly, vec![]);
    asked.likely.truncate(asked.horizon_days);
    asked
}

fn trial(left: &str) -> RemainingLot {
    RemainingLot { remaining: calls(left), usable_days: None }
}

fn buy(input: &RecommendInput) -> Buy {
    match recommend(input).unwrap() {
        Advice::Buy(buy) => buy,
        other => panic!("{other:?}"),
    }
}

/// [S3] The shop of the guide: 50 calls a month or fewer, the trial untouched.
#[test]
fn a_small_shop_with_its_trial_buys_nothing_yet() {
    let advice = recommend(&input(50, vec![trial("1000")])).unwrap();
    assert_eq!(
        advice,
        Advice::BuyNothing { look_again: day("2024-07-01"), lasts_until: Some(day("2025-08-31")) }
    );
}

#[test]
fn a_run_out_that_is_near_brings_the_date_to_look_again_nearer() {
    let advice = recommend(&input(300, vec![trial("1000")])).unwrap();
    let Advice::BuyNothing { look_again, lasts_until } = advice else { panic!("{advice:?}") };
    // 1,000 calls at 300 a month: 102 days; at 400 a month 77, less two weeks 63.
    assert_eq!((look_again, lasts_until), (day("2024-03-03"), Some(day("2024-04-11"))));
}

#[test]
fn with_nothing_left_the_cheapest_pack_is_bought_and_explained() {
    let advice = buy(&input(50, vec![trial("0")]));
    assert_eq!((advice.pack.as_str(), advice.cost.to_string().as_str()), ("q-365-1000", "30.00"));
    assert_eq!(advice.needed_on, day("2024-01-01"));
    assert!(advice.reasons.contains(&Reason::NothingLeft) && advice.reasons.contains(&Reason::Cheapest));
    let other = advice.runner_up.unwrap();
    let costs_more = Drawback::CostsMore("7.50".parse().unwrap());
    assert_eq!((other.pack.as_str(), other.drawback), ("q-90-250", costs_more), "five packs of 90 days");
}

#[test]
fn two_weeks_ahead_is_the_last_day_to_wait_for() {
    let ending = |usable_days| RemainingLot { remaining: calls("1000"), usable_days: Some(usable_days) };
    let advice = buy(&input(300, vec![ending(14)]));
    assert_eq!((advice.needed_on, advice.reasons[0]), (day("2024-01-15"), Reason::RunsOutSoon));
    let advice = recommend(&input(300, vec![ending(15)])).unwrap();
    let lasts_until = Some(day("2024-01-16"));
    assert_eq!(advice, Advice::BuyNothing { look_again: day("2024-01-02"), lasts_until });
}

#[test]
fn bother_turns_many_errands_into_one() {
    let mut asked = a_year_only(1500);
    let without = buy(&asked);
    asked.bother = "20.00".parse().unwrap();
    let with = buy(&asked);
    assert!(with.purchases.len() < without.purchases.len());
    assert!(with.money >= without.money);
}

#[test]
fn a_million_pays_off_above_933_333_calls_within_its_validity() {
    // 77,770 a month are 933,240 calls a year, ¥27,997.50 in small packs; 77,778 are 933,336, ¥28,005 in small packs.
    let below = buy(&a_year_only(77770));
    let above = buy(&a_year_only(77778));
    assert_eq!(above.pack, "q-365-1000000");
    assert_eq!(above.cost.to_string(), "28000.00");
    assert_eq!(above.reasons, [Reason::NothingLeft, Reason::Cheapest, Reason::OnceIsEnough]);
    assert_ne!(below.pack, "q-365-1000000");
    assert_eq!(below.cost.to_string(), "27997.50");
}

#[test]
fn a_limit_that_nothing_meets_is_said() {
    let mut asked = input(10_000_000, vec![]);
    asked.max_purchases = Some(1);
    assert_eq!(recommend(&asked).unwrap(), Advice::Cannot);
    asked.max_purchases = None;
    asked.packs.clear();
    assert_eq!(recommend(&asked).unwrap(), Advice::Cannot);
}

/// Two small packs just last the year; a thousand calls leave half of them for the next, and cost no more a call.
#[test]
fn what_is_left_after_the_year_has_its_value() {
    let lots = || vec![RemainingLot { remaining: calls("0"), usable_days: Some(1) }];
    // Usage stops for half a year and goes on at 80 a month: 480 calls within the horizon, more after it.
    let mut asked = input(80, lots());
    for day in asked.likely.iter_mut().take(182) {
        *day = 0;
    }
    asked.run_out = RunOut { earliest: Some(asked.today), likely: Some(day("2024-07-01")), latest: None };
    asked.bother = "5.00".parse().unwrap();
    let advice = buy(&asked);
    assert_eq!((advice.pack.as_str(), advice.purchases.len()), ("q-365-1000", 1));
    let other = advice.runner_up.unwrap();
    assert_eq!((other.pack.as_str(), other.drawback), ("q-90-250", Drawback::MoreErrands(2)));
    assert!(advice.reasons.contains(&Reason::FewestPurchases));
    // Were nothing known of the time after the horizon, only the year would count.
    asked.likely.truncate(365);
    asked.bother = Yuan::ZERO;
    assert_eq!(buy(&asked).pack, "q-90-250");
}

/// Four thousands against three and two of 250: an errand more at ¥5.00 saves ¥15.00, and leaves 500 calls less.
#[test]
fn what_saves_more_than_its_errands_is_worse_by_what_it_leaves() {
    let mut asked = input(300, vec![trial("100")]);
    asked.bother = "5.00".parse().unwrap();
    let advice = buy(&asked);
    let paid = |money: Yuan| money.to_string();
    assert_eq!((advice.pack.as_str(), paid(advice.money)), ("q-365-1000", "120.00".to_owned()));
    let other = compare(&asked).unwrap().plans.remove(1);
    assert_eq!((other.first.as_deref(), paid(other.money)), (Some("q-90-250"), "105.00".to_owned()));
    let runner_up = advice.runner_up.unwrap();
    assert_eq!((runner_up.pack.as_str(), runner_up.drawback), ("q-90-250", Drawback::LessLeft(500)));
    assert_eq!(advice.reasons, [Reason::RunsOutSoon, Reason::MostLeft]);
}

/// With an errand at its price nobody is sent for four small packs where one bigger one does.
#[test]
fn tiny_packs_are_not_advised_to_save_nothing() {
    for monthly in [60, 100, 172, 400, 900] {
        let asked = RecommendInput {
            bother: Yuan::from_fen(billing_core::recommend::BOTHER_FEN),
            ..input(monthly, vec![])
        };
        let advice = buy(&asked);
        assert!(advice.pack != "q-90-250", "{monthly}: {advice:?}");
        assert!(advice.purchases.len() <= 3, "{monthly}: {advice:?}");
    }
}

#[test]
fn the_same_packs_in_another_order_are_no_second_best() {
    for monthly in [50, 110, 172, 300, 450, 1500] {
        let asked = RecommendInput { bother: Yuan::from_fen(300), ..input(monthly, vec![]) };
        let compared = compare(&asked).unwrap();
        let Advice::Buy(buy) = &compared.advice else { panic!("{monthly}") };
        let plan_of =
            |pack: &str| compared.plans.iter().find(|plan| plan.first.as_deref() == Some(pack)).unwrap();
        let (best, other) = (plan_of(&buy.pack), plan_of(&buy.runner_up.as_ref().unwrap().pack));
        assert!(!other.has_packs_of(best), "{monthly}: {best:?} {other:?}");
        let between = compared.plans.iter().skip(1).take_while(|plan| *plan != other);
        assert!(between.into_iter().all(|plan| plan.has_packs_of(best)), "{monthly}");
    }
}

#[test]
fn packs_of_a_choice_are_counted_in_the_order_of_their_first_purchase() {
    let asked = a_year_only(700);
    let best = compare(&asked).unwrap().plans.remove(0);
    assert_eq!(best.packs().iter().map(|(_, times)| times).sum::<usize>(), best.purchases.len());
    assert_eq!(best.packs()[0].0, best.purchases[0].pack);
}

/// A reading of three days ago: what is needed meanwhile is needed today, and nobody is told to look again today.
#[test]
fn advice_from_an_older_reading_is_for_the_day_on_which_it_is_given() {
    let ending = |usable_days| RemainingLot { remaining: calls("1000"), usable_days: Some(usable_days) };
    let asked = |lots| RecommendInput { today: day("2024-01-04"), ..input(300, lots) };
    assert_eq!(buy(&asked(vec![trial("5")])).needed_on, day("2024-01-04"));
    assert_eq!(buy(&asked(vec![ending(17)])).needed_on, day("2024-01-18"), "two weeks from today");
    let advice = recommend(&asked(vec![ending(18)])).unwrap();
    let Advice::BuyNothing { look_again, .. } = advice else { panic!("{advice:?}") };
    assert_eq!(look_again, day("2024-01-05"));
    // Early in the band, but likely to last for years: nothing to do yet.
    let dates = RunOut { earliest: Some(day("2024-01-10")), likely: Some(day("2026-01-01")), latest: None };
    let Some(Advice::BuyNothing { look_again, .. }) = nothing_yet(dates, day("2024-01-04")) else { panic!() };
    assert_eq!(look_again, day("2024-01-18"));
}

/// What is left is named as it is: five calls are not nothing.
#[test]
fn only_nothing_is_called_nothing() {
    assert_eq!(buy(&input(300, vec![trial("5")])).reasons[0], Reason::RunsOutSoon);
    assert_eq!(buy(&input(300, vec![trial("0")])).reasons[0], Reason::NothingLeft);
}

/// Below a million calls every pack costs ¥0.03 a call: a bigger one buys only fewer errands.
#[test]
fn packs_that_another_choice_never_costs_more_than_are_named() {
    let named = |bother: &str| -> Vec<String> {
        let found = dominated(&price_list(), bother.parse().unwrap());
        found.into_iter().map(|Dominated { pack, by, times }| format!("{pack} by {times} x {by}")).collect()
    };
    assert_eq!(
        named("0"),
        [
            "q-365-5000 by 5 x q-365-1000",
            "q-365-10000 by 10 x q-365-1000",
            "q-365-50000 by 50 x q-365-1000",
            "q-365-100000 by 100 x q-365-1000",
            "q-365-500000 by 500 x q-365-1000",
            "q-365-5000000 by 5 x q-365-1000000",
        ]
    );
    assert!(named("5.00").is_empty(), "where errands cost, bigger packs have their place");
}

/// From how many calls a pack pays: pack, the smaller one it is held against, calls – without a bother and with one of 5.00.
#[test]
fn each_pack_has_its_break_even() {
    let rows = [
        ("q-365-1000", "q-90-250 -", "q-90-250 700"),
        ("q-365-5000", "q-365-1000 -", "q-365-1000 4428"),
        ("q-365-10000", "q-365-5000 -", "q-365-5000 9838"),
        ("q-365-50000", "q-365-10000 -", "q-365-10000 49344"),
        ("q-365-100000", "q-365-50000 -", "q-365-50000 99833"),
        ("q-365-500000", "q-365-100000 -", "q-365-100000 499334"),
        ("q-365-1000000", "q-365-500000 933333", "q-365-500000 933188"),
        ("q-365-5000000", "q-365-1000000 -", "q-365-1000000 4999285"),
        ("q-365-10000000", "q-365-5000000 9642857", "q-365-5000000 9642691"),
    ];
    let shown = |bother: &str| -> Vec<(String, String)> {
        let found = break_even(&price_list(), bother.parse().unwrap()).into_iter();
        found
            .map(|BreakEven { pack, against, above }| {
                (pack, format!("{against} {}", above.map_or("-".to_owned(), |calls| calls.to_string())))
            })
            .collect()
    };
    let expected = |column: fn(&(&str, &str, &str)) -> String| -> Vec<(String, String)> {
        rows.iter().map(|row| (row.0.to_owned(), column(row))).collect()
    };
    assert_eq!(shown("0"), expected(|row| row.1.to_owned()));
    assert_eq!(shown("5.00"), expected(|row| row.2.to_owned()));
}

/// Above its break-even a pack beats every plan of smaller ones. A little below, a million does not: small packs fit.
#[test]
fn above_its_break_even_a_pack_beats_every_plan_of_smaller_ones() {
    let packs = price_list();
    for BreakEven { pack, above, .. } in break_even(&packs, Yuan::ZERO) {
        let Some(above) = above else { continue };
        let pack = packs.iter().find(|known| known.id == pack).unwrap();
        let smaller: Vec<_> = packs.iter().filter(|other| other.calls < pack.calls).cloned().collect();
        let cost = |calls: u64| {
            let daily_demand = vec![u32::try_from(calls).unwrap()];
            let input = PlanInput {
                daily_demand,
                lots: vec![],
                packs: smaller.clone(),
                bother: Yuan::ZERO,
                max_purchases: None,
            };
            match solve(&input).unwrap() {
                Plan::Optimal(plan) => plan.cost,
                Plan::Infeasible => panic!("packs serve everything"),
            }
        };
        assert!(cost(above + 1) > pack.price, "{} at {above}", pack.id);
        assert!(pack.id != "q-365-1000000" || cost(above - 1_000) < pack.price);
    }
}

/// With an even demand no overlapping saves anything; the explanation says so.
#[test]
fn the_gap_is_part_of_the_explanation() {
    let advice = buy(&input(3000, vec![]));
    assert_eq!(advice.gap, Some(Yuan::ZERO));
}

/// Whatever is compared, the advice is that of a recommendation, and no plan beats the first.
#[test]
fn a_comparison_says_what_a_recommendation_says() {
    for monthly in [0, 50, 300, 1500, 10000] {
        for lots in [vec![], vec![trial("806")]] {
            let asked = input(monthly, lots);
            let compared = compare(&asked).unwrap();
            assert_eq!(compared.advice, recommend(&asked).unwrap(), "{monthly}");
            assert_eq!((compared.nothing.first, compared.nothing.money), (None, Yuan::ZERO));
            let best = compared.plans.first();
            assert!(compared.plans.iter().all(|plan| best.is_some_and(|best| {
                // What costs less or is fewer errands has less left for the time after.
                plan.cost >= best.cost || plan.used_later < best.used_later
            })));
            if let Advice::Buy(buy) = compared.advice {
                let best = &compared.plans[0];
                assert_eq!((best.first.as_deref(), best.cost), (Some(buy.pack.as_str()), buy.cost));
                let other = compared.plans.iter().find(|other| !other.has_packs_of(best)).unwrap();
                assert_eq!(other.first, buy.runner_up.map(|other| other.pack));
            }
        }
    }
}

/// What nothing bought wastes is what the lots have left at their ends.
#[test]
fn buying_nothing_wastes_what_the_lots_cannot_serve() {
    let ends = RemainingLot { remaining: calls("1000"), usable_days: Some(10) };
    let lasts = RemainingLot { remaining: calls("5000"), usable_days: Some(400) };
    let compared = compare(&input(365, vec![ends, lasts])).unwrap();
    // 12 calls a day: 120 of the first, then 355 days of the second.
    assert_eq!((compared.nothing.wasted, compared.nothing.left_at_end), (880, 5_000 - 355 * 12));
    assert_eq!(compared.plans, [], "nothing has to be bought");
}

/// Advice from a forecast starts from the forecast's own dates, and cannot plan further than it reaches.
#[test]
fn a_forecast_gives_its_dates_to_the_advice() {
    let forecast = |average: &str, horizon: usize| {
        let text =
            format!(r#"{{ "first_day": "2024-01-01", "monthly_average": {average}, "horizon": {horizon} }}"#);
        forecast::forecast(&forecast::parse(text.as_bytes()).unwrap()).unwrap()
    };
    let asked = |forecast: &forecast::Forecast, lots: Vec<RemainingLot>| RecommendInput {
        likely: forecast.likely_days(),
        run_out: forecast::run_out(forecast, &lots),
        ..input(1, lots)
    };
    let year = forecast("300", 730);
    let lots = vec![trial("1000")];
    let dates = forecast::run_out(&year, &lots);
    let compared = compare(&asked(&year, lots.clone())).unwrap();
    assert_eq!(compared.run_out, dates);
    let Advice::BuyNothing { look_again, lasts_until } = &compared.advice else {
        panic!("{:?}", compared.advice)
    };
    assert_eq!((Some(*look_again + chrono::Days::new(14)), *lasts_until), (dates.earliest, dates.likely));
    assert_eq!(nothing_yet(dates, day("2024-01-01")).as_ref(), Some(&compared.advice));

    // With nothing left the plan serves the likely days, whole packs of them.
    let bought = buy(&asked(&year, vec![trial("0")]));
    let likely: u64 = year.likely_days().iter().take(365).sum();
    assert_eq!(bought.needed_on, day("2024-01-01"));
    let packs = price_list();
    let calls_of = |id: &str| packs.iter().find(|pack| pack.id == id).unwrap().calls.get();
    let served: u64 = bought.purchases.iter().map(|purchase| calls_of(&purchase.pack)).sum();
    assert!((likely..likely + 1_000).contains(&served), "{served} for {likely}");
    assert_eq!(bought.lasts_days.min(365), 365);

    let short = forecast("300", 364);
    assert!(recommend(&asked(&short, vec![])).is_err());
}
