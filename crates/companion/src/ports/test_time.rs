//! Time that only a test moves.

use std::pin::Pin;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use super::{Clock, Timer};

/// Clock and timer that only the test moves.
#[derive(Debug, Clone)]
pub(crate) struct Time(watch::Sender<DateTime<Utc>>);

impl Time {
    pub(crate) fn at(start: DateTime<Utc>) -> Self {
        Self(watch::Sender::new(start))
    }

    pub(crate) fn pass(&self, time: TimeDelta) {
        self.0.send_modify(|now| *now += time);
    }
}

impl Clock for Time {
    fn now(&self) -> DateTime<Utc> {
        *self.0.borrow()
    }
}

impl Timer for Time {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let end = self.now() + TimeDelta::from_std(duration).unwrap();
        let mut time = self.0.subscribe();
        Box::pin(async move { drop(time.wait_for(|now| *now >= end).await) })
    }
}
