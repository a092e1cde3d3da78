//! Bulk purchase (集采): orders of service providers, and their allocation to accounts.

mod allocation;
mod plan;
mod provider;
mod sending;
pub(crate) mod state;
mod under_way;
