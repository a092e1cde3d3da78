//! The application against the practice platform, over real HTTP: whole journeys, refusals, crashes, secrets.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper that fails is a test that fails")]

mod account_list;
mod accounts;
mod alerts;
mod allocations;
mod beside;
mod bill;
mod bulk;
mod commands;
mod crashes;
mod full;
mod guard;
mod guarded_month;
mod history;
mod homes;
mod inbox;
mod lots;
mod modes;
mod one_truth;
mod orders;
mod plans;
mod purchases;
mod refusals;
mod reminders;
mod removal;
mod restore;
mod resume;
mod schedule;
mod scripted;
mod secrets;
mod settings;
mod simulator;
mod sources;
mod syncs;
mod taking_back;
mod unfinished;
