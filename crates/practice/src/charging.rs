//! What happens when a customer taps 免费领卡: the query node, the charge node, the code, the sign-up.
//!
//! The claim page and the traffic switch both go through here, so that neither can charge differently.

use crate::assumed::{LAST_CUSTOMER, NumberChoice, customer_number, obstacle};
use crate::component::{Button, Failure};
use crate::ids;
use crate::member::Member;
use crate::model::Program;
use crate::store::billing::Accounts;
use crate::store::codes;
use crate::store::error::{Stored, invalid_row};
use crate::store::shops::{self, Mode, Shop};
use crate::store::sign_ups::{self, Outcome, SignUp};
use billing_core::account::{Action, Decision, Event};
use billing_core::{Calls, Capability, EventId, Query, Use};
use chrono::{DateTime, Utc};
use rusqlite::Connection;

/// One practice customer, from 1 to [`LAST_CUSTOMER`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Customer(u32);

impl Customer {
    pub(crate) fn new(number: u32) -> Option<Self> {
        (1..=LAST_CUSTOMER).contains(&number).then_some(Self(number))
    }

    /// Some customer.
    pub(crate) fn anybody() -> Self {
        Self(rand::random_range(1..=LAST_CUSTOMER))
    }

    /// The customer after the last one who signed up; after the very last one it starts over.
    pub(crate) fn next(connection: &Connection, app_id: &str) -> Stored<Self> {
        sign_ups::next_customer(connection, app_id).map(|number| Self::new(number).unwrap_or(Self(1)))
    }

    pub(crate) const fn number(self) -> u32 {
        self.0
    }

    pub(crate) fn phone(self, choice: NumberChoice) -> String {
        customer_number(self.0, choice)
    }
}

/// What the customer sees after tapping.
#[derive(Debug, Clone)]
pub(crate) enum Tapped {
    /// The shop has no cards left to give; the customer is asked for nothing.
    NoCards,
    /// The number comes another way, as in 会员手动输入: no authorisation, no charge.
    Uncharged(Mode),
    /// 「申请获取并验证你的手机号」
    Sheet,
    /// The component failed at once; of these the customer sees only an empty quota.
    Failed(Failure),
}

/// The tap on 免费领卡: the shop's own page first, then the component.
pub(crate) fn tap(
    accounts: &Accounts,
    program: &Program,
    shop: &Shop,
    button: Button,
    now: DateTime<Utc>,
) -> Stored<Tapped> {
    if shop.cards_remaining() == 0 {
        return Ok(Tapped::NoCards);
    }
    if !shop.mode.is_charged() {
        return Ok(Tapped::Uncharged(shop.mode));
    }
    Ok(query(accounts, program, button, now)?.map_or(Tapped::Sheet, Tapped::Failed))
}

/// The query node: what stops the component at the tap, if anything. Nothing is charged, nothing is written.
pub(crate) fn query(
    accounts: &Accounts,
    program: &Program,
    button: Button,
    now: DateTime<Utc>,
) -> Stored<Option<Failure>> {
    if let Some(failure) = obstacle(program) {
        return Ok(Some(failure));
    }
    Ok(match accounts.get(&program.app_id, button.capability)?.query(now)? {
        Query::Allowed { .. } => None,
        Query::Denied => Some(Failure::NoQuota),
    })
}

/// A success callback that reached the mini-program.
#[derive(Debug, Clone)]
pub(crate) struct Success {
    pub(crate) customer: Customer,
    pub(crate) code: String,
    button: Button,
    event_id: String,
}

/// The charge node: one call is charged and the code handed out, together or not at all. `None` is 1400001: between the
/// tap and the agreement another customer may have taken the last call.
pub(crate) fn charge(
    connection: &Connection,
    accounts: &mut Accounts,
    app_id: &str,
    (customer, choice): (Customer, NumberChoice),
    button: Button,
    now: DateTime<Utc>,
) -> Stored<Option<Success>> {
    if accounts.get(app_id, button.capability)?.query(now)? == Query::Denied {
        return Ok(None);
    }
    let event_id = ids::event_name("use");
    let event = Event {
        id: EventId::new(event_id.as_str()).map_err(invalid_row)?,
        at: now,
        action: Action::Use { calls: Calls::ONE },
    };
    match accounts.record(connection, app_id, button.capability, event)? {
        Decision::Used(Use::Free) => {}
        Decision::Used(metered) if metered.charged() == Calls::ONE => {}
        // The transaction is undone: never a success without a charge.
        other => return Err(invalid_row(format_args!("a use answered {other:?}"))),
    }
    let openid = ids::openid(app_id, customer.number());
    let code = codes::issue(connection, app_id, &openid, &customer.phone(choice), now)?;
    Ok(Some(Success { customer, code, button, event_id }))
}

/// Charges many calls of quick verification in one event, as far as quota lasts. Returns the id of the event, or `None`
/// when nothing was left.
pub(crate) fn use_up(
    connection: &Connection,
    accounts: &mut Accounts,
    app_id: &str,
    calls: u64,
    at: DateTime<Utc>,
) -> Stored<Option<String>> {
    let account = accounts.get(app_id, Capability::Quick)?;
    let usable = if account.charges_at(at) { account.usable(at).get().min(calls) } else { calls };
    if usable == 0 {
        return Ok(None);
    }
    let id = ids::event_name("use");
    let action = Action::Use { calls: Calls::new(usable).map_err(invalid_row)? };
    let event = Event { id: EventId::new(id.as_str()).map_err(invalid_row)?, at, action };
    accounts.record(connection, app_id, Capability::Quick, event)?;
    Ok(Some(id))
}

/// How a sign-up ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SignedUp {
    /// A new card.
    Card { number: String, phone_masked: String },
    /// The number has a card already. The authorisation was charged all the same.
    Returning { number: String, phone_masked: String },
    /// Charged, but the code was not exchanged.
    NotFetched,
    /// The last card went to somebody else meanwhile.
    NoCards,
}

/// The shop's backend exchanges the code, unless its call fails, and issues the card.
pub(crate) fn sign_up(
    connection: &Connection,
    app_id: &str,
    success: &Success,
    call_works: bool,
    now: DateTime<Utc>,
) -> Stored<SignedUp> {
    let exchanged = if call_works {
        codes::exchange(connection, app_id, &success.code, None, now)?.ok().map(|verified| verified.phone)
    } else {
        None
    };
    let button = success.button;
    let attempt =
        Attempt { customer: success.customer, way: Mode::Authorized, button, phone: exchanged, at: now };
    issue_card(connection, app_id, attempt, Some(&success.event_id))
}

/// A number that did not come from the component, such as a typed one: uncharged.
pub(crate) fn sign_up_uncharged(
    connection: &Connection,
    app_id: &str,
    (customer, way): (Customer, Mode),
    phone: String,
    now: DateTime<Utc>,
) -> Stored<SignedUp> {
    let button = Button::default();
    let attempt = Attempt { customer, way, button, phone: Some(phone), at: now };
    issue_card(connection, app_id, attempt, None)
}

/// What is known about a sign-up before it has an outcome.
struct Attempt {
    customer: Customer,
    way: Mode,
    button: Button,
    phone: Option<String>,
    at: DateTime<Utc>,
}

fn issue_card(
    connection: &Connection,
    app_id: &str,
    attempt: Attempt,
    event_id: Option<&str>,
) -> Stored<SignedUp> {
    let member = attempt.phone.as_deref().map(|phone| Member::of(app_id, phone));
    let signed_up = match &member {
        None => SignedUp::NotFetched,
        Some(member) => {
            let phone_masked = member.phone_masked.clone();
            match sign_ups::card_of(connection, app_id, member)? {
                Some(number) => SignedUp::Returning { number, phone_masked },
                None if shop_is_out_of_cards(connection, app_id)? => SignedUp::NoCards,
                None => {
                    shops::count_card(connection, app_id)?;
                    SignedUp::Card { number: ids::card_number(), phone_masked }
                }
            }
        }
    };
    let (outcome, card_number) = match &signed_up {
        SignedUp::Card { number, .. } => (Outcome::CardIssued, Some(number.clone())),
        SignedUp::Returning { number, .. } => (Outcome::AlreadyMember, Some(number.clone())),
        SignedUp::NotFetched => (Outcome::NumberNotFetched, None),
        SignedUp::NoCards => (Outcome::NoCardsLeft, None),
    };
    let Attempt { customer, way, button, at, .. } = attempt;
    let component = way.is_charged().then_some(button.capability);
    let customer = customer.number();
    let version = button.version;
    let sign_up = SignUp { at, customer, way, outcome, component, version, member, card_number };
    sign_ups::add(connection, app_id, &sign_up, event_id)?;
    Ok(signed_up)
}

fn shop_is_out_of_cards(connection: &Connection, app_id: &str) -> Stored<bool> {
    Ok(shops::find(connection, app_id)?.is_none_or(|shop| shop.cards_remaining() == 0))
}
