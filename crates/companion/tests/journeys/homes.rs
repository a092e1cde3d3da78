//! Files of earlier versions (`tests/homes`), and words in files that this version does not know.

use std::path::Path;
use std::sync::Arc;

use companion::api::{AccountKind, ErrorCode, GivenDay};
use companion::{Companion, Error, Platforms, Setup};
use serde::Serialize;
use serde_json::Value;
use tempfile::TempDir;
use testkit::clocks::{Never, Still};

/// A copy of a home, and what its pages showed.
struct Home {
    folder: TempDir,
    views: Value,
}

impl Home {
    fn of_version(version: &str) -> Self {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/homes").join(version);
        let folder = tempfile::tempdir().unwrap();
        for file in ["ledger.db", "cache.db"] {
            std::fs::copy(from.join(file), folder.path().join(file)).unwrap();
        }
        let views = serde_json::from_slice(&std::fs::read(from.join("views.json")).unwrap()).unwrap();
        Self { folder, views }
    }

    /// An id or the instant in the record of the pages.
    fn word(&self, name: &str) -> &str {
        self.views[name].as_str().unwrap()
    }

    /// No platform can be reached, so what is shown is what is in the files.
    async fn open(&self) -> Companion {
        Companion::open(self.setup()).await.unwrap()
    }

    fn setup(&self) -> Setup {
        Setup {
            clock: Arc::new(Still(self.word("now").parse().unwrap())),
            timer: Arc::new(Never),
            ..testkit::setup(self.folder.path(), Platforms::default())
        }
    }

    fn bytes(&self, file: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join(file)).unwrap()
    }

    fn change(&self, file: &str, sql: &str) {
        let db = rusqlite::Connection::open(self.folder.path().join(file)).unwrap();
        assert!(db.execute(sql, ()).unwrap() > 0, "{sql} changes nothing");
    }

    fn assert_shows<T: Serialize>(&self, page: &str, now: Result<T, Error>) {
        let now = serde_json::to_value(now.unwrap()).unwrap();
        assert_same(&self.views[page], &now, page);
    }
}

/// Estimates by rules that have changed since: what will be wasted rests on the likely use (docs/billing-rules.md).
const ESTIMATED_OTHERWISE: [&str; 1] = ["wasted"];

/// Everything that was shown is shown as it was; a later version may show more.
fn assert_same(then: &Value, now: &Value, place: &str) {
    match (then, now) {
        (Value::Object(then), Value::Object(now)) => {
            for (name, value) in then.iter().filter(|(name, _)| !ESTIMATED_OTHERWISE.contains(&name.as_str()))
            {
                assert!(now.contains_key(name), "{place}.{name} is gone");
                assert_same(value, &now[name], &format!("{place}.{name}"));
            }
        }
        (Value::Array(then), Value::Array(now)) => {
            assert_eq!(then.len(), now.len(), "{place}: {then:?} {now:?}");
            for (number, (then, now)) in then.iter().zip(now).enumerate() {
                assert_same(then, now, &format!("{place}[{number}]"));
            }
        }
        _ => assert_eq!(then, now, "{place}"),
    }
}

#[tokio::test]
async fn a_home_of_version_0_1_0_opens_and_shows_the_same() {
    let mut home = Home::of_version("0.1.0");
    // Forecasts start from counted sign-ups by now (docs/billing-rules.md §10); without these they are as they were.
    let counted = home.views["member_card"].as_object_mut().unwrap().remove("sign_ups").unwrap();
    home.change("cache.db", "DELETE FROM sign_ups");
    // Where the home lay, and that the platform could be reached then; and run-out dates rest on the likely use by now,
    // so they are worked out once more (docs/billing-rules.md).
    for (page, field) in [("settings", "home"), ("member_card", "connected"), ("accounts", "working_out")] {
        home.views[page].as_object_mut().unwrap().remove(field).unwrap();
    }
    // An open allocation is asked about again, and says why that could not be: the keyring of this test is empty.
    // Those of one instant are now in the order they were written in, so they are compared by their ids.
    let allocations = home.views["allocations"].as_array_mut().unwrap();
    allocations.sort_by_key(|one| one["id"].to_string());
    for open in allocations.iter_mut().filter(|one| one["state"] == "open") {
        open.as_object_mut().unwrap().remove("code").unwrap();
    }
    // The state of an account is one of the situations now, and what ends first is all of a day.
    // Rows are compared by their ids: the order is that of the situations.
    let rows = home.views["accounts"]["accounts"].as_array_mut().unwrap();
    rows.sort_by_key(|row| row["id"].to_string());
    for row in rows {
        for field in ["state", "expires_at", "expiring"] {
            row.as_object_mut().unwrap().remove(field).unwrap();
        }
    }
    // The modes are priced at the volume that every page goes by; before, at WeChat's average.
    home.views["member_card"].as_object_mut().unwrap().remove("costs").unwrap();
    // Members type their numbers in this shop: nothing is advised any more, as nothing is charged.
    let advice = home.views["overview"].as_object_mut().unwrap().remove("advice").unwrap();
    assert!(!advice.is_null());
    // The overview names the day and the lots of it together; before, it named one of its lots.
    let then = home.views["overview"].as_object_mut().unwrap().remove("next_expiry").unwrap();
    // What is forecast to end unused is said among the alerts; before, only the usage page said so.
    let alerts = home.views["overview"].as_object_mut().unwrap().remove("alerts").unwrap();
    let app = home.open().await;
    let (account, typed, provider) = (home.word("account"), home.word("typed"), home.word("provider"));
    home.assert_shows("app", app.get_app().await);
    let mut accounts = app.get_accounts().await.unwrap();
    accounts.accounts.sort_by(|one, other| one.id.cmp(&other.id));
    home.assert_shows("accounts", Ok(accounts));
    home.assert_shows("settings", app.get_settings().await);
    let overview = app.get_overview(account).await;
    assert_eq!(overview.as_ref().unwrap().advice, None);
    let next = overview.as_ref().unwrap().next_expiry.as_ref().unwrap();
    assert_eq!(
        (next.expires_at.to_string().as_str(), next.lots, next.calls),
        (then["expires_at"].as_str().unwrap(), 3, 750)
    );
    let now = serde_json::to_value(&overview.as_ref().unwrap().alerts).unwrap();
    let before: Vec<_> =
        now.as_array().unwrap().iter().filter(|alert| alert["kind"] != "will_expire").cloned().collect();
    assert_same(&alerts, &Value::Array(before), "alerts");
    home.assert_shows("overview", overview);
    home.assert_shows("wizard", app.get_wizard(account).await);
    home.assert_shows("usage", app.get_usage(account).await);
    home.assert_shows("typed_usage", app.get_usage(typed).await);
    home.assert_shows("curve", app.get_usage_curve(account).await);
    home.assert_shows("purchase", app.get_purchase(account).await);
    home.assert_shows("orders", app.get_orders(account).await);
    let card = app.get_member_card(account).await;
    let volume = app.get_usage(account).await.unwrap().unwrap().monthly.unwrap().calls;
    assert_eq!(card.as_ref().unwrap().costs.as_ref().unwrap().ways.monthly_calls, volume);
    home.assert_shows("member_card", card);
    home.assert_shows("providers", app.get_providers().await);
    let mut allocations = app.get_allocations(provider).await.unwrap();
    allocations.sort_by(|one, other| one.id.cmp(&other.id));
    home.assert_shows("allocations", Ok(allocations));
    let day = home.views["price_list"]["day"].as_str().map(GivenDay::from);
    let mut prices = app.get_price_list(day).await.unwrap();
    // Prices of mini-games are shown by now, after those of mini-programs.
    prices.capabilities.retain(|one| one.kind == AccountKind::MiniProgram);
    home.assert_shows("price_list", Ok(prices));
    let whole = Home::of_version("0.1.0");
    let now =
        serde_json::to_value(whole.open().await.get_member_card(account).await.unwrap().sign_ups).unwrap();
    assert_same(&counted, &now, "sign_ups");
}

#[tokio::test]
async fn a_home_of_version_0_1_0_is_read_without_migrating_it() {
    let home = Home::of_version("0.1.0");
    let files = || ["ledger.db", "cache.db"].map(|file| home.bytes(file));
    let before = files();
    let reader = Companion::open_to_read(home.setup()).await.unwrap();
    let read = reader.get_accounts().await.unwrap().accounts;
    assert_eq!(read.len(), home.views["accounts"]["accounts"].as_array().unwrap().len());
    home.assert_shows("typed_usage", reader.get_usage(home.word("typed")).await);
    assert!(files() == before, "a file changed");
}

#[tokio::test]
async fn an_unknown_word_in_the_cache_is_not_known_and_the_pages_live() {
    let home = Home::of_version("0.1.0");
    home.change("cache.db", "UPDATE lots SET state = 'paused' WHERE id = 'trial'");
    home.change("cache.db", "UPDATE member_cards SET mode = 'by_post'");
    home.change("cache.db", "UPDATE syncs SET code = 'weather', params = '{}'");
    home.change(
        "cache.db",
        "UPDATE outlooks SET found = replace(found, '\"method\":\"', '\"method\":\"dream_')",
    );
    let app = home.open().await;
    let account = home.word("account");
    assert_eq!(app.get_usage(account).await.unwrap(), None);
    let overview = app.get_overview(account).await.unwrap();
    assert_eq!(overview.usage, None);
    assert_eq!(app.get_member_card(account).await.unwrap().mode, None);
    let rows = app.get_accounts().await.unwrap().accounts;
    let row = rows.iter().find(|row| row.id == account).unwrap();
    assert_eq!((row.remaining, row.error), (None, None));
    // What the shop typed in is in the other file, and stands.
    assert_eq!(app.get_usage(home.word("typed")).await.unwrap().unwrap().remaining.value, 806);
}

#[tokio::test]
async fn an_unknown_word_in_the_ledger_is_an_error_that_names_table_and_row() {
    for (table, column, id) in [
        ("purchases", "state", "id"),
        ("orders", "source", "id"),
        ("mode_changes", "by", "id"),
        ("connections", "source", "account"),
        ("answers", "at", "account"),
    ] {
        let home = Home::of_version("0.1.0");
        let account = home.word("account").to_owned();
        home.change(
            "ledger.db",
            &format!("UPDATE {table} SET {column} = 'moonlit' WHERE account = '{account}'"),
        );
        let app = home.open().await;
        let refused = match table {
            "orders" => app.get_orders(&account).await.map(drop),
            "mode_changes" => app.get_member_card(&account).await.map(drop),
            _ => app.get_overview(&account).await.map(drop),
        };
        let view = app.report(&refused.unwrap_err());
        assert_eq!(view.code, ErrorCode::StoredWordUnknown, "{table}");
        assert_eq!(view.params["table"], table);
        let found: String = rusqlite::Connection::open(home.folder.path().join("ledger.db"))
            .unwrap()
            .query_row(&format!("SELECT {id} FROM {table} WHERE {id} = ?1"), [&view.params["row"]], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(found, view.params["row"], "{table}");
    }
}

/// The kind stands in no file of that version: what was there is a mini-program.
#[tokio::test]
async fn an_account_of_version_0_1_0_is_a_mini_program_and_an_unknown_kind_names_table_and_row() {
    let home = Home::of_version("0.1.0");
    let app = home.open().await;
    let rows = app.get_accounts().await.unwrap().accounts;
    assert!(!rows.is_empty() && rows.iter().all(|row| row.kind == AccountKind::MiniProgram));
    let account = home.word("account");
    home.change("ledger.db", &format!("UPDATE accounts SET kind = 'mini_planet' WHERE id = '{account}'"));
    let view = app.report(&app.get_overview(account).await.unwrap_err());
    assert_eq!(view.code, ErrorCode::StoredWordUnknown);
    assert_eq!((view.params["table"].as_str(), view.params["row"].as_str()), ("accounts", account));
}
