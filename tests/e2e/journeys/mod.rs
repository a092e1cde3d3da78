//! One file per journey.

mod access;
mod bill;
mod bulk;
mod command_line;
mod customers;
mod interruptions;
mod keyboard;
mod member_card;
mod onboarding;
mod orders;
mod packs;
mod refusals;
mod secrets;
mod settings;
mod start_up;
mod tray;
mod usage;
