//! The member-card platform, and the acquisition mode that is set there.

pub(crate) mod history;
pub(crate) mod mode;
pub(crate) mod platform;
pub(crate) mod under_way;
mod view;
