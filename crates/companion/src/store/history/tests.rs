use chrono::TimeDelta;

use super::*;
use crate::api::{AccountKind, Environment, LotState, UsageSource};
use crate::store::{accounts, connections, file};

const ACCOUNT: &str = "a";

fn at(text: &str) -> DateTime<Utc> {
    billing_core::time::parse_instant(text).unwrap()
}

fn ledger() -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let db = file::open_ledger(&crate::Paths::new(folder.path())).unwrap();
    let account = accounts::Account {
        id: ACCOUNT.to_owned(),
        name: "晋味小馆".to_owned(),
        kind: AccountKind::MiniProgram,
        environment: Environment::Live,
        created_at: at("2026-01-01T00:00:00+08:00"),
        archived_at: None,
    };
    accounts::insert(&db, &account).unwrap();
    connect(&db, Some("wx1"));
    (folder, db)
}

fn connect(db: &Connection, app_id: Option<&str>) {
    let source = if app_id.is_some() { UsageSource::AppSecret } else { UsageSource::TypedIn };
    let connection = connections::Connection {
        account: ACCOUNT.to_owned(),
        source,
        app_id: app_id.map(str::to_owned),
        connected_at: at("2026-01-01T00:00:00+08:00"),
        typed: None,
    };
    connections::save(db, &connection).unwrap();
}

fn lot(id: &str, used: u64) -> Lot {
    Lot {
        id: id.to_owned(),
        source: if id == "trial" { LotSource::Trial } else { LotSource::Paid },
        state: LotState::InEffect,
        total: 1_000,
        used,
        effective_at: at("2026-01-01T00:00:00+08:00"),
        expires_at: (id != "trial").then(|| at("2027-01-01T00:00:00+08:00")),
    }
}

fn figures(read_at: DateTime<Utc>, lots: Vec<Lot>) -> UsageFigures {
    let used = lots.iter().map(|lot| lot.used).sum();
    let total = lots.iter().map(|lot| lot.total).sum();
    UsageFigures { account: ACCOUNT.to_owned(), read_at, used, total, average: None, lots }
}

fn times(readings: &[MeterReading]) -> Vec<String> {
    readings.iter().map(|reading| billing_core::time::beijing_text(reading.at)[5..16].to_owned()).collect()
}

#[test]
fn of_a_day_that_is_over_the_first_and_the_last_reading_stay() {
    let (_folder, db) = ledger();
    for (used, time) in
        (0..).zip(["01-05T08:00", "01-05T10:00", "01-05T20:00", "01-06T09:00", "01-06T12:00", "01-06T13:00"])
    {
        note(&db, &figures(at(&format!("2026-{time}:00+08:00")), vec![lot("trial", used)])).unwrap();
    }
    let history = of(&db, ACCOUNT).unwrap();
    let stored = ["01-05T08:00", "01-05T20:00", "01-06T09:00", "01-06T12:00", "01-06T13:00"];
    assert_eq!(times(&history.readings), stored);
    assert_eq!(times(&history.lots[0].readings), stored);
    let used: Vec<u64> = history.readings.iter().map(|reading| reading.used).collect();
    assert_eq!(used, [0, 2, 3, 4, 5]);
}

#[test]
fn a_lot_that_did_not_change_gets_no_new_reading() {
    let (_folder, db) = ledger();
    for (day, trial, pack) in [(1, 998, 0), (2, 1_000, 0), (3, 1_000, 7), (4, 1_000, 7)] {
        let lots = vec![lot("trial", trial), lot("pack", pack)];
        note(&db, &figures(at(&format!("2026-02-0{day}T09:00:00+08:00")), lots)).unwrap();
    }
    let history = of(&db, ACCOUNT).unwrap();
    assert_eq!(history.readings.len(), 4);
    let used = |id: &str| -> Vec<u64> {
        let lot = history.lots.iter().find(|lot| lot.id == id).unwrap();
        lot.readings.iter().map(|reading| reading.used).collect()
    };
    assert_eq!((used("trial"), used("pack")), (vec![998, 1_000], vec![0, 7]));
}

#[test]
fn a_lot_whose_validity_changes_is_restated_and_one_that_vanishes_stays_known() {
    let (_folder, db) = ledger();
    let morning = at("2026-02-01T09:00:00+08:00");
    note(&db, &figures(morning, vec![lot("trial", 1), lot("pack", 0)])).unwrap();
    let mut later = lot("pack", 0);
    later.effective_at = at("2026-02-03T00:00:00+08:00");
    note(&db, &figures(morning + TimeDelta::days(1), vec![later.clone()])).unwrap();
    let history = of(&db, ACCOUNT).unwrap();
    let ids: Vec<&str> = history.lots.iter().map(|lot| lot.id.as_str()).collect();
    assert_eq!(ids, ["trial", "pack"]);
    assert_eq!(history.lots[1].effective_at, later.effective_at);
    assert_eq!(history.lots[1].readings.len(), 1);
}

#[test]
fn another_mini_program_has_a_history_of_its_own() {
    let (_folder, db) = ledger();
    note(&db, &figures(at("2026-02-01T09:00:00+08:00"), vec![lot("trial", 500)])).unwrap();
    connect(&db, Some("wx2"));
    note(&db, &figures(at("2026-02-02T09:00:00+08:00"), vec![lot("trial", 3)])).unwrap();
    assert_eq!(of(&db, ACCOUNT).unwrap().readings.iter().map(|one| one.used).collect::<Vec<_>>(), [3]);
    connect(&db, Some("wx1"));
    assert_eq!(of(&db, ACCOUNT).unwrap().readings.iter().map(|one| one.used).collect::<Vec<_>>(), [500]);
}

#[test]
fn what_was_typed_in_stays_apart_and_the_same_instant_counts_once() {
    let (_folder, db) = ledger();
    connect(&db, None);
    let (first, typed) = (at("2026-02-01T09:00:00+08:00"), |used| TypedFigures {
        used,
        remaining: 1_000 - used,
        total: 1_000,
    });
    note_typed(&db, ACCOUNT, first, typed(100)).unwrap();
    note_typed(&db, ACCOUNT, first, typed(110)).unwrap();
    note_typed(&db, ACCOUNT, first + TimeDelta::days(7), typed(160)).unwrap();
    connect(&db, Some("wx1"));
    note(&db, &figures(first + TimeDelta::days(9), vec![lot("trial", 170)])).unwrap();
    let history = of(&db, ACCOUNT).unwrap();
    assert_eq!(history.typed.iter().map(|one| one.used).collect::<Vec<_>>(), [110, 160]);
    assert_eq!(history.readings.iter().map(|one| one.used).collect::<Vec<_>>(), [170]);
}

#[test]
fn without_a_connection_nothing_is_stored() {
    let (_folder, db) = ledger();
    db.execute("DELETE FROM connections", ()).unwrap();
    note(&db, &figures(at("2026-02-01T09:00:00+08:00"), vec![lot("trial", 1)])).unwrap();
    assert_eq!(of(&db, ACCOUNT).unwrap(), History::default());
}

#[test]
fn an_account_that_goes_takes_its_history_along() {
    let (_folder, db) = ledger();
    note(&db, &figures(at("2026-02-01T09:00:00+08:00"), vec![lot("trial", 1)])).unwrap();
    db.execute("DELETE FROM accounts", ()).unwrap();
    let left: u32 = db.query_row("SELECT count(*) FROM meter_readings", (), |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}
