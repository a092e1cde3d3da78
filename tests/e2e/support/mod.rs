//! A world of its own for each test, and the hands to work in it.

pub(crate) mod album;
pub(crate) mod desktop;
pub(crate) mod driver;
pub(crate) mod home;
pub(crate) mod practice;
pub(crate) mod process;
pub(crate) mod walk;
pub(crate) mod window;
pub(crate) mod world;
