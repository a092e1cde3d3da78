//! Clocks and timers of tests: practice's time, time that stands, sleeps that are short or never end.

use std::pin::Pin;
use std::time::Duration;

use chrono::{DateTime, Utc};
use companion::ports::{Clock, Timer};
use practice::PracticeClock;

/// Practice time for the application.
#[derive(Debug)]
pub struct PracticeTime(pub PracticeClock);

impl Clock for PracticeTime {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

/// Time that stands still.
#[derive(Debug)]
pub struct Still(pub DateTime<Utc>);

impl Clock for Still {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// A hundred times as fast as life.
#[derive(Debug)]
pub struct Hurried;

impl Timer for Hurried {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration / 100))
    }
}

/// Nothing in the background comes to its turn.
#[derive(Debug)]
pub struct Never;

impl Timer for Never {
    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(std::future::pending())
    }
}
