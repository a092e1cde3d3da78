//! Bulk purchase (集采): orders of service providers, and their allocation to accounts.

pub(crate) mod allocation;
pub(crate) mod plan;
pub(crate) mod provider;
pub(crate) mod removal;
pub(crate) mod sending;
pub(crate) mod state;
mod taking_back;
pub(crate) mod under_way;
