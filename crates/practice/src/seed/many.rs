//! Many mini-programs, for those who look after many: each with its own subject, volume, packs and troubles.
//!
//! What an account is like follows from its number alone, so that two platforms started on the same day show the same
//! figures; only the ids of orders and packages are random.

use super::visits;
use crate::assumed::{NumberChoice, created_before};
use crate::catalogue::offers;
use crate::charging::{self, Customer};
use crate::console::password::KNOWN_HASH;
use crate::ids;
use crate::member::Member;
use crate::model::{Program, ProgramVersion, Standing};
use crate::store::billing::Accounts;
use crate::store::error::{Stored, invalid_row};
use crate::store::shops::{self, Mode};
use crate::store::sign_ups::{self, Outcome, SignUp};
use crate::store::{orders, programs};
use billing_core::order::Method;
use billing_core::{AccountKind, Capability, Category, SubjectType};
use chrono::{DateTime, TimeDelta, Utc};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use rusqlite::Connection;

const PLACES: [&str; 10] = ["老街", "江南", "朝阳", "南门", "河畔", "云山", "东湖", "青石", "柳巷", "望京"];
const TRADES: [(&str, Category); 10] = [
    ("面馆", Category::Catering),
    ("茶铺", Category::Catering),
    ("火锅", Category::Catering),
    ("烘焙", Category::Catering),
    ("花店", Category::Retail),
    ("书店", Category::Retail),
    ("便利店", Category::Retail),
    ("母婴店", Category::Retail),
    ("理发店", Category::Other),
    ("健身房", Category::Other),
];

/// The most mini-programs of one platform: their numbers have ten digits, their names three parts.
pub(crate) const ACCOUNTS_MAX: u32 = 10_000;

/// What an account is like.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Character {
    name: String,
    shop: String,
    subject: SubjectType,
    category: Category,
    mode: Mode,
    /// Customers of the thirty days before the first start.
    customers: u32,
    /// Calls used before that.
    used_before: u32,
    /// A pack: calls, days, and how many days ago it was paid.
    pack: Option<(u64, u16, i64)>,
}

pub(crate) fn app_id(number: u32) -> String {
    format!("wxfacade{number:010}")
}

fn character(number: u32) -> Character {
    let mut random = Xoshiro256PlusPlus::from_seed(ids::digest(&format!("account {number}")));
    let pick = usize::try_from(number).unwrap_or_default();
    let place = PLACES[pick % PLACES.len()];
    let (trade, category) = TRADES[pick / PLACES.len() % TRADES.len()];
    let shop = format!("{place}{trade}{number}号店");
    let customers = match random.random_range(0..100) {
        0..10 => 0,
        10..60 => random.random_range(3..25),
        60..92 => random.random_range(25..80),
        _ => random.random_range(80..250),
    };
    // A fifth has used most of its trial or all of it, and half of these have bought.
    let late = random.random_range(0..100) < 20;
    let used_before = if late { random.random_range(700..=1_000) } else { random.random_range(0..500) };
    let bought = random.random_range(0..100) < if late { 50 } else { 10 };
    let sizes = [(1_000, 365), (5_000, 365), (10_000, 365), (250, 90), (1_000, 180)];
    let (calls, days) = sizes[random.random_range(0..sizes.len())];
    // Some packs are about to end.
    let ago = random.random_range(31..i64::from(days).clamp(32, 364));
    Character {
        name: format!("{shop}会员中心"),
        shop,
        subject: match random.random_range(0..100) {
            0..3 => SubjectType::NonProfit,
            3..40 => SubjectType::IndividualBusiness,
            _ => SubjectType::Enterprise,
        },
        category,
        mode: if random.random_range(0..100) < 12 { Mode::Manual } else { Mode::Authorized },
        customers,
        used_before,
        pack: bought.then_some((calls, days, ago)),
    }
}

/// Adds mini-programs until there are `wanted`, mini-games not counted.
pub(crate) fn plant(
    connection: &Connection,
    accounts: &mut Accounts,
    wanted: u32,
    now: DateTime<Utc>,
) -> Stored<()> {
    let known = programs::all(connection)?.into_iter().filter(|each| each.kind == AccountKind::MiniProgram);
    let first = u32::try_from(known.count()).map_err(invalid_row)? + 1;
    if first > wanted {
        return Ok(());
    }
    for number in first..=wanted.min(ACCOUNTS_MAX) {
        add(connection, number, &character(number), now)?;
    }
    *accounts = Accounts::replay(connection)?;
    for number in first..=wanted.min(ACCOUNTS_MAX) {
        remember(connection, accounts, &app_id(number), &character(number), now)?;
    }
    Ok(())
}

fn add(connection: &Connection, number: u32, character: &Character, now: DateTime<Utc>) -> Stored<()> {
    let since = created_before(now);
    let app_id = app_id(number);
    let program = Program {
        app_id: app_id.clone(),
        kind: AccountKind::MiniProgram,
        name: character.name.clone(),
        shop: character.shop.clone(),
        subject: character.subject,
        category: character.category,
        created_at: since,
        standing: Standing::Good,
        privacy_declared: true,
        login_email_hash: None,
        password_hash: None,
        secret_hash: None,
        secret_set_at: None,
    };
    programs::add(connection, i64::from(number), &program)?;
    let email = ids::made_up_email(&app_id);
    if programs::set_login(connection, &app_id, &email, KNOWN_HASH)?.is_err() {
        return Err(invalid_row(format_args!("{email} is taken")));
    }
    shops::add(connection, &app_id, 5_000, character.used_before, 200, since)?;
    if let Some(shop) = shops::find(connection, &app_id)? {
        shops::set_mode(connection, &shop, character.mode, since)?;
    }
    Ok(())
}

/// What happened to an account before the first start. Old calls are remembered as one event; the last thirty days
/// customer by customer, with their sign-ups but without codes, which are long over.
fn remember(
    connection: &Connection,
    accounts: &mut Accounts,
    app_id: &str,
    character: &Character,
    now: DateTime<Utc>,
) -> Stored<()> {
    let capability = Capability::Quick;
    let days_ago = |days: i64| now - TimeDelta::days(days);
    let mut history: Vec<(DateTime<Utc>, Past)> = Vec::new();
    if character.used_before > 0 {
        history.push((days_ago(32), Past::Used(character.used_before)));
    }
    if let Some((calls, days, ago)) = character.pack {
        history.push((days_ago(ago), Past::Bought(calls, days)));
    }
    for (number, at) in (1..).zip(visits(character.customers, now)?) {
        history.push((at, Past::Visited(number)));
    }
    history.sort_by_key(|(at, _)| *at);
    for (at, past) in history {
        match past {
            Past::Bought(calls, days) => {
                let offer = offers(capability, at).into_iter().find(|offer| {
                    offer.calls.get() == calls && u64::from(offer.days.get()) == u64::from(days)
                });
                let offer = offer.ok_or_else(|| invalid_row("a pack that was never sold"))?;
                let number = orders::place(connection, app_id, &offer, at)?;
                orders::pay(connection, accounts, app_id, &number, Method::WechatScan, at)?;
            }
            Past::Used(calls) => {
                charging::use_up(connection, accounts, app_id, u64::from(calls), at)?;
            }
            Past::Visited(number) => {
                let event_id = if character.mode.is_charged() {
                    let event_id = charging::use_up(connection, accounts, app_id, 1, at)?;
                    if event_id.is_none() {
                        // The till had run dry by then.
                        continue;
                    }
                    event_id
                } else {
                    None
                };
                sign_up(connection, app_id, character.mode, number, event_id.as_deref(), at)?;
            }
        }
    }
    Ok(())
}

enum Past {
    Bought(u64, u16),
    Used(u32),
    Visited(u32),
}

fn sign_up(
    connection: &Connection,
    app_id: &str,
    way: Mode,
    number: u32,
    event_id: Option<&str>,
    at: DateTime<Utc>,
) -> Stored<()> {
    let customer = Customer::new(number).ok_or_else(|| invalid_row("too many customers"))?;
    let sign_up = SignUp {
        at,
        customer: number,
        way,
        outcome: Outcome::CardIssued,
        component: way.is_charged().then_some(Capability::Quick),
        version: ProgramVersion::Release,
        member: Some(Member::of(app_id, &customer.phone(NumberChoice::Bound))),
        card_number: Some(format!("8{:011}", ids::stable_number(app_id, number) % 100_000_000_000)),
    };
    sign_ups::add(connection, app_id, &sign_up, event_id)?;
    shops::count_card(connection, app_id)
}

#[cfg(test)]
mod tests {
    use super::{Character, character};
    use std::collections::BTreeSet;

    #[test]
    fn accounts_are_each_of_their_own_kind_and_the_same_each_time() {
        let all: Vec<Character> = (4..=1_000).map(character).collect();
        assert_eq!(all, (4..=1_000).map(character).collect::<Vec<_>>());
        let names: BTreeSet<_> = all.iter().map(|each| &each.name).collect();
        assert_eq!(names.len(), all.len());
        assert!(all.iter().any(|each| each.pack.is_some()) && all.iter().any(|each| each.customers == 0));
        let late = all.iter().filter(|each| each.used_before >= 700 && each.pack.is_none()).count();
        assert!((50..200).contains(&late), "{late} are about to run dry");
    }
}
