//! The computer at the till: the application on one home, opened, closed and killed.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::task::Poll;

use companion::api::ErrorCode;
use companion::ports::SystemTimer;
use companion::{Companion, Platform, Platforms, Setup};
use testkit::clocks::PracticeTime;
use testkit::world::World;

use super::faults::{self, Brittle};
use crate::guarded_month::Jumping;

pub(super) struct Computer {
    /// `None` only while it is down.
    companion: Option<Companion>,
    pub(super) disk: Arc<Brittle>,
    /// The hours by which its clock is wrong.
    pub(super) ahead: Arc<AtomicI64>,
    reads_by_itself: bool,
}

impl Computer {
    pub(super) async fn start(world: &World, reads_by_itself: bool) -> Self {
        let mut computer =
            Self { companion: None, disk: Arc::default(), ahead: Arc::default(), reads_by_itself };
        computer.up(world).await;
        computer
    }

    pub(super) fn companion(&self) -> Companion {
        self.companion.clone().unwrap()
    }

    fn setup(&self, world: &World) -> Setup {
        let setup = world.setup();
        let practice = setup.platforms.practice.clone().unwrap();
        let clock =
            Jumping { practice: PracticeTime(world.practice.clock()), hours: Arc::clone(&self.ahead) };
        let platforms =
            Platforms { practice: Some(Platform { clock: Arc::new(clock), ..practice }), live: None };
        Setup { platforms, timer: Arc::new(SystemTimer), ..setup }
    }

    async fn up(&mut self, world: &World) {
        let companion = loop {
            match Companion::open_on(self.setup(world), Arc::clone(&self.disk) as Arc<_>).await {
                Ok(companion) => break companion,
                // A commit that the run before had under way holds the home for a moment.
                Err(error) if error.code() == ErrorCode::AlreadyRunning => tokio::task::yield_now().await,
                // The shop does what the screen says, and tries again.
                Err(error) if matches!(error.code(), ErrorCode::DiskFull | ErrorCode::DiskFailed) => {
                    faults::mend(world, self).await;
                }
                Err(error) => unreachable!("the home does not open: {:?}", error.code()),
            }
        };
        if self.reads_by_itself {
            companion.read_by_itself();
        }
        self.companion = Some(companion);
    }

    pub(super) async fn restart(&mut self, world: &World) {
        self.close().await;
        self.up(world).await;
    }

    pub(super) async fn close(&mut self) {
        if let Some(companion) = self.companion.take() {
            companion.close().await;
        }
    }

    /// Everything it was doing ends where it stands.
    pub(super) async fn kill(&mut self, world: &World) {
        drop(self.companion.take());
        self.up(world).await;
    }
}

/// The outcome of a future, if it comes within so many steps; it is dropped where it stands otherwise.
pub(super) async fn within<F: Future>(steps: u64, future: F) -> Option<F::Output> {
    let (mut future, mut left) = (Box::pin(future), steps);
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}
