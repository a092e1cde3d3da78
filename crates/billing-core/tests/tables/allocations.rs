//! Who gets how much of a bulk order.

use billing_core::allocate::{PACKS_MAX, Receiver, RetailPack, Share, allocate};
use billing_core::{Calls, CallsTotal, Days};

fn pack(calls: u64, days: u64) -> RetailPack {
    RetailPack { calls: Calls::new(calls).unwrap(), days: Days::new(days).unwrap() }
}

fn total(calls: u64) -> CallsTotal {
    Calls::new(calls).unwrap().into()
}

fn who(dry_in_days: impl Into<Option<u32>>, monthly: u64) -> Receiver {
    Receiver { dry_in_days: dry_in_days.into(), monthly: Calls::new(monthly).unwrap() }
}

/// One word a share: `1000x2`, `enough`, `pool`, `none`.
fn words(receivers: &[Receiver], packs: &[RetailPack], left: u64, cover_days: u32) -> String {
    let shares = allocate(receivers, packs, total(left), cover_days);
    let word = |share: Share| match share {
        Share::Enough => "enough".to_owned(),
        Share::Packs { pack, count, calls } => {
            assert_eq!(calls.get(), packs[pack].calls.get() * count);
            format!("{}x{count}", packs[pack].calls)
        }
        Share::PoolTooSmall => "pool".to_owned(),
        Share::NoPack => "none".to_owned(),
    };
    shares.into_iter().map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn whoever_runs_dry_first_is_served_first() {
    let packs = [pack(1_000, 365)];
    let receivers = [who(50, 900), who(3, 900), who(20, 300), who(None, 900), who(90, 900)];
    assert_eq!(words(&receivers, &packs, 10_000, 90), "1000x2 1000x3 1000x1 enough enough");
    // Three thousand: the first is carried through, the next does not fit in nothing.
    assert_eq!(words(&receivers, &packs, 3_000, 90), "pool 1000x3 pool enough enough");
    // Who needs too much does not keep back the one after it.
    assert_eq!(words(&receivers, &packs, 1_000, 90), "pool pool 1000x1 enough enough");
    assert_eq!(words(&[], &packs, 10, 90), "");
}

#[test]
fn the_packs_that_leave_the_fewest_calls_over_are_taken() {
    let packs = [pack(250, 90), pack(1_000, 365), pack(5_000, 365)];
    for (monthly, cover, expected) in [
        // Ninety days of a hundred a month are three hundred: two of 250 are nearest, and last ninety days.
        (100, 90, "250x2"),
        // One more day, and only packs of a year last.
        (100, 91, "1000x1"),
        // Of two that leave the same over, the one with fewer packs.
        (1_300, 90, "1000x4"),
        // Thirty-two of the small ones would be too many.
        (2_600, 90, "1000x8"),
        (1_600, 90, "5000x1"),
        (1_700, 90, "1000x6"),
        (10_000, 365, "none"),
    ] {
        let found = words(&[who(0, monthly)], &packs, 1_000_000, cover);
        assert_eq!(found, expected, "{monthly} a month for {cover} days");
    }
}

#[test]
fn where_no_pack_lasts_the_one_there_is_must_do() {
    assert_eq!(words(&[who(0, 100)], &[pack(250, 90)], 10_000, 180), "250x3");
    assert_eq!(words(&[who(0, 100)], &[], 10_000, 180), "none");
}

#[test]
fn who_is_dry_already_gets_something_even_with_no_pace() {
    assert_eq!(words(&[who(0, 0)], &[pack(250, 90)], 10_000, 30), "250x1");
    assert_eq!(words(&[who(0, 0)], &[pack(250, 90)], 10_000, 0), "enough");
}

#[test]
fn of_two_on_one_day_the_one_that_needs_less_comes_first() {
    let receivers = [who(5, 5_000), who(5, 100)];
    assert_eq!(words(&receivers, &[pack(1_000, 365)], 1_000, 35), "pool 1000x1");
}

#[test]
fn a_plan_of_many_accounts_never_hands_out_more_than_is_left() {
    let packs = [pack(1_000, 365), pack(250, 90), pack(10_000, 365)];
    let receivers: Vec<_> =
        (0..1_000_u32).map(|place| who(place * 7 % 200, u64::from(place) * 13 % 900)).collect();
    for left in [0, 999, 12_345, 1_000_000] {
        let given: u64 = allocate(&receivers, &packs, total(left), 120)
            .into_iter()
            .map(|share| match share {
                Share::Packs { calls, count, .. } => {
                    assert!((1..=PACKS_MAX).contains(&count));
                    calls.get()
                }
                Share::Enough | Share::PoolTooSmall | Share::NoPack => 0,
            })
            .sum();
        assert!(given <= left, "{given} of {left}");
    }
}
