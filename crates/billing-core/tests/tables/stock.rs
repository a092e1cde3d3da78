//! What the lots of an account come to, if nothing is bought.

use crate::script::calls;
use billing_core::stock::{Course, EndedBy, RemainingLot, course, wasted_if_bought_now};

fn lot(left: &str, usable_days: Option<u32>) -> RemainingLot {
    RemainingLot { remaining: calls(left), usable_days }
}

/// A name, the lots; then the end and what brought it, and what each lot wastes.
type Row = (&'static str, Vec<RemainingLot>, Option<(usize, EndedBy)>, Vec<Option<u64>>);

#[test]
fn use_or_expiry_brings_the_end() {
    let rows: [Row; 11] = [
        ("nothing at all", vec![], Some((0, EndedBy::Use)), vec![]),
        ("a trial is used up", vec![lot("25", None)], Some((2, EndedBy::Use)), vec![None]),
        ("a lot is used up", vec![lot("25", Some(9))], Some((2, EndedBy::Use)), vec![Some(0)]),
        ("a lot ends", vec![lot("25", Some(2))], Some((2, EndedBy::Expiry)), vec![Some(5)]),
        (
            "the last lot is used up, an earlier one ended",
            vec![lot("25", Some(2)), lot("10", Some(9))],
            Some((3, EndedBy::Use)),
            vec![Some(5), Some(0)],
        ),
        (
            "the last lot ends, an earlier one is used up",
            vec![lot("5", Some(2)), lot("90", Some(4))],
            Some((4, EndedBy::Expiry)),
            vec![Some(0), Some(55)],
        ),
        (
            "the trial is used up, the last lot ends",
            vec![lot("15", None), lot("90", Some(4))],
            Some((4, EndedBy::Expiry)),
            vec![None, Some(65)],
        ),
        (
            "the trial is used up on the last day of a lot that was never needed",
            vec![lot("40", None), lot("30", Some(4))],
            Some((4, EndedBy::Expiry)),
            vec![None, Some(30)],
        ),
        (
            "the trial outlives the last lot",
            vec![lot("65", None), lot("30", Some(4))],
            Some((6, EndedBy::Use)),
            vec![None, Some(30)],
        ),
        ("what is over already is no end", vec![lot("9", Some(0))], Some((0, EndedBy::Use)), vec![Some(9)]),
        ("enough for ten days", vec![lot("100", Some(11))], None, vec![None]),
    ];
    for (what, lots, ends, wasted) in rows {
        assert_eq!(course(&[10; 10], &lots), Course { ends, wasted }, "{what}");
    }
}

/// **W** The trial is used first, so a pack bought meanwhile ages.
#[test]
fn a_pack_bought_now_ages_while_the_trial_is_used() {
    // 806 calls at 64 a month outlast the year: the whole pack ends unused.
    let daily: Vec<u64> = (0..730_u64).map(|day| 768 * (day + 1) / 365 - 768 * day / 365).collect();
    assert_eq!(wasted_if_bought_now(&daily, &[lot("806", None)], calls("1000"), 365), 1_000);
    // Half of it is needed: the other half ends unused.
    assert_eq!(wasted_if_bought_now(&[10; 100], &[lot("50", None)], calls("100"), 10), 50);
    assert_eq!(wasted_if_bought_now(&[10; 100], &[], calls("100"), 10), 0);
    // It ends before the lot that is there, and lets that one age.
    assert_eq!(wasted_if_bought_now(&[10; 100], &[lot("200", Some(20))], calls("100"), 10), 100);
}
