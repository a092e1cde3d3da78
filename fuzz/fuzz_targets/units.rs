//! Calls, days, ids and instants: what is read is within its range, and is printed and read again as the same.
#![no_main]

use billing_core::pool::RequestId;
use billing_core::time::{beijing_day, beijing_midnight, beijing_text, parse_instant};
use billing_core::{Calls, Days, EventId};
use libfuzzer_sys::fuzz_target;
use serde_json::{from_slice, from_str, to_string};

fuzz_target!(|text: &[u8]| {
    if let Ok(calls) = from_slice::<Calls>(text) {
        assert!(calls <= Calls::MAX);
        assert_eq!(from_str::<Calls>(&to_string(&calls).unwrap()).unwrap(), calls);
    }
    if let Ok(days) = from_slice::<Days>(text) {
        assert!((1..=3_650).contains(&days.get()));
    }
    if let Ok(id) = from_slice::<EventId>(text) {
        assert!(!id.as_str().is_empty() && id.as_str() != "trial");
        assert_eq!(from_str::<EventId>(&to_string(&id).unwrap()).unwrap(), id);
    }
    if let Ok(id) = from_slice::<RequestId>(text) {
        assert!((10..=64).contains(&id.as_str().chars().count()));
    }
    let Ok(text) = str::from_utf8(text) else { return };
    if let Ok(at) = parse_instant(text) {
        let printed = beijing_text(at);
        let again = parse_instant(&printed).expect("what is printed is read");
        assert_eq!(again.timestamp(), at.timestamp());
        let midnight = beijing_midnight(beijing_day(at)).expect("within the calendar");
        assert!((0..86_400).contains(&(at.timestamp() - midnight.timestamp())));
    }
});
