//! Customers in numbers: sent at once by an administrator, or coming by themselves as practice time passes.

pub(crate) mod time;
pub(crate) mod traffic;

use crate::agenda;
use crate::assumed::NumberChoice;
use crate::charging::{self, Customer, SignedUp, Tapped};
use crate::component::{Button, Failure};
use crate::faults::Faults;
use crate::model::{PHONE_NUMBER, Program};
use crate::platform::Platform;
use crate::store::billing::Accounts;
use crate::store::error::{Stored, invalid_row};
use crate::store::{programs, shops};
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use std::sync::Arc;

/// What a customer does after tapping 免费领卡.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Manner {
    Authorise,
    Refuse,
    /// Authorises, taps again and authorises again: charged twice.
    Repeat,
}

/// How customers fared.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Success callbacks and typed numbers that ended in a card, new or not.
    pub(crate) succeeded: u32,
    pub(crate) refused: u32,
    pub(crate) no_quota: u32,
    pub(crate) no_cards: u32,
    /// The component failed for another reason than quota.
    pub(crate) stopped: u32,
    /// Codes that were not exchanged.
    pub(crate) codes: Vec<String>,
}

/// Most customers of one request, and of one transaction.
pub(crate) const SENT_MAX: u32 = 10_000;
const SENT_AT_ONCE: u32 = 50;

/// Sends customers to a shop, one after the other; nothing for an unknown mini-program.
pub(crate) async fn send(
    platform: &Platform,
    app_id: &str,
    count: u32,
    manner: Manner,
    exchange: bool,
) -> Stored<Option<Tally>> {
    let mut tally = Tally::default();
    let mut left = count;
    while left > 0 {
        let batch = left.min(SENT_AT_ONCE);
        left -= batch;
        let (app_id, faults) = (app_id.to_owned(), Arc::clone(&platform.faults));
        let counted = platform
            .write(move |connection, accounts, now| {
                let Some(program) = programs::find(connection, &app_id)? else { return Ok(None) };
                let visits = Visits { faults: &faults, program, exchange };
                for _ in 0..batch {
                    visits.one(connection, accounts, &mut tally, manner, now)?;
                }
                Ok(Some(tally))
            })
            .await?;
        let Some(counted) = counted else { return Ok(None) };
        tally = counted;
    }
    Ok(Some(tally))
}

/// Customers of one shop.
struct Visits<'a> {
    faults: &'a Faults,
    program: Program,
    /// Whether the shop's backend exchanges the codes.
    exchange: bool,
}

impl Visits<'_> {
    fn one(
        &self,
        connection: &Connection,
        accounts: &mut Accounts,
        tally: &mut Tally,
        manner: Manner,
        now: DateTime<Utc>,
    ) -> Stored<()> {
        let customer = Customer::next(connection, &self.program.app_id)?;
        let taps = if manner == Manner::Repeat { 2 } else { 1 };
        for _ in 0..taps {
            self.tap(connection, accounts, tally, (customer, manner), now)?;
        }
        Ok(())
    }

    fn tap(
        &self,
        connection: &Connection,
        accounts: &mut Accounts,
        tally: &mut Tally,
        (customer, manner): (Customer, Manner),
        now: DateTime<Utc>,
    ) -> Stored<()> {
        let app_id = self.program.app_id.as_str();
        // Read again for every tap: the one before may have taken the last card.
        let shop = shops::find(connection, app_id)?.ok_or_else(|| invalid_row("a shop vanished"))?;
        match (charging::tap(accounts, &self.program, &shop, Button::default(), now)?, manner) {
            (Tapped::Failed(Failure::NoQuota), _) => tally.no_quota += 1,
            (Tapped::Failed(_), _) => tally.stopped += 1,
            (Tapped::NoCards, _) => tally.no_cards += 1,
            (Tapped::Uncharged(_) | Tapped::Sheet, Manner::Refuse) => tally.refused += 1,
            (Tapped::Uncharged(way), Manner::Authorise | Manner::Repeat) => {
                let phone = customer.phone(NumberChoice::Bound);
                charging::sign_up_uncharged(connection, app_id, (customer, way), phone, now)?;
                tally.succeeded += 1;
            }
            (Tapped::Sheet, Manner::Authorise | Manner::Repeat) => {
                self.authorise(connection, accounts, tally, customer, now)?;
            }
        }
        Ok(())
    }

    fn authorise(
        &self,
        connection: &Connection,
        accounts: &mut Accounts,
        tally: &mut Tally,
        customer: Customer,
        now: DateTime<Utc>,
    ) -> Stored<()> {
        let app_id = self.program.app_id.as_str();
        let who = (customer, NumberChoice::Bound);
        let charged = charging::charge(connection, accounts, app_id, who, Button::default(), now)?;
        let Some(success) = charged else {
            tally.no_quota += 1;
            return Ok(());
        };
        agenda::after_write(connection, accounts)?;
        let call_works = self.exchange && self.faults.backend_call_at_once(PHONE_NUMBER);
        if charging::sign_up(connection, app_id, &success, call_works, now)? == SignedUp::NoCards {
            tally.no_cards += 1;
        } else {
            tally.succeeded += 1;
        }
        if !self.exchange {
            tally.codes.push(success.code);
        }
        Ok(())
    }
}
