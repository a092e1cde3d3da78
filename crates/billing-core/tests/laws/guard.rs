//! The guard over generated days: what it promises (docs/billing-rules.md §18) holds whatever happens.

use billing_core::guard::{Decision, Measure, Phase, Pool, Rule, Sight, decide};
use billing_core::situation::Mode;
use proptest::prelude::*;

use crate::sights::sight;

/// What happens between two looks.
#[derive(Debug, Clone)]
enum Happens {
    /// Customers; those who authorise use calls.
    Use(u64),
    Refill(u64),
    Switch(Mode),
    Midnight,
    /// The last allocation arrives.
    Arrives,
    /// The next look knows nothing.
    Unread,
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        8 => (0_u64..120).prop_map(Happens::Use),
        2 => (1_u64..1_500).prop_map(Happens::Refill),
        1 => prop_oneof![Just(Mode::Manual), Just(Mode::Authorized)].prop_map(Happens::Switch),
        2 => Just(Happens::Midnight),
        2 => Just(Happens::Arrives),
        1 => Just(Happens::Unread),
    ]
}

fn rule() -> impl Strategy<Value = Rule> {
    let pool = prop::option::of(1_u64..2_000);
    (1_u64..300, 1_u64..500, 2_u32..8, pool).prop_map(|(act_below, more, acts, pool)| {
        Rule::new(Measure::Calls, (act_below, act_below + more), acts, pool).unwrap()
    })
}

proptest! {
    #[test]
    fn no_more_acts_a_day_than_allowed_and_never_against_a_person(
        rule in rule(),
        days in prop::collection::vec(happens(), 1..200),
    ) {
        let acts_a_day = (2..=20).find(|acts| {
            let at_limit = Sight { acts_today: *acts, ..sight(Mode::Authorized, 0) };
            matches!(decide(&rule, Phase::Armed, &at_limit).0, Decision::Nothing(_))
        }).unwrap();
        let (mut mode, mut remaining, mut phase) = (Mode::Authorized, 1_000_u64, Phase::Armed);
        let (mut acts, mut allocated, mut on_the_way) = (0, 0, None::<u64>);
        // Whether the mode in force is the guard's own doing, and how many were left then.
        let mut own_manual = None;
        let mut persons_low = None::<u64>;
        for what in days {
            let (mut by_others, mut unread) = (false, false);
            match what {
                Happens::Use(calls) if mode == Mode::Authorized => remaining = remaining.saturating_sub(calls),
                Happens::Use(_) => {}
                Happens::Refill(calls) => remaining += calls,
                Happens::Switch(to) => {
                    by_others = to != mode;
                    if by_others {
                        own_manual = None;
                        persons_low = (to == Mode::Authorized).then_some(remaining);
                    }
                    mode = to;
                }
                Happens::Midnight => (acts, allocated) = (0, 0),
                Happens::Arrives => remaining += on_the_way.take().unwrap_or(0),
                Happens::Unread => unread = true,
            }
            let seen = Sight {
                remaining: (!unread).then_some(remaining),
                changed_by_others: by_others,
                acts_today: acts,
                pool: Some(Pool {
                    left: 5_000,
                    packs: vec![100, 250, 1_000],
                    allocated_today: allocated,
                    refused_today: false,
                    waiting_minutes: on_the_way.map(|_| 30),
                }),
                ..sight(mode, remaining)
            };
            let (decision, next) = decide(&rule, phase, &seen);
            phase = next;
            prop_assert!(!unread || matches!(decision, Decision::Nothing(_)));
            match decision {
                Decision::Nothing(_) => {}
                Decision::Allocate { calls, .. } => {
                    prop_assert!(on_the_way.is_none());
                    on_the_way = Some(calls);
                    allocated += calls;
                }
                Decision::SwitchToManual => {
                    prop_assert_eq!(mode, Mode::Authorized);
                    // A person's wish for this low stands until a refill.
                    prop_assert!(!by_others || persons_low.is_none());
                    mode = Mode::Manual;
                    own_manual = Some(remaining);
                }
                Decision::SwitchBack => {
                    prop_assert_eq!(mode, Mode::Manual);
                    let low = own_manual.take();
                    prop_assert!(low.is_some_and(|low| remaining > low), "{:?} {}", low, remaining);
                    mode = Mode::Authorized;
                    prop_assert!(acts + 1 < acts_a_day, "the last act is for the customers");
                }
            }
            if !matches!(decision, Decision::Nothing(_)) {
                acts += 1;
            }
            prop_assert!(acts <= acts_a_day);
        }
    }

    #[test]
    fn a_reading_that_stays_is_acted_on_once(rule in rule(), remaining in 0_u64..1_000, start in any::<bool>()) {
        let mut mode = Mode::Authorized;
        let mut phase = if start { Phase::Armed } else { Phase::Acted { low: remaining } };
        let mut switches = 0;
        for _ in 0..20 {
            // A new day each time, so that no limit hides a change of mind.
            let (decision, next) = decide(&rule, phase, &sight(mode, remaining));
            phase = next;
            match decision {
                Decision::SwitchToManual => (mode, switches) = (Mode::Manual, switches + 1),
                Decision::SwitchBack => (mode, switches) = (Mode::Authorized, switches + 1),
                Decision::Allocate { .. } | Decision::Nothing(_) => {}
            }
        }
        prop_assert!(switches <= 1);
    }

    #[test]
    fn fewer_calls_never_make_it_bolder(rule in rule(), more in 0_u64..2_000, fewer in 0_u64..2_000) {
        prop_assume!(fewer <= more);
        let is_manual = |remaining| decide(&rule, Phase::Armed, &sight(Mode::Authorized, remaining)).0
            == Decision::SwitchToManual;
        prop_assert!(!is_manual(more) || is_manual(fewer));
    }
}
