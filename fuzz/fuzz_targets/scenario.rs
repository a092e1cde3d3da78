//! A scenario: in memory and as a stream it is refused alike or comes to the same statement, in which the sums hold.
#![no_main]

use billing_core::input::ReadError;
use billing_core::replay::{self, History, Scenario, Statement, Stream};
use libfuzzer_sys::fuzz_target;
use std::io::Cursor;

fuzz_target!(|text: &[u8]| {
    match (replay::parse(text), Stream::open(Cursor::new(text))) {
        (Ok(scenario), Ok(stream)) => {
            holds(&scenario);
            assert_eq!(printed(&scenario), printed(&stream));
        }
        (Err(refused), Err(ReadError::Refused(streamed))) => assert_eq!(refused.path, streamed.path),
        // A stream finds an event that is later than the statement only when it is applied.
        (Err(refused), Ok(stream)) => {
            assert!(refused.path.ends_with("].at"), "{refused}");
            assert!(matches!(Statement::of(&stream), Err(ReadError::Refused(_))), "{refused}");
        }
        (memory, stream) => panic!("{:?} and {:?}", memory.err(), stream.err()),
    }
});

fn printed<H: History>(history: &H) -> Result<String, String> {
    let statement = Statement::of(history).map_err(|error| error.to_string())?;
    Ok(serde_json::to_string(&statement).unwrap())
}

fn holds(scenario: &Scenario) {
    let Ok(statement) = Statement::of(scenario) else { return };
    let totals = statement.totals;
    let parts = [totals.used, totals.remaining, totals.expired, totals.refunded];
    assert_eq!(totals.granted.get(), parts.iter().map(|part| part.get()).sum::<u64>());
    assert!(totals.returned <= totals.paid);
    for lot in &statement.lots {
        let parts = [lot.used, lot.remaining, lot.expired, lot.refunded];
        assert_eq!(lot.total.get(), parts.iter().map(|part| part.get()).sum::<u64>());
    }
}
