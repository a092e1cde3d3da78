//! Bulk purchase (集采): orders of service providers, and their allocation to accounts.

pub(crate) mod allocation;
mod plan;
