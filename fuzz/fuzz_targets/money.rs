//! Amounts: what is read is not negative, and is printed and read again as the same.
#![no_main]

use billing_core::{Calls, UnitPrice, Yuan};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(amount) = text.parse::<Yuan>() {
        assert!(amount >= Yuan::ZERO);
        assert_eq!(amount.to_string().parse(), Ok(amount));
        assert_eq!(serde_json::from_str::<Yuan>(&serde_json::to_string(&amount).unwrap()).unwrap(), amount);
        let fen = amount.fen().expect("15 digits before the point are less than 64 bits of cents");
        assert_eq!(Yuan::from_fen(fen), amount);
        assert_eq!(amount.checked_sub(amount), Some(Yuan::ZERO));
        assert!(amount.per_call(Calls::ONE).is_some());
    }
    if let Ok(price) = text.parse::<UnitPrice>() {
        assert_eq!(price.to_string().parse(), Ok(price));
        assert!(price.times(Calls::MAX).is_some());
    }
});
