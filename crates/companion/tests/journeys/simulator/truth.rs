//! What must hold when everything has come to rest: the ledger beside the platform's own records.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{DateTime, Utc};
use companion::api::{
    AcquisitionMode, AllocationState, AllocationView, ChangeState, ChangedBy, ModeChangeView,
};
use rusqlite::Connection;
use testkit::files_with;
use testkit::world::World;

use super::shop::CUSTOMER;
use super::will::Will;

/// What is left of a month.
pub(super) struct Left {
    pub(super) seed: u64,
    pub(super) will: Will,
    pub(super) guarded: bool,
    pub(super) history: Vec<ModeChangeView>,
    pub(super) allocations: Vec<AllocationView>,
    pub(super) secrets: Vec<String>,
}

/// A change of mode by the platform's record.
struct Made {
    id: String,
    mode: AcquisitionMode,
    at: DateTime<Utc>,
}

fn made(database: &Path) -> Vec<Made> {
    let connection = Connection::open(database).unwrap();
    let sql = "SELECT request_id, mode, at FROM mode_changes WHERE request_id IS NOT NULL ORDER BY seq";
    let mut query = connection.prepare(sql).unwrap();
    let rows = query.query_map((), |row| {
        let word: String = row.get(1)?;
        let mode = if word == "manual" { AcquisitionMode::Manual } else { AcquisitionMode::Authorized };
        Ok(Made { id: row.get(0)?, mode, at: DateTime::from_timestamp(row.get(2)?, 0).unwrap() })
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// What became of each request id that allocated something: done, cancelled.
fn allocated(database: &Path) -> BTreeMap<String, (bool, bool)> {
    let connection = Connection::open(database).unwrap();
    let sql = "SELECT request_id, done_at IS NOT NULL, cancelled_at IS NOT NULL FROM assignments";
    let mut query = connection.prepare(sql).unwrap();
    let rows = query.query_map((), |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))));
    rows.unwrap().map(Result::unwrap).collect()
}

fn purchases(ledger: &Path) -> BTreeSet<String> {
    let connection = Connection::open(ledger).unwrap();
    let mut query = connection.prepare("SELECT id FROM purchases").unwrap();
    query.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

pub(super) async fn holds(world: World, left: Left) {
    // Both sides hold their files for themselves.
    let World { practice, home, .. } = world;
    practice.shutdown().await;
    let database = home.path().join("practice/practice.db");
    let app = home.path().join("app");
    modes(&made(&database), &left);
    allocations(&allocated(&database), &left);
    let purchases = purchases(&app.join("ledger.db"));
    assert!(left.will.begun.is_subset(&purchases), "seed {}: a purchase is lost", left.seed);
    let mut words: Vec<_> = left.secrets.iter().map(String::as_str).collect();
    words.push(CUSTOMER);
    let found = files_with(&app, &words);
    assert!(found.is_empty(), "seed {}: {found:?}", left.seed);
}

fn modes(made: &[Made], left: &Left) {
    let Left { seed, will, history, guarded, .. } = left;
    let open = history.iter().find(|change| change.state == ChangeState::Open);
    assert!(open.is_none(), "seed {seed}: {open:?}");
    for one in made {
        let known = history.iter().find(|change| change.id == one.id);
        assert!(known.is_some(), "seed {seed}: a change that nobody wrote down: {}", one.id);
        let known = known.unwrap();
        assert_eq!(known.to, one.mode, "seed {seed}");
        match known.by {
            ChangedBy::Person => {
                assert!(
                    will.wanted(one.mode, one.at),
                    "seed {seed}: {} at {} {:#?}",
                    one.id,
                    one.at,
                    will.presses
                );
            }
            by => assert!(*guarded && by == ChangedBy::Guard, "seed {seed}: {by:?}"),
        }
    }
    let asked = |mode| will.presses.iter().filter(|press| press.mode == mode).count();
    for mode in [AcquisitionMode::Manual, AcquisitionMode::Authorized] {
        let by_person = |one: &&Made| {
            one.mode == mode && history.iter().any(|it| it.id == one.id && it.by == ChangedBy::Person)
        };
        assert!(
            made.iter().filter(by_person).count() <= asked(mode),
            "seed {seed}: changed more often than asked"
        );
    }
    for id in &will.switched {
        let found = history.iter().find(|change| change.id == *id);
        assert!(
            found.is_some_and(|change| change.state == ChangeState::Confirmed),
            "seed {seed}: {id} is lost"
        );
    }
}

fn allocations(platform: &BTreeMap<String, (bool, bool)>, left: &Left) {
    let Left { seed, will, allocations, .. } = left;
    let known: BTreeSet<_> = allocations.iter().map(|one| one.id.clone()).collect();
    for (batch, ids) in &will.sent {
        assert!(ids.is_subset(&known), "seed {seed}: something of {batch} is lost");
    }
    let wanted: u64 = will.batches.values().sum();
    assert!(u64::try_from(known.len()).unwrap() <= wanted, "seed {seed}: sent twice");
    assert!(platform.keys().all(|id| known.contains(id)), "seed {seed}: sent, and not written down");
    for one in allocations {
        let there = platform.get(&one.id).copied();
        match one.state {
            AllocationState::Done => assert_eq!(there, Some((true, false)), "seed {seed}: {one:?}"),
            AllocationState::Cancelled => {
                assert!(will.taken_back.contains(&one.id), "seed {seed}: nobody took it back: {one:?}");
                assert!(there.is_none_or(|(_, cancelled)| cancelled), "seed {seed}: {one:?}");
            }
            AllocationState::Failed => assert_eq!(there, None, "seed {seed}: {one:?}"),
            state => unreachable!("seed {seed}: {state:?}"),
        }
    }
    for id in &will.dropped {
        assert!(!platform.contains_key(id), "seed {seed}: dropped, and sent all the same: {id}");
    }
    for (id, (_, cancelled)) in platform {
        assert!(!cancelled || will.taken_back.contains(id), "seed {seed}: taken back unasked: {id}");
    }
}

fn left(will: Will) -> Left {
    let (history, allocations, secrets) = (Vec::new(), Vec::new(), Vec::new());
    Left { seed: 0, will, guarded: false, history, allocations, secrets }
}

#[test]
#[should_panic(expected = "nobody wrote down")]
fn a_change_that_is_not_in_the_ledger_is_noticed() {
    let at = DateTime::UNIX_EPOCH;
    modes(&[Made { id: "unknown".to_owned(), mode: AcquisitionMode::Manual, at }], &left(Will::default()));
}

#[test]
#[should_panic(expected = "not written down")]
fn an_allocation_that_is_not_in_the_ledger_is_noticed() {
    let platform = BTreeMap::from([("unknown".to_owned(), (true, false))]);
    allocations(&platform, &left(Will::default()));
}

#[test]
fn a_change_is_wanted_for_ten_minutes_and_until_the_shop_wants_something_else() {
    let minutes = |minutes| DateTime::UNIX_EPOCH + chrono::TimeDelta::minutes(minutes);
    let mut will = Will::default();
    will.press(AcquisitionMode::Manual, minutes(0));
    assert!(will.wanted(AcquisitionMode::Manual, minutes(9)));
    assert!(!will.wanted(AcquisitionMode::Manual, minutes(12)));
    assert!(!will.wanted(AcquisitionMode::Authorized, minutes(1)));
    will.changes_mind(minutes(5));
    assert!(!will.wanted(AcquisitionMode::Manual, minutes(9)));
}
