//! Lots, consuming and refunds: docs/billing-rules.md §4, docs/billing-rules.md §5 and docs/billing-rules.md §6.

use crate::script::run;

/// [W][S0] 默认先从体验额度中划扣，划扣完毕后再从付费资源包中划扣.
#[test]
fn the_trial_comes_first_then_the_pack_that_ends_soonest() {
    run("open trial 10 start 2024-01-01 00:00:00
        2024-01-01 10:00:00 buy year 5 365 0.15  => granted
        2024-01-01 10:00:01 buy week 5 7 0.15    => granted
        2024-01-01 10:00:02 get month 5 30       => granted
        2024-01-01 10:00:03 lots                 => trial 1/1 10 of 10, week 2/1 5 of 5, month 3/1 5 of 5, year 2/1 5 of 5
        2024-01-02 10:00:00 use 9                => charged 9: trial 9
        2024-01-02 10:00:00 use 4                => charged 4: trial 1, week 3
        2024-01-02 10:00:00 use 8                => charged 8: week 2, month 5, year 1
        2024-01-02 10:00:00 lots                 => year 2/1 4 of 5, month 3/3 0 of 5, trial 1/3 0 of 10, week 2/3 0 of 5");
}

/// [A] Ties: earlier start, then id.
#[test]
fn equal_ends_are_told_apart_by_start_then_id() {
    run("open trial 0 start 2024-01-01 00:00:00
        2024-01-01 10:00:00 buy z 1 3 0.03 => granted
        2024-01-02 10:00:00 buy b 1 2 0.03 => granted
        2024-01-02 10:00:00 buy a 1 2 0.03 => granted
        2024-01-02 10:00:00 use 1          => charged 1: z 1
        2024-01-02 10:00:00 use 2          => charged 2: a 1, b 1");
}

/// [W] Validity is days × 86,400 s; [A] the end instant is outside.
#[test]
fn a_pack_is_used_until_the_second_before_its_end_and_the_rest_is_wasted() {
    run("open trial 0 start 2024-01-01 00:00:00
        2024-02-28 10:00:00 buy o1 5 2 0.15   => granted
        2024-03-01 09:59:59 query             => allowed 5
        2024-03-01 09:59:59 use 1             => charged 1: o1 1
        2024-03-01 10:00:00 query             => denied
        2024-03-01 10:00:00 use 1             => charged 0; blocked 1
        2024-03-01 10:00:00 lots              => o1 2/3 0 of 5 (4 expired)
        2024-03-01 10:00:00 totals            => granted 5 used 1 remaining 0 expired 4 refunded 0 blocked 1 paid 0.15 returned 0.00");
}

/// [W][S0] A pack in effect is usable in the very second of payment.
#[test]
fn a_pack_is_usable_from_the_instant_of_payment() {
    run("open trial 0 start 2024-01-01 00:00:00
        2024-01-01 10:00:00 use 1           => charged 0; blocked 1
        2024-01-01 10:00:00 buy o1 1 1 0.03 => granted
        2024-01-01 10:00:00 use 1           => charged 1: o1 1");
}

/// [S3] Before charging starts nothing is consumed, not even the trial; [W] a pack bought before takes effect at the start.
#[test]
fn before_charging_starts_nothing_is_consumed() {
    run("open trial 3 start 2023-08-28 00:00:00
        2023-07-01 12:00:00 buy o1 250 90 7.50 => granted
        2023-07-01 12:00:00 use 1000000        => free
        2023-07-01 12:00:00 query              => allowed
        2023-07-01 12:00:00 lots               => trial 1/1 3 of 3, o1 2/2 250 of 250
        2023-08-27 23:59:59 use 1              => free
        2023-08-28 00:00:00 query              => allowed 253
        2023-08-28 00:00:00 use 4              => charged 4: trial 3, o1 1
        2023-11-25 23:59:59 query              => allowed 249
        2023-11-26 00:00:00 query              => denied");
}

/// [W] Free accounts: usage touches no lot, a query always passes.
#[test]
fn a_free_account_is_never_charged() {
    run("open free trial 3 start 2023-08-28 00:00:00
        2024-01-01 00:00:00 buy o1 5 90 7.50 => granted
        2024-01-01 00:00:00 use 1000000      => free
        2024-01-01 00:00:00 query            => allowed
        2025-01-01 00:00:00 query            => allowed
        2025-01-01 00:00:00 lots             => trial 1/1 3 of 3, o1 2/3 0 of 5 (5 expired)
        2025-01-01 00:00:00 totals           => granted 8 used 0 remaining 3 expired 5 refunded 0 blocked 0 paid 7.50 returned 0.00");
}

/// [A] What is usable is charged, the rest is blocked, never negative. Two customers, one call left: the charge decides.
#[test]
fn what_is_missing_is_blocked() {
    run("open trial 3 start 2024-01-01 00:00:00
        2024-01-01 00:00:00 use 5     => charged 3: trial 3; blocked 2
        2024-01-01 00:00:00 use 1     => charged 0; blocked 1
        2024-01-01 00:00:00 totals    => granted 3 used 3 remaining 0 expired 0 refunded 0 blocked 3 paid 0.00 returned 0.00");
    run("open trial 1 start 2024-01-01 00:00:00
        2024-01-01 00:00:00 query     => allowed 1
        2024-01-01 00:00:00 query     => allowed 1
        2024-01-01 00:00:00 use 1     => charged 1: trial 1
        2024-01-01 00:00:00 use 1     => charged 0; blocked 1");
}

/// [W][S0] 支付成功后的7天内，未使用.
#[test]
fn refunds() {
    run("open trial 1 start 2024-01-01 00:00:00
        2024-01-01 10:00:00 buy kept 5 365 0.15  => granted
        2024-01-01 10:00:00 buy used 5 90 0.10   => granted
        2024-01-01 10:00:00 buy day 5 1 0.20     => granted
        2024-01-01 11:00:00 refund nope          => refused UnknownOrder
        2024-01-01 11:00:00 refund trial         => refused UnknownOrder
        2024-01-01 11:00:00 refund day           => refunded 0.20
        2024-01-01 11:00:00 refund day           => refused AlreadyRefunded
        2024-01-01 12:00:00 use 2                => charged 2: trial 1, used 1
        2024-01-08 10:00:00 refund used          => refused Used
        2024-01-08 10:00:00 refund kept          => refunded 0.15
        2024-01-08 10:00:01 refund kept          => refused AlreadyRefunded TooLate
        2024-01-08 10:00:01 refund used          => refused Used TooLate
        2024-01-08 10:00:01 refund day           => refused AlreadyRefunded TooLate Expired
        2024-01-08 10:00:01 use 9                => charged 4: used 4; blocked 5
        2024-01-08 10:00:01 lots                 => day 2/3 0 of 5 (5 refunded), kept 2/3 0 of 5 (5 refunded), trial 1/3 0 of 1, used 2/3 0 of 5
        2024-01-08 10:00:01 totals               => granted 16 used 6 remaining 0 expired 0 refunded 10 blocked 5 paid 0.45 returned 0.35");
}

/// [W] Seven days count from payment, also for an order placed before charging starts; [A] a short pack's end comes first.
#[test]
fn the_refund_window_starts_at_payment() {
    run("open trial 0 start 2023-08-28 00:00:00
        2023-08-01 00:00:00 buy early 5 365 0.15 => granted
        2023-08-08 00:00:01 refund early         => refused TooLate
        2023-08-20 00:00:00 buy late 5 365 0.15  => granted
        2023-08-27 00:00:00 refund late          => refunded 0.15
        2023-08-28 00:00:00 query                => allowed 5
        2023-09-01 00:00:00 buy short 5 1 0.15   => granted
        2023-09-02 00:00:00 refund short         => refused Expired");
}

/// An allocated lot is consumed like any other, but no order of the account.
#[test]
fn an_allocation_is_no_order() {
    run("open trial 0 start 2024-01-01 00:00:00
        2024-01-01 10:00:00 get a1 5 90 => granted
        2024-01-01 10:00:00 refund a1   => refused UnknownOrder
        2024-01-01 10:00:00 use 2       => charged 2: a1 2
        2024-01-01 10:00:00 totals      => granted 5 used 2 remaining 3 expired 0 refunded 0 blocked 0 paid 0.00 returned 0.00");
}

/// Calls pass from lot to lot in the order of their ends even when a later purchase ends sooner.
#[test]
fn a_later_purchase_that_ends_sooner_takes_its_turn_first() {
    run("open trial 0 start 2024-01-01 00:00:00
        2024-01-01 10:00:00 buy year 5 365 0.15 => granted
        2024-01-01 10:00:00 use 1               => charged 1: year 1
        2024-01-02 10:00:00 buy day 5 1 0.15    => granted
        2024-01-02 10:00:00 use 1               => charged 1: day 1
        2024-01-03 10:00:00 use 1               => charged 1: year 1");
}

#[test]
fn events_come_in_time_order_and_count_once() {
    run("open trial 5 start 2024-01-01 00:00:00
        2024-01-02 10:00:00 use 1 as u1         => charged 1: trial 1
        2024-01-02 10:00:00 use 1 as u1         => duplicate
        2024-01-01 10:00:00 use 1 as u1         => duplicate
        2024-01-02 09:59:59 use 1 as u2         => error: event at 2024-01-02 01:59:59 UTC is earlier than the last one, 2024-01-02 02:00:00 UTC
        2024-01-02 10:00:00 buy u1 5 5 1.00     => duplicate
        2024-01-02 10:00:00 use 0               => error: an event of 0 calls
        2024-01-02 10:00:00 buy o1 0 5 1.00     => error: an event of 0 calls
        2024-01-02 10:00:00 totals              => granted 5 used 1 remaining 4 expired 0 refunded 0 blocked 0 paid 0.00 returned 0.00");
}

#[test]
fn the_largest_numbers_stay_exact() {
    run("open trial 1000000000000 start 2024-01-01 00:00:00
        2024-01-01 10:00:00 buy o1 1000000000000 3650 999999999999999.99 => granted
        2024-01-01 10:00:00 buy o2 1000000000000 3650 999999999999999.99 => granted
        2024-01-01 10:00:00 query                => allowed 3000000000000
        2024-01-01 10:00:00 use 1000000000000    => charged 1000000000000: trial 1000000000000
        2024-01-01 10:00:00 use 1000000000000    => charged 1000000000000: o1 1000000000000
        2024-01-01 10:00:00 totals               => granted 3000000000000 used 2000000000000 remaining 1000000000000 expired 0 refunded 0 blocked 0 paid 1999999999999999.98 returned 0.00");
}
