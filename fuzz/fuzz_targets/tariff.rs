//! A tariff and a shop's own price list: what is read as a tariff is printed and read again as the same,
//! and a price list lies over the tariff or is refused.
#![no_main]

use billing_core::Tariff;
use billing_core::tariff::PriceList;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    if let Ok(tariff) = Tariff::from_json(text) {
        let printed = serde_json::to_vec(&tariff).unwrap();
        assert_eq!(Tariff::from_json(&printed), Ok(tariff));
    }
    for list in [PriceList::from_json(text), PriceList::from_csv(text)].into_iter().flatten() {
        drop(Tariff::embedded().with_price_list(&list));
    }
});
