//! Tools of the application that know nothing about WeChat.

pub(crate) mod amounts;
pub(crate) mod backoff;
pub(crate) mod blocking;
pub(crate) mod jobs;
pub(crate) mod keyed_lock;
pub(crate) mod single_flight;
pub mod tables;
pub(crate) mod write_batcher;
