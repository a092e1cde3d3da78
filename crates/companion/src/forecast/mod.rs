//! What is likely to come: run-out dates, advice, plans for a year, the curve of usage.

pub(crate) mod advice;
pub(crate) mod curve;
pub(crate) mod outlook;
pub(crate) mod plans;
pub(crate) mod stock;
