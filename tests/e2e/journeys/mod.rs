//! One file per journey.

mod customers;
mod interruptions;
mod onboarding;
mod refusals;
mod secrets;
mod start_up;
