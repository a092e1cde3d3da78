//! A shop's month by the dice: buying, allocating, taking back, switching, reading, restarting – while the network, the disk,
//! the keyring and the clock fail at every step, and the application is killed in the middle of any call.
//!
//! Time is the test's: practice's stands until it is moved, and the runtime's is paused, so that an answer that never comes
//! costs nothing. What the shop wanted and was told is written down (`will.rs`); at the end of the month everything is
//! mended, comes to rest, and is held against the platform's own records (`truth.rs`).
//!
//! A seed decides what is done and what fails. What runs beside it – commits on other threads – may still fall between other
//! steps, so a replay is the same month, and not always the same interleaving.

mod computer;
mod faults;
mod shop;
mod truth;
mod will;

use shop::Shop;

/// How many months are lived through; a few where all tests run, more in the soak.
const MONTHS: &str = "SIMULATOR_MONTHS";
const A_FEW: u64 = 10;
/// The seed of the first one; with it and one month, a failure is replayed.
const SEED: &str = "SIMULATOR_SEED";

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().unwrap())
}

/// Prints how to replay a month that ended badly.
struct Replay(u64);

impl Drop for Replay {
    #[allow(clippy::print_stderr, reason = "what to type next")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            let test = "cargo test -p companion --test journeys simulator -- --nocapture";
            eprintln!("replay: {SEED}={} {MONTHS}=1 {test}", self.0);
        }
    }
}

#[test]
#[allow(clippy::print_stderr, reason = "how much was simulated")]
fn nothing_is_lost_and_nothing_done_unasked_in_a_month_of_faults() {
    let first = number(SEED, 1);
    let mut done = [0; shop::ACTS];
    for seed in first..first + number(MONTHS, A_FEW) {
        let _replay = Replay(seed);
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().unwrap();
        let counts = runtime.block_on(Box::pin(month(seed)));
        done.iter_mut().zip(counts).for_each(|(all, one)| *all += one);
    }
    eprintln!("acts that succeeded, by kind: {done:?}");
    // A simulation in which nothing succeeds proves nothing. In fewer months than these the rarest act may fail each time.
    assert!(number(MONTHS, A_FEW) < 30 || done.iter().all(|count| *count > 0), "never done: {done:?}");
}

/// How often each act succeeded.
async fn month(seed: u64) -> [u32; shop::ACTS] {
    let mut shop = Box::pin(Shop::open(seed)).await;
    for _ in 0..30 {
        Box::pin(shop.day()).await;
    }
    let counts = shop.done;
    let (world, left) = Box::pin(shop.settle()).await;
    truth::holds(world, left).await;
    counts
}
