//! One file per journey.

mod bill;
mod customers;
mod interruptions;
mod member_card;
mod onboarding;
mod refusals;
mod secrets;
mod settings;
mod start_up;
