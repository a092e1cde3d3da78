//! Copies of the ledger in `backups/`: one a day of the last seven, one of each Monday of the last four weeks, the one from
//! before the last migration, and for thirty days each ledger that a restored one replaced. A copy is examined before it
//! takes its name, and is a ledger like any other: renamed to `ledger.db` it is opened.

use std::fs;
use std::path::{Path, PathBuf};

use billing_core::time::{beijing_day, beijing_midnight};
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};
use rusqlite::{Connection, OpenFlags};

use super::error::StoreError;
use super::file;
use crate::api::BackupKind;
use crate::paths::Paths;

const DAYS: usize = 7;
const MONDAYS: usize = 4;
/// What was typed since a backup that was restored stands in the ledger that was replaced alone.
const REPLACED_DAYS: TimeDelta = TimeDelta::days(30);
const BEFORE_MIGRATION: &str = "ledger-before-update.db";
/// In the name of a replaced ledger: when, in UTC.
const WHEN: &str = "%Y%m%dT%H%M%SZ";

/// A file that can be restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Backup {
    pub(crate) name: String,
    pub(crate) kind: BackupKind,
    pub(crate) made_at: DateTime<Utc>,
    pub(crate) bytes: u64,
}

/// What the name of a copy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Day(NaiveDate),
    BeforeUpdate,
    Replaced(DateTime<Utc>),
}

impl Named {
    fn of(name: &str) -> Option<Self> {
        if name == BEFORE_MIGRATION {
            return Some(Self::BeforeUpdate);
        }
        let word = name.strip_prefix("ledger-")?.strip_suffix(".db")?;
        match word.strip_prefix("replaced-") {
            Some(when) => {
                let at = NaiveDateTime::parse_from_str(when, WHEN).ok()?;
                Some(Self::Replaced(at.and_utc()))
            }
            None => Some(Self::Day(word.parse().ok()?)),
        }
    }
}

/// The name for a ledger that is replaced now, which no other file has.
pub(super) fn name_of_replaced(paths: &Paths, now: DateTime<Utc>) -> String {
    let name = |at: DateTime<Utc>| format!("ledger-replaced-{}.db", at.format(WHEN));
    let mut at = now;
    while file::FILES.iter().any(|suffix| paths.backups().join(name(at) + suffix).exists()) {
        at += TimeDelta::seconds(1);
    }
    name(at)
}

pub(super) fn is_of_replaced(name: &str) -> bool {
    matches!(Named::of(name), Some(Named::Replaced(_)))
}

/// What can be restored, newest first. Blocks.
pub(crate) fn list(paths: &Paths) -> Result<Vec<Backup>, StoreError> {
    let mut backups = Vec::new();
    for (name, named) in names_in(&paths.backups())? {
        let path = paths.backups().join(&name);
        let found = fs::metadata(&path)?;
        // Nothing can be restored from where a ledger was lost.
        if !found.is_file() || found.len() == 0 {
            continue;
        }
        let written = found.modified().map_or(DateTime::UNIX_EPOCH, DateTime::from);
        let (kind, made_at) = match named {
            // A copy of the folder may have changed the file's own time.
            Named::Day(day) if beijing_day(written) == day => (BackupKind::Daily, written),
            Named::Day(day) => (BackupKind::Daily, beijing_midnight(day).unwrap_or(written)),
            Named::BeforeUpdate => (BackupKind::BeforeUpdate, written),
            Named::Replaced(at) => (BackupKind::Replaced, at),
        };
        let log = fs::metadata(file::with_suffix(&path, "-wal")).map_or(0, |log| log.len());
        backups.push(Backup { name, kind, made_at, bytes: found.len() + log });
    }
    backups.sort_unstable_by(|one, other| (other.made_at, &other.name).cmp(&(one.made_at, &one.name)));
    Ok(backups)
}

/// Copies the ledger as it was before a newer version changes it.
pub(super) fn before_migration(paths: &Paths) -> Result<(), StoreError> {
    copy(&paths.ledger(), &make_folder(paths)?.join(BEFORE_MIGRATION))
}

/// Copies the ledger unless that was done on this day, and removes copies that are no longer wanted; whether a copy was
/// made. Blocks.
pub(crate) fn of_day(paths: &Paths, today: NaiveDate) -> Result<bool, StoreError> {
    let folder = make_folder(paths)?;
    let copy_of_today = folder.join(format!("ledger-{today}.db"));
    let is_due = !copy_of_today.exists();
    if is_due {
        copy(&paths.ledger(), &copy_of_today)?;
    }
    let names = names_in(&folder)?;
    let mut days: Vec<NaiveDate> = Vec::new();
    for (name, named) in &names {
        match named {
            Named::Day(day) => days.push(*day),
            Named::Replaced(at) if today - beijing_day(*at) > REPLACED_DAYS => {
                file::remove(&folder.join(name))?;
            }
            Named::Replaced(_) | Named::BeforeUpdate => {}
        }
    }
    days.sort_unstable_by(|one, other| other.cmp(one));
    for day in days.iter().filter(|day| !wanted(&days).contains(day)) {
        file::remove(&folder.join(format!("ledger-{day}.db")))?;
    }
    Ok(is_due)
}

/// Removes every copy, also one about to be restored, for a person who has an account destroyed. Blocks.
pub(crate) fn remove_all(paths: &Paths) -> Result<(), StoreError> {
    file::remove_file(&paths.restore_order())?;
    file::remove(&paths.restored_ledger())?;
    match fs::remove_dir_all(paths.backups()) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// The copies in the folder, by what their names say.
fn names_in(folder: &Path) -> Result<Vec<(String, Named)>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry?.file_name().into_string();
        names.extend(name.ok().and_then(|name| Named::of(&name).map(|named| (name, named))));
    }
    Ok(names)
}

/// Those of `days`, newest first, whose copies stay.
fn wanted(days: &[NaiveDate]) -> Vec<NaiveDate> {
    let mondays = days.iter().filter(|day| day.weekday() == Weekday::Mon).take(MONDAYS);
    days.iter().take(DAYS).chain(mondays).copied().collect()
}

pub(super) fn make_folder(paths: &Paths) -> Result<PathBuf, StoreError> {
    let folder = paths.backups();
    super::make_home(&folder)?;
    Ok(folder)
}

/// Whole or not at all: what bears the name was examined.
fn copy(ledger: &Path, to: &Path) -> Result<(), StoreError> {
    let unfinished = to.with_extension("new");
    file::remove_file(&unfinished)?;
    vacuum_into(ledger, &unfinished)?;
    file::examine_pages(&unfinished)?;
    Ok(fs::rename(unfinished, to)?)
}

/// Writes what a database holds, with what stands in its log alone, into a new file.
pub(super) fn vacuum_into(from: &Path, to: &Path) -> Result<(), StoreError> {
    let connection = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
    file::restrict(to)
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
            assert_eq!(list(&paths).unwrap().len(), copies, "{today}");
        }
        for number in 0..20 {
            of_day(&paths, day("2027-02-01") + chrono::Days::new(number)).unwrap();
        }
        assert_eq!(list(&paths).unwrap().len(), 10, "seven days, and three Mondays before them");
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
