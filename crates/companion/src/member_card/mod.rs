//! The member-card platform, and the acquisition mode that is set there.

pub(crate) mod mode;
mod platform;
pub(crate) mod under_way;
mod view;
