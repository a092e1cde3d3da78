//! A forecast: what is read is forecast, in bands that are finite, in order and never fall, and the same again.
#![no_main]

use billing_core::forecast::{self, Band};
use billing_core::input::InputError;
use libfuzzer_sys::fuzz_target;

/// More days only cost time.
const DAYS_MAX: usize = 400;

fuzz_target!(|text: &[u8]| {
    let Ok(input) = forecast::parse(text) else { return };
    if input.horizon > DAYS_MAX || input.history.days() > DAYS_MAX {
        return;
    }
    match forecast::forecast(&input) {
        Ok(forecast) => {
            assert_eq!(forecast.days.len(), input.horizon);
            assert_eq!(forecast.cumulative.len(), input.horizon);
            let cumulative: Vec<Band> = forecast.cumulative.iter().map(forecast::Cumulative::band).collect();
            forecast.days.iter().chain(&cumulative).for_each(holds);
            for pair in cumulative.windows(2) {
                let [before, after] = pair else { unreachable!() };
                assert!(before.p10 <= after.p10 && before.p50 <= after.p50 && before.p90 <= after.p90, "{pair:?}");
            }
            assert_eq!(forecast::forecast(&input), Ok(forecast));
        }
        Err(InputError { path, .. }) => assert_eq!(path, "daily"),
    }
});

fn holds(band: &Band) {
    assert!(0.0 <= band.p10 && band.p10 <= band.p50 && band.p50 <= band.p90 && band.p90.is_finite(), "{band:?}");
}
