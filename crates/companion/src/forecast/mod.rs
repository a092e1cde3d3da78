//! What is likely to come: run-out dates, advice, plans for a year, the curve of usage.

pub(crate) mod advice;
mod curve;
pub(crate) mod outlook;
mod plans;
pub(crate) mod stock;
