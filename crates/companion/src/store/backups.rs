//! Copies of the ledger in `backups/`: one a day of the last seven, one of each Monday of the last four weeks, and the one
//! from before the last migration. A copy is examined before it takes its name, and is a ledger like any other: renamed to
//! `ledger.db` it is opened.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{Datelike as _, NaiveDate, Weekday};
use rusqlite::{Connection, OpenFlags};

use super::error::StoreError;
use super::file;
use crate::paths::Paths;

const DAYS: usize = 7;
const MONDAYS: usize = 4;
const BEFORE_MIGRATION: &str = "ledger-before-update.db";

/// Copies the ledger as it was before a newer version changes it.
pub(super) fn before_migration(paths: &Paths) -> Result<(), StoreError> {
    copy(&paths.ledger(), &make_folder(paths)?.join(BEFORE_MIGRATION))
}

/// Copies the ledger unless that was done on this day, and removes copies that are no longer wanted. Blocks.
pub(crate) fn of_day(paths: &Paths, today: NaiveDate) -> Result<(), StoreError> {
    let folder = make_folder(paths)?;
    let copy_of_today = folder.join(format!("ledger-{today}.db"));
    if !copy_of_today.exists() {
        copy(&paths.ledger(), &copy_of_today)?;
    }
    let days = days_in(&folder)?;
    for day in days.iter().filter(|day| !wanted(&days).contains(day)) {
        fs::remove_file(folder.join(format!("ledger-{day}.db")))?;
    }
    Ok(())
}

/// Removes every copy, for a person who has an account destroyed. Blocks.
pub(crate) fn remove_all(paths: &Paths) -> Result<(), StoreError> {
    match fs::remove_dir_all(paths.backups()) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// The days, newest first.
fn days_in(folder: &Path) -> Result<Vec<NaiveDate>, StoreError> {
    let mut days = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let day = name.to_str().and_then(|name| name.strip_prefix("ledger-")?.strip_suffix(".db"));
        days.extend(day.and_then(|day| day.parse::<NaiveDate>().ok()));
    }
    days.sort_unstable_by(|one, other| other.cmp(one));
    Ok(days)
}

/// Those of `days`, newest first, whose copies stay.
fn wanted(days: &[NaiveDate]) -> Vec<NaiveDate> {
    let mondays = days.iter().filter(|day| day.weekday() == Weekday::Mon).take(MONDAYS);
    days.iter().take(DAYS).chain(mondays).copied().collect()
}

fn make_folder(paths: &Paths) -> Result<PathBuf, StoreError> {
    let folder = paths.backups();
    super::make_home(&folder)?;
    Ok(folder)
}

/// Whole or not at all: what bears the name was examined.
fn copy(ledger: &Path, to: &Path) -> Result<(), StoreError> {
    let unfinished = to.with_extension("new");
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let connection = Connection::open_with_flags(ledger, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.execute("VACUUM INTO ?1", [unfinished.to_string_lossy()])?;
    file::restrict(&unfinished)?;
    file::examine_pages(&unfinished)?;
    Ok(fs::rename(unfinished, to)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_week_of_days_and_a_month_of_mondays_stay() {
        let mut days: Vec<NaiveDate> = day("2026-10-01").iter_days().take(60).collect();
        days.reverse();
        let stay: Vec<String> = wanted(&days).iter().map(ToString::to_string).collect();
        assert_eq!(stay[..7], ["29", "28", "27", "26", "25", "24", "23"].map(|day| format!("2026-11-{day}")));
        assert_eq!(stay[7..], ["2026-11-23", "2026-11-16", "2026-11-09", "2026-11-02"]);
        assert_eq!(wanted(&days[..2]), days[..2]);
    }

    #[test]
    fn a_copy_is_made_once_a_day_and_opens_as_a_ledger() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::new(home.path());
        drop(Store::open(&paths).unwrap());
        for (today, copies) in [("2026-11-01", 1), ("2026-11-01", 1), ("2026-11-02", 2), ("2026-12-31", 3)] {
            of_day(&paths, day(today)).unwrap();
            assert_eq!(days_in(&paths.backups()).unwrap().len(), copies, "{today}");
        }
        for number in 0..20 {
            of_day(&paths, day("2027-02-01") + chrono::Days::new(number)).unwrap();
        }
        assert_eq!(days_in(&paths.backups()).unwrap().len(), 10, "seven days, and three Mondays before them");
        fs::rename(paths.backups().join("ledger-2027-02-20.db"), paths.ledger()).unwrap();
        drop(Store::open(&paths).unwrap());
    }

    #[test]
    fn a_ledger_is_copied_before_it_is_migrated() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::new(home.path());
        let older = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/homes/0.1.0/ledger.db");
        fs::copy(older, paths.ledger()).unwrap();
        drop(Store::open(&paths).unwrap());
        let copied = Connection::open(paths.backups().join(BEFORE_MIGRATION)).unwrap();
        let version = |db: &Connection| {
            db.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0)).unwrap()
        };
        let before = version(&Connection::open(older).unwrap());
        assert_eq!(version(&copied), before);
        assert!(version(&Connection::open(paths.ledger()).unwrap()) > before);
    }
}
