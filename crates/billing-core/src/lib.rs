//! The rules of WeChat's paid phone-number verification, in one place: who pays, what is charged, what can be refunded,
//! what to buy.
//!
//! The desktop application uses this crate to explain, predict and advise; the practice platform uses it to charge.
//! It is pure: facts go in, decisions come out. It has no clock, file, network or async, and no floating-point money.
//!
//! Sources are cited where a rule is written down: **W** WeChat's current documentation, **S3** the notice and guide of
//! 2023, **S0** the mini-game variant of WeChat's page, **A** an assumption of ours where no source speaks.
//!
//! | module | what it decides |
//! |---|---|
//! | [`calls`], [`money`], [`time`] | units and their ranges |
//! | [`tariff`] | prices, ids, dates, packs and holidays, each with its source; the shop's own price list over them |
//! | [`eligibility`] | who pays nothing |
//! | [`lot`], [`account`], [`ids`] | what is consumed, in which order |
//! | [`explain`] | which lot paid for which calls, and why the turn passed on |
//! | [`order`], [`refund`], [`working_days`] | the life of an order, and when the money comes back |
//! | [`pool`], [`allocate`] | bulk orders and their allocations, and who should get how many calls |
//! | [`alert`] | what to tell, once |
//! | [`guard`] | what to do before quota ends, within the shop's rule |
//! | [`replay`] | scenario files in, statements out |
//! | [`stock`] | what is left, when it runs out, and what ends unused |
//! | [`situation`] | where an account stands, and what to do first |
//! | [`plan`], [`recommend`] | what to buy, and when |
//! | [`forecast`] | how much will be used, when the account runs out, and what will expire unused |
//! | [`bill`] | the bill beside the shop's own records |
#![deny(
    clippy::float_arithmetic,
    clippy::as_conversions,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    missing_docs
)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::indexing_slicing))]

pub mod account;
pub mod alert;
pub mod allocate;
pub mod bill;
pub mod calls;
pub mod eligibility;
pub mod explain;
pub mod forecast;
pub mod guard;
pub mod ids;
pub mod input;
pub mod lot;
pub mod money;
pub mod order;
pub mod plan;
pub mod pool;
pub mod recommend;
pub mod refund;
pub mod replay;
pub mod situation;
pub mod stock;
pub mod tariff;
pub mod time;
pub mod working_days;

pub use account::{Account, AccountTerms, EventError, EventId, Query, Totals, Use, Withdrawal};
pub use calls::{Calls, CallsTotal};
pub use eligibility::{AccountKind, Category, FreeRule, SubjectType, Verdict};
pub use input::InputError;
pub use lot::{LotId, LotNumber, LotView, Source, Status};
pub use money::{UnitPrice, Yuan};
pub use refund::{Refund, RefusalReason};
pub use tariff::{Capability, CapabilityTariff, Pack, Tariff};
pub use time::Days;
