//! Opening the two files: what is refused, what is made anew.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

use super::error::StoreError;
use super::{
    accounts, allocations, answers, connections, history, member_cards, mode_changes, orders, outlooks,
    price_lists, purchases, readings, reminders, settings, sign_ups, syncs,
};

/// Marks our files among SQLite files: "vnm" and which of the two.
const LEDGER_ID: i32 = 0x766e_6d01;
const CACHE_ID: i32 = 0x766e_6d02;

/// Released migrations never change; a new one goes to the end.
const LEDGER: &[M<'static>] = &[
    M::up(settings::MIGRATION),
    M::up(accounts::MIGRATION),
    M::up(answers::MIGRATION),
    M::up(connections::MIGRATION),
    M::up(purchases::MIGRATION),
    M::up(mode_changes::MIGRATION),
    M::up(allocations::MIGRATION),
    M::up(accounts::MIGRATION_PARTING),
    M::up(price_lists::MIGRATION),
    M::up(history::MIGRATION),
    M::up(orders::MIGRATION),
    M::up(mode_changes::REASONS),
    M::up(reminders::MIGRATION),
];
const CACHE: &[M<'static>] = &[
    M::up(readings::MIGRATION),
    M::up(syncs::MIGRATION),
    M::up(member_cards::MIGRATION),
    M::up(outlooks::MIGRATION),
    M::up(member_cards::SHOPS),
    M::up(sign_ups::MIGRATION),
];

pub(super) fn open_ledger(path: &Path) -> Result<Connection, StoreError> {
    examine(path, LEDGER_ID, LEDGER)?;
    let connection = open(path, LEDGER_ID, LEDGER)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

pub(super) fn open_cache(path: &Path) -> Result<Connection, StoreError> {
    let connection = open_or_remake_cache(path)?;
    // A power failure may take the last readings with it, which the next sync brings back; it cannot damage the file.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    Ok(connection)
}

fn open_or_remake_cache(path: &Path) -> Result<Connection, StoreError> {
    match examine(path, CACHE_ID, CACHE).and_then(|()| open(path, CACHE_ID, CACHE)) {
        Err(StoreError::Damaged | StoreError::Newer) => {
            tracing::warn!("the cache cannot be used and is made anew");
            for file in [path.to_owned(), beside(path, "-wal"), beside(path, "-shm")] {
                match std::fs::remove_file(file) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                    _ => {}
                }
            }
            open(path, CACHE_ID, CACHE)
        }
        opened => opened,
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Looks at an existing file without changing a byte of it: reading alone neither migrates nor checkpoints.
fn examine(path: &Path, id: i32, migrations: &[M<'_>]) -> Result<(), StoreError> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_file() && found.len() > 0 => {}
        // Made, but killed before the first page was written: nothing was acknowledged yet.
        Ok(found) if found.is_file() => return Ok(()),
        Ok(_) => return Err(StoreError::Damaged),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let found: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: usize =
        connection.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0))? as usize;
    let tables: u32 = connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    if found != id && (version, tables) != (0, 0) {
        return Err(StoreError::Damaged);
    }
    if version > migrations.len() {
        return Err(StoreError::Newer);
    }
    let verdict: String = connection.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(StoreError::Damaged) }
}

fn open(path: &Path, id: i32, migrations: &'static [M<'static>]) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "application_id", id)?;
    Migrations::from_slice(migrations).to_latest(&mut connection)?;
    Ok(connection)
}
