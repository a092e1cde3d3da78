//! Algebra of the units.

use billing_core::{Calls, Days, UnitPrice, Yuan};
use proptest::prelude::*;

proptest! {
    #[test]
    fn amounts_are_read_as_they_are_shown(fen in 0_u64..10_u64.pow(17)) {
        let amount = Yuan::from_fen(fen);
        prop_assert_eq!(amount.to_string().parse::<Yuan>(), Ok(amount));
        prop_assert_eq!(amount.fen(), Some(fen));
        let text = serde_json::to_string(&amount).unwrap();
        prop_assert_eq!(serde_json::from_str::<Yuan>(&text).unwrap(), amount);
    }

    #[test]
    fn taking_back_what_was_added_changes_nothing(a in 0_u64..10_u64.pow(17), b in 0_u64..10_u64.pow(17)) {
        let (a, b) = (Yuan::from_fen(a), Yuan::from_fen(b));
        prop_assert_eq!(a.checked_add(b).and_then(|sum| sum.checked_sub(b)), Some(a));
        prop_assert_eq!(a.checked_sub(b).is_some(), b <= a);
    }

    #[test]
    fn any_text_is_an_amount_or_an_error(text in "[-+0-9.eE_ ]{0,12}") {
        if let Ok(amount) = text.parse::<Yuan>() {
            prop_assert!(text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'));
            prop_assert_eq!(amount.to_string().parse::<Yuan>(), Ok(amount));
        }
    }

    #[test]
    fn unit_prices_are_read_as_they_are_shown(parts in 0_u64..10_u64.pow(9)) {
        let text = format!("{}.{:04}", parts / 10_000, parts % 10_000);
        let price: UnitPrice = text.parse().unwrap();
        prop_assert_eq!(price.to_string().parse::<UnitPrice>(), Ok(price));
    }

    #[test]
    fn calls_never_leave_their_range(a in any::<u64>(), b in any::<u64>()) {
        let small = |n: u64| Calls::new(n % (Calls::MAX.get() + 1)).unwrap();
        prop_assert_eq!(Calls::new(a).is_ok(), a <= Calls::MAX.get());
        let (a, b) = (small(a), small(b));
        prop_assert_eq!(a.checked_add(b).is_some(), a.get() + b.get() <= Calls::MAX.get());
        prop_assert_eq!(a.checked_sub(b).is_some(), b <= a);
        prop_assert_eq!(a.checked_sub(b).unwrap_or(Calls::ZERO), a.saturating_sub(b));
    }

    #[test]
    fn days_are_exactly_their_seconds(days in 1_u64..=3_650) {
        prop_assert_eq!(Days::new(days).unwrap().length().num_seconds(), i64::try_from(days).unwrap() * 86_400);
    }
}
