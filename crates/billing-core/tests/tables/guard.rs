//! What the guard does, case by case (docs/billing-rules.md §18).

use billing_core::guard::{Cover, Decision, Measure, Phase, Pool, Rule, Sight, Why, decide, probably_used};
use billing_core::situation::Mode::{Authorized, Manual};

use crate::sights::sight;

use Decision::{Nothing, SwitchBack, SwitchToManual};

/// Acts below 200 calls, goes back at 500, four times a day.
fn calls() -> Rule {
    Rule::new(Measure::Calls, (200, 500), 4, None).unwrap()
}

#[test]
fn a_rule_has_two_thresholds_in_order_and_a_way_back() {
    let rule = |measure, thresholds, acts, pool| Rule::new(measure, thresholds, acts, pool).is_some();
    assert!(rule(Measure::Calls, (200, 500), 2, Some(1)));
    assert!(rule(Measure::Days, (1, 365), 20, None));
    for (measure, thresholds, acts, pool) in [
        (Measure::Calls, (0, 500), 2, None),
        (Measure::Calls, (500, 500), 2, None),
        (Measure::Days, (3, 366), 2, None),
        (Measure::Calls, (200, 1_000_000_001), 2, None),
        (Measure::Calls, (200, 500), 1, None),
        (Measure::Calls, (200, 500), 21, None),
        (Measure::Calls, (200, 500), 2, Some(0)),
    ] {
        assert!(!rule(measure, thresholds, acts, pool), "{measure:?} {thresholds:?} {acts} {pool:?}");
    }
}

#[test]
fn thresholds_are_crossed_downwards_by_use_and_upwards_by_a_refill_only() {
    let acted = Phase::Acted { low: 199 };
    let rows = [
        (Authorized, Phase::Armed, 200, Nothing(Why::Enough), Phase::Armed),
        (Authorized, Phase::Armed, 199, SwitchToManual, acted),
        (Authorized, Phase::Armed, 0, SwitchToManual, Phase::Acted { low: 0 }),
        (Manual, acted, 199, Nothing(Why::WaitsForRefill), acted),
        (Manual, acted, 0, Nothing(Why::WaitsForRefill), acted),
        (Manual, acted, 499, Nothing(Why::WaitsForRefill), acted),
        (Manual, acted, 500, SwitchBack, Phase::Armed),
        // As many as when it acted is no refill.
        (Manual, Phase::Acted { low: 500 }, 500, Nothing(Why::WaitsForRefill), Phase::Acted { low: 500 }),
        // Carried out, but not written down before a crash.
        (Authorized, acted, 700, Nothing(Why::Enough), Phase::Armed),
        (Authorized, acted, 150, SwitchToManual, Phase::Acted { low: 150 }),
    ];
    for (mode, phase, remaining, decision, next) in rows {
        let found = decide(&calls(), phase, &sight(mode, remaining));
        assert_eq!(found, (decision, next), "{mode:?} {phase:?} {remaining}");
    }
}

#[test]
fn what_is_not_known_is_no_zero_and_old_figures_bring_nobody_back() {
    let unknown = Nothing(Why::Unknown);
    let at = |sight: Sight| decide(&calls(), Phase::Armed, &sight).0;
    assert_eq!(at(Sight { remaining: None, ..sight(Authorized, 0) }), unknown);
    assert_eq!(at(Sight { mode: None, ..sight(Authorized, 0) }), unknown);
    // Of old figures the careful side counts: 210 are left less what was used since.
    assert_eq!(at(Sight { used_since: 11, is_fresh: false, ..sight(Authorized, 210) }), SwitchToManual);
    let acted = Phase::Acted { low: 10 };
    let old = Sight { is_fresh: false, ..sight(Manual, 900) };
    assert_eq!(decide(&calls(), acted, &old), (Nothing(Why::WaitsForRefill), acted));
    assert_eq!(probably_used(Some(300), 60), 1);
    assert_eq!(probably_used(Some(43_200), 60), 120, "twice the usual pace");
    assert_eq!(probably_used(None, 60), 0);
}

#[test]
fn days_of_cover_count_where_the_shop_wants_it_so() {
    let rule = Rule::new(Measure::Days, (3, 14), 4, None).unwrap();
    let acted = Phase::Acted { low: 20 };
    let rows = [
        (Authorized, Phase::Armed, Cover::Unknown, Nothing(Why::Unknown)),
        (Authorized, Phase::Armed, Cover::Long, Nothing(Why::Enough)),
        (Authorized, Phase::Armed, Cover::Days(3), Nothing(Why::Enough)),
        (Authorized, Phase::Armed, Cover::Days(2), SwitchToManual),
        (Manual, acted, Cover::Days(13), Nothing(Why::WaitsForRefill)),
        (Manual, acted, Cover::Days(14), SwitchBack),
        (Manual, acted, Cover::Long, SwitchBack),
        // Nobody uses anything while members type: longer cover alone is no refill.
        (Manual, Phase::Acted { low: 30 }, Cover::Long, Nothing(Why::WaitsForRefill)),
    ];
    for (mode, phase, cover, decision) in rows {
        let found = decide(&rule, phase, &Sight { cover, ..sight(mode, 30) }).0;
        assert_eq!(found, decision, "{mode:?} {cover:?}");
    }
    let dry = Sight { cover: Cover::Unknown, ..sight(Authorized, 0) };
    assert_eq!(decide(&rule, Phase::Armed, &dry).0, SwitchToManual, "nothing left needs no forecast");
}

#[test]
fn what_a_person_did_stands() {
    let by_others = |mode, remaining| Sight { changed_by_others: true, ..sight(mode, remaining) };
    let rows = [
        // Manual by a person stays, whatever is left.
        (Phase::Armed, by_others(Manual, 900), Why::ManualByPerson, Phase::Armed),
        (Phase::Armed, sight(Manual, 10), Why::ManualByPerson, Phase::Armed),
        (Phase::Acted { low: 9 }, by_others(Manual, 900), Why::ManualByPerson, Phase::Armed),
        // Authorised by a person with little left: their decision for this low.
        (Phase::Armed, by_others(Authorized, 150), Why::AuthorizedByPerson, Phase::StoodDown { low: 150 }),
        (
            Phase::Acted { low: 199 },
            by_others(Authorized, 199),
            Why::AuthorizedByPerson,
            Phase::StoodDown { low: 199 },
        ),
        (
            Phase::StoodDown { low: 199 },
            sight(Authorized, 3),
            Why::AuthorizedByPerson,
            Phase::StoodDown { low: 199 },
        ),
        // With enough left it is the usual state; a refill ends the wait.
        (Phase::Armed, by_others(Authorized, 900), Why::Enough, Phase::Armed),
        (Phase::StoodDown { low: 199 }, sight(Authorized, 700), Why::Enough, Phase::Armed),
        (Phase::Acted { low: 199 }, by_others(Authorized, 700), Why::Enough, Phase::Armed),
    ];
    for (phase, sight, why, next) in rows {
        assert_eq!(decide(&calls(), phase, &sight), (Nothing(why), next), "{phase:?} {sight:?}");
    }
}

#[test]
fn the_last_act_of_a_day_is_for_the_customers() {
    let acted = Phase::Acted { low: 10 };
    let on = |mode, phase, remaining, acts_today| {
        decide(&calls(), phase, &Sight { acts_today, ..sight(mode, remaining) }).0
    };
    assert_eq!(on(Manual, acted, 900, 2), SwitchBack);
    assert_eq!(on(Manual, acted, 900, 3), Nothing(Why::DailyLimit));
    assert_eq!(on(Authorized, Phase::Armed, 10, 3), SwitchToManual);
    assert_eq!(on(Authorized, Phase::Armed, 10, 4), Nothing(Why::DailyLimit));
}

#[test]
fn the_pool_comes_first_where_the_shop_allows_it() {
    let rule = Rule::new(Measure::Calls, (200, 500), 4, Some(1_000)).unwrap();
    let pool = || Pool {
        left: 5_000,
        packs: vec![250, 400, 1_000],
        allocated_today: 0,
        refused_today: false,
        waiting_minutes: None,
    };
    let acted = Phase::Acted { low: 150 };
    let allocate = |pack, calls| Decision::Allocate { pack, calls };
    let rows = [
        (Authorized, Phase::Armed, 150, pool(), 0, allocate(1, 400)),
        (Authorized, Phase::Armed, 250, pool(), 0, Nothing(Why::Enough)),
        // Less than half of the threshold: customers first, then the pool.
        (Authorized, Phase::Armed, 99, pool(), 0, SwitchToManual),
        (Manual, acted, 99, pool(), 1, allocate(2, 1_000)),
        // The largest that is allowed where all are too small.
        (Authorized, Phase::Armed, 150, Pool { allocated_today: 700, ..pool() }, 1, allocate(0, 250)),
        (Authorized, Phase::Armed, 150, Pool { left: 260, ..pool() }, 0, allocate(0, 250)),
        (Authorized, Phase::Armed, 150, Pool { left: 200, ..pool() }, 0, SwitchToManual),
        (Authorized, Phase::Armed, 150, Pool { allocated_today: 1_000, ..pool() }, 0, SwitchToManual),
        (Authorized, Phase::Armed, 150, Pool { refused_today: true, ..pool() }, 0, SwitchToManual),
        (Authorized, Phase::Armed, 150, Pool { packs: vec![], ..pool() }, 0, SwitchToManual),
        (Authorized, Phase::Armed, 150, pool(), 3, SwitchToManual),
        // On its way: half of the threshold lasts an hour, or members type meanwhile.
        (
            Authorized,
            Phase::Armed,
            150,
            Pool { waiting_minutes: Some(59), ..pool() },
            1,
            Nothing(Why::WaitsForAllocation),
        ),
        (Authorized, Phase::Armed, 150, Pool { waiting_minutes: Some(60), ..pool() }, 1, SwitchToManual),
        (Authorized, Phase::Armed, 99, Pool { waiting_minutes: Some(1), ..pool() }, 1, SwitchToManual),
        (
            Manual,
            acted,
            99,
            Pool { waiting_minutes: Some(90), ..pool() },
            2,
            Nothing(Why::WaitsForAllocation),
        ),
        (Manual, acted, 99, Pool { refused_today: true, ..pool() }, 2, Nothing(Why::WaitsForRefill)),
        (Manual, acted, 99, pool(), 3, Nothing(Why::WaitsForRefill)),
    ];
    for (number, (mode, phase, remaining, pool, acts_today, decision)) in rows.into_iter().enumerate() {
        let sight = Sight { pool: Some(pool), acts_today, ..sight(mode, remaining) };
        assert_eq!(decide(&rule, phase, &sight).0, decision, "row {number}");
    }
    let unasked = Sight { pool: Some(pool()), ..sight(Authorized, 150) };
    assert_eq!(decide(&calls(), Phase::Armed, &unasked).0, SwitchToManual, "not allowed by the rule");
    let days = Rule::new(Measure::Days, (3, 30), 4, Some(1_000)).unwrap();
    // 30 days at 300 a month, less what is there.
    let sight = Sight { pool: Some(pool()), cover: Cover::Days(2), ..sight(Authorized, 20) };
    assert_eq!(decide(&days, Phase::Armed, &sight).0, allocate(1, 400));
}

#[test]
fn how_soon_it_may_become_low() {
    let low_in = |rule: &Rule, sight: &Sight| rule.minutes_until_low(sight);
    assert_eq!(low_in(&calls(), &sight(Authorized, 199)), Some(0));
    // 300 a month are 10 a day.
    assert_eq!(low_in(&calls(), &sight(Authorized, 210)), Some(1_440));
    assert_eq!(low_in(&calls(), &Sight { monthly: None, ..sight(Authorized, 210) }), None);
    assert_eq!(low_in(&calls(), &Sight { monthly: Some(0), ..sight(Authorized, 210) }), None);
    let days = Rule::new(Measure::Days, (3, 14), 4, None).unwrap();
    let with = |cover| Sight { cover, ..sight(Authorized, 210) };
    assert_eq!(low_in(&days, &with(Cover::Days(5))), Some(2_880));
    assert_eq!(low_in(&days, &with(Cover::Unknown)), None);
    let near = |phase, remaining| calls().is_near(phase, &sight(Authorized, remaining));
    assert!(near(Phase::Armed, 499) && near(Phase::Acted { low: 1 }, 900) && !near(Phase::Armed, 500));
}
