//! What the application needs from outside: time, waiting and chance. Passed in, never reached for.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rand::Rng;

#[cfg(test)]
pub(crate) mod test_time;

/// Tells the time of one environment. The practice platform's time can be moved.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
}

/// Waits in real time, whatever the clocks say.
pub trait Timer: Send + Sync + fmt::Debug {
    /// Resolves after `duration`.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// Fills bytes nobody can predict.
pub trait Randomness: Send + Sync + fmt::Debug {
    /// Overwrites every byte of `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// What stands between a transaction that wrote and the files. A real disk fails by itself; one of a test fails on request.
pub trait Disk: Send + Sync + fmt::Debug {
    /// Asked before a commit. An error undoes the transaction.
    fn before_commit(&self) -> io::Result<()> {
        Ok(())
    }

    /// Asked after a commit. An error leaves the caller without an answer, and the files with what was written.
    fn after_commit(&self) -> io::Result<()> {
        Ok(())
    }
}

/// This computer's disk.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemDisk;

impl Disk for SystemDisk {}

/// This computer's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The runtime's timer.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemTimer;

impl Timer for SystemTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// The operating system's randomness, through a generator fit for secrets.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

/// An id in time order (UUID version 7).
pub(crate) fn new_id(clock: &dyn Clock, randomness: &dyn Randomness) -> String {
    let mut bytes = [0; 10];
    randomness.fill(&mut bytes);
    let millis = u64::try_from(clock.now().timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid().to_string()
}

/// A short reference a person can read over the telephone: eight letters and digits without look-alikes.
pub(crate) fn new_reference(randomness: &dyn Randomness) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut bytes = [0; 8];
    randomness.fill(&mut bytes);
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}
