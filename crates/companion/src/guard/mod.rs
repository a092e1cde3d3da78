//! The guard (守护): before quota ends it allocates from a pool or lets members type their numbers, and goes back after a
//! refill, within the shop's rule. `billing-core` decides.

pub(crate) mod lease;
pub(crate) mod pace;
pub(crate) mod rule;
pub(crate) mod state;
pub(crate) mod watch;

mod act;
mod outcome;
mod scene;
mod sight;
