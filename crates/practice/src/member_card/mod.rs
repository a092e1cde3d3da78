//! The member-card platform: the interface of `openapi/member-card.yaml`, and the back office page.

pub(crate) mod answer;
pub(crate) mod api;
mod lease;
pub(crate) mod office;
mod records;
