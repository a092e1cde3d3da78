//! The mini-programs and the mini-game that every practice platform starts with.

pub(crate) mod many;

use crate::assumed::{NumberChoice, created_before};
use crate::charging::{self, Customer};
use crate::component::Button;
use crate::ids;
use crate::model::{Program, Standing};
use crate::store::billing::Accounts;
use crate::store::error::{Stored, invalid_row};
use crate::store::{programs, shops};
use billing_core::time::{beijing_day, beijing_midnight};
use billing_core::{AccountKind, Category, SubjectType};
use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use rusqlite::Connection;

#[derive(Debug, Clone, Copy)]
struct Seed {
    kind: AccountKind,
    /// Recognisable: a façade. Real AppIDs have random digits there.
    app_id: &'static str,
    name: &'static str,
    shop: &'static str,
    subject: SubjectType,
    category: Category,
    card_quota: u32,
    cards_before: u32,
    sms_balance: u32,
    /// Customers of the thirty days before the first start.
    customers: u32,
}

const SEEDS: [Seed; 3] = [
    Seed {
        kind: AccountKind::MiniProgram,
        app_id: "wxfacade0000000001",
        name: "晋味小馆会员中心",
        shop: "晋味小馆",
        subject: SubjectType::Enterprise,
        category: Category::Catering,
        card_quota: 10_000,
        // With the 194 customers below: 646 issued, as on the guide's picture **S3**.
        cards_before: 452,
        sms_balance: 550,
        customers: 194,
    },
    Seed {
        kind: AccountKind::MiniProgram,
        app_id: "wxfacade0000000002",
        name: "青禾书店会员中心",
        shop: "青禾书店",
        subject: SubjectType::Enterprise,
        category: Category::Retail,
        card_quota: 5_000,
        cards_before: 0,
        sms_balance: 200,
        customers: 0,
    },
    Seed {
        kind: AccountKind::MiniProgram,
        app_id: "wxfacade0000000003",
        name: "和平街小学家校通",
        shop: "和平街小学",
        subject: SubjectType::PublicInstitution,
        category: Category::FormalEducation,
        card_quota: 2_000,
        cards_before: 0,
        sms_balance: 100,
        customers: 0,
    },
];

/// The restaurant's mini-game, which hands out the same kind of member cards.
const GAME: Seed = Seed {
    kind: AccountKind::MiniGame,
    app_id: "wxfacade00000000e1",
    name: "晋味大厨小游戏",
    shop: "晋味大厨",
    subject: SubjectType::Enterprise,
    category: Category::Other,
    card_quota: 2_000,
    cards_before: 0,
    sms_balance: 100,
    customers: 36,
};

/// It is listed after all mini-programs, however many there are.
const GAME_POSITION: i64 = many::ACCOUNTS_MAX as i64 + 1;

/// Days over which the earlier customers are spread.
const HISTORY_DAYS: u64 = 30;

/// Fills an empty database. Returns whether it was empty.
pub(crate) fn plant(connection: &Connection, accounts: &mut Accounts, now: DateTime<Utc>) -> Stored<bool> {
    if !programs::all(connection)?.is_empty() {
        return Ok(false);
    }
    for (position, seed) in (1..).zip(&SEEDS) {
        add(connection, position, seed, now)?;
    }
    *accounts = Accounts::replay(connection)?;
    for seed in &SEEDS {
        remember(connection, accounts, seed, now)?;
    }
    Ok(true)
}

/// Adds the mini-game, also to a database of a version that had none.
pub(crate) fn plant_game(connection: &Connection, accounts: &mut Accounts, now: DateTime<Utc>) -> Stored<()> {
    if programs::find(connection, GAME.app_id)?.is_some() {
        return Ok(());
    }
    add(connection, GAME_POSITION, &GAME, now)?;
    *accounts = Accounts::replay(connection)?;
    remember(connection, accounts, &GAME, now)
}

fn add(connection: &Connection, position: i64, seed: &Seed, now: DateTime<Utc>) -> Stored<()> {
    let since = created_before(now);
    let program = Program {
        app_id: seed.app_id.to_owned(),
        kind: seed.kind,
        name: seed.name.to_owned(),
        shop: seed.shop.to_owned(),
        subject: seed.subject,
        category: seed.category,
        created_at: since,
        standing: Standing::Good,
        privacy_declared: true,
        login_email_hash: None,
        password_hash: None,
        secret_hash: None,
        secret_set_at: None,
    };
    programs::add(connection, position, &program)?;
    shops::add(connection, seed.app_id, seed.card_quota, seed.cards_before, seed.sms_balance, since)
}

/// The customers of the days before.
fn remember(connection: &Connection, accounts: &mut Accounts, seed: &Seed, now: DateTime<Utc>) -> Stored<()> {
    for (number, at) in (1..).zip(visits(seed.customers, now)?) {
        let customer = Customer::new(number).ok_or_else(|| invalid_row("too many customers"))?;
        let who = (customer, NumberChoice::Bound);
        let button = Button::default();
        let Some(success) = charging::charge(connection, accounts, seed.app_id, who, button, at)? else {
            return Err(invalid_row("the trial is too small for the customers"));
        };
        charging::sign_up(connection, seed.app_id, &success, true, at)?;
    }
    Ok(())
}

/// When the customers came: more at weekends, between ten in the morning and nine in the evening, always the same for
/// the same day. Ends the day before `now`.
fn visits(customers: u32, now: DateTime<Utc>) -> Stored<Vec<DateTime<Utc>>> {
    let days: Vec<_> = beijing_day(now)
        .iter_days()
        .rev()
        .skip(1)
        .take(usize::try_from(HISTORY_DAYS).unwrap_or(30))
        .collect();
    let weight = |day: &chrono::NaiveDate| {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        u64::from(day.ordinal() % 3) + if weekend { 9 } else { 5 }
    };
    let whole: u64 = days.iter().map(weight).sum();
    let (mut passed, mut planned) = (0, 0);
    let mut visits = Vec::new();
    for day in days.iter().rev() {
        passed += weight(day);
        let due = u64::from(customers) * passed / whole;
        let opens =
            beijing_midnight(*day).ok_or_else(|| invalid_row("the calendar ends"))? + TimeDelta::hours(10);
        let today = due - planned;
        for visit in 0..today {
            let seconds = 11 * 3_600 * (2 * visit + 1) / (2 * today);
            visits.push(opens + TimeDelta::seconds(i64::try_from(seconds).unwrap_or_default()));
        }
        planned = due;
    }
    Ok(visits)
}

/// Gives every mini-program without an AppSecret, and every shop without an access key, the ones that everybody can look
/// up on its page: the stand-alone platform is for developers, and nothing in it is worth a secret.
pub(crate) fn hand_out_known_secrets(connection: &Connection, now: DateTime<Utc>) -> Stored<()> {
    for program in programs::all(connection)? {
        if program.secret_hash.is_none() {
            let secret = ids::known_app_secret(&program.app_id);
            programs::set_secret(connection, &program.app_id, &ids::digest_hex(&secret), now)?;
        }
        if shops::find(connection, &program.app_id)?.is_some_and(|shop| shop.key_hash.is_none()) {
            shops::set_key(connection, &program.app_id, &ids::known_access_key(&program.app_id))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{GAME, plant, plant_game};
    use crate::store::{Store, programs};
    use billing_core::{AccountKind, Capability};

    /// Databases of earlier versions have mini-programs only.
    #[test]
    fn a_database_without_a_mini_game_gets_one_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("p.db")).unwrap();
        let now = chrono::Utc::now();
        store.write(|connection, accounts| plant(connection, accounts, now)).unwrap();
        let kinds = |store: &mut Store| {
            let all = store.read(|connection, _| programs::all(connection)).unwrap();
            all.into_iter().map(|each| each.kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds(&mut store), [AccountKind::MiniProgram; 3]);
        for _ in 0..2 {
            store.write(|connection, accounts| plant_game(connection, accounts, now)).unwrap();
        }
        assert_eq!(kinds(&mut store)[3..], [AccountKind::MiniGame]);
        let used = store
            .read(|_, accounts| Ok(accounts.get(GAME.app_id, Capability::Quick)?.totals(now).used.get()));
        assert_eq!(used.unwrap(), u64::from(GAME.customers));
    }
}
