//! The practice platform's own database: one SQLite file, held by one process at a time.
//!
//! Everything is committed before it is answered. Accounts live in memory too, because charging needs them at once;
//! they are replayed from `billing_events` at the start and whenever a write failed half-way.

pub(crate) mod agents;
pub(crate) mod billing;
pub(crate) mod bulk;
pub(crate) mod clears;
pub(crate) mod codes;
pub(crate) mod columns;
pub(crate) mod credentials;
pub(crate) mod error;
pub(crate) mod invoices;
pub(crate) mod leases;
pub(crate) mod numbers;
pub(crate) mod orders;
pub(crate) mod programs;
pub(crate) mod pushes;
pub(crate) mod rids;
pub(crate) mod sessions;
pub(crate) mod shops;
pub(crate) mod sign_ups;
pub(crate) mod tokens;
pub(crate) mod traffic;

use crate::member::Member;
use billing::Accounts;
use chrono::{DateTime, Utc};
use error::{DatabaseError, Stored, migration_error, replay_error};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use rusqlite_migration::{HookError, HookResult, M, Migrations};
use std::path::Path;
use std::time::Duration;

const MIGRATIONS: usize = 10;

fn migrations() -> Migrations<'static> {
    Migrations::new(vec![
        M::up(include_str!("001_first.sql")),
        M::up(include_str!("002_records.sql")),
        M::up(include_str!("003_agents.sql")),
        M::up(include_str!("004_bulk_purchase.sql")),
        M::up(include_str!("005_push.sql")),
        M::up_with_hook(include_str!("006_email_hash.sql"), hash_emails),
        M::up(include_str!("007_guard_lease.sql")),
        M::up(include_str!("008_any_mode.sql")),
        M::up(include_str!("009_mini_games.sql")),
        M::up_with_hook(include_str!("010_members.sql"), hide_numbers),
    ])
}

/// Replaces every e-mail address by its hash.
fn hash_emails(transaction: &Transaction<'_>) -> HookResult {
    let mut typed = transaction
        .prepare("SELECT login_email_hash FROM mini_programs WHERE login_email_hash IS NOT NULL")?;
    let typed = typed.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    for email in typed {
        let hash =
            programs::email_hash(transaction, &email).map_err(|error| HookError::Hook(error.to_string()))?;
        transaction.execute(
            "UPDATE mini_programs SET login_email_hash = ?2 WHERE login_email_hash = ?1",
            (email, hash),
        )?;
    }
    Ok(())
}

/// Replaces every number of a member.
fn hide_numbers(transaction: &Transaction<'_>) -> HookResult {
    let mut given =
        transaction.prepare("SELECT DISTINCT app_id, phone FROM sign_ups WHERE phone IS NOT NULL")?;
    let given = given
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<Vec<(String, String)>, _>>()?;
    let mut hide = transaction
        .prepare("UPDATE sign_ups SET member_id = ?3, phone_masked = ?4 WHERE app_id = ?1 AND phone = ?2")?;
    for (app_id, phone) in given {
        let member = Member::of(&app_id, &phone);
        hide.execute((app_id, phone, member.id, member.phone_masked))?;
    }
    transaction.execute_batch(
        "DROP INDEX sign_ups_by_phone;
         ALTER TABLE sign_ups DROP COLUMN phone;
         CREATE INDEX sign_ups_by_member ON sign_ups (app_id, member_id);",
    )?;
    Ok(())
}

/// How long another process may take to let go of the file.
const PATIENCE: Duration = Duration::from_secs(2);

/// The connection and the accounts that mirror it.
#[derive(Debug)]
pub(crate) struct Store {
    connection: Connection,
    accounts: Accounts,
    /// A write failed half-way: the accounts in memory may be ahead of the database.
    stale: bool,
}

impl Store {
    pub(crate) fn open(file: &Path) -> Result<Self, DatabaseError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(file, flags)?;
        // A process that is just ending gets a moment to let go.
        connection.busy_timeout(PATIENCE)?;
        // A second process with its own accounts in memory would charge what the first has charged already.
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        refuse_newer(&connection)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        // What was replaced or deleted is gone from the file, too.
        connection.pragma_update(None, "secure_delete", "ON")?;
        let check: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if check != "ok" {
            return Err(DatabaseError::Damaged(check));
        }
        migrations().to_latest(&mut connection).map_err(migration_error)?;
        // The log may still hold pages from before a migration.
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        // Takes the write lock now rather than at the first charge.
        connection.execute_batch("BEGIN IMMEDIATE; COMMIT;")?;
        let accounts = Accounts::replay(&connection).map_err(replay_error)?;
        Ok(Self { connection, accounts, stale: false })
    }

    /// Reads.
    pub(crate) fn read<T>(&mut self, read: impl FnOnce(&Connection, &Accounts) -> Stored<T>) -> Stored<T> {
        self.refresh()?;
        read(&self.connection, &self.accounts)
    }

    /// Writes: either all of it is committed when this returns, or nothing has happened.
    pub(crate) fn write<T>(
        &mut self,
        write: impl FnOnce(&Connection, &mut Accounts) -> Stored<T>,
    ) -> Stored<T> {
        self.refresh()?;
        // Stays so if the closure panics: the next caller replays.
        self.stale = true;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = write(&transaction, &mut self.accounts).and_then(|answer| {
            transaction.commit()?;
            Ok(answer)
        });
        self.stale = done.is_err();
        done
    }

    /// Whether something happens by time alone until an instant.
    pub(crate) fn is_due(&mut self, now: DateTime<Utc>) -> Stored<bool> {
        self.refresh()?;
        Ok(self.accounts.next_due().is_some_and(|due| due <= now))
    }

    /// Whether events were queued since this was last asked.
    pub(crate) const fn take_announced(&mut self) -> bool {
        self.accounts.take_announced()
    }

    fn refresh(&mut self) -> Stored<()> {
        if self.stale {
            self.accounts = Accounts::replay(&self.connection)?;
            self.stale = false;
        }
        Ok(())
    }
}

fn refuse_newer(connection: &Connection) -> Result<(), DatabaseError> {
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = i64::try_from(MIGRATIONS).unwrap_or(i64::MAX);
    if found > known { Err(DatabaseError::Newer { found, known }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::error::{DatabaseError, invalid_row};
    use super::{Store, migrations, programs, sign_ups};
    use crate::assumed::NumberChoice;
    use crate::charging::{Customer, charge};
    use crate::component::Button;
    use crate::member::Member;
    use crate::seed;
    use billing_core::Capability;
    use rusqlite::ffi;

    const BOOKSHOP: &str = "wxfacade0000000002";

    fn used(store: &mut Store) -> u64 {
        let now = chrono::Utc::now();
        store
            .read(|_, accounts| Ok(accounts.get(BOOKSHOP, Capability::Quick)?.totals(now).used.get()))
            .unwrap()
    }

    #[test]
    fn a_write_that_fails_half_way_has_not_happened() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("p.db")).unwrap();
        let now = chrono::Utc::now();
        store.write(|connection, accounts| seed::plant(connection, accounts, now)).unwrap();
        let customer = Customer::new(1).unwrap();
        let charged = |store: &mut Store, fail: bool| {
            store.write(|connection, accounts| {
                let success = charge(
                    connection,
                    accounts,
                    BOOKSHOP,
                    (customer, NumberChoice::Bound),
                    Button::default(),
                    now,
                )?;
                assert!(success.is_some());
                if fail { Err(invalid_row("on purpose")) } else { Ok(()) }
            })
        };
        charged(&mut store, true).unwrap_err();
        assert_eq!(used(&mut store), 0, "neither on the disk nor in memory");
        charged(&mut store, false).unwrap();
        assert_eq!(used(&mut store), 1);
    }

    #[test]
    fn emails_of_an_older_database_become_hashes() {
        const EMAIL: &str = "Owner@example.com";
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("p.db");
        let mut old = rusqlite::Connection::open(&file).unwrap();
        old.pragma_update(None, "journal_mode", "WAL").unwrap();
        migrations().to_version(&mut old, 5).unwrap();
        old.execute(
            "INSERT INTO mini_programs
               (app_id, position, name, shop, subject, category, created_at, login_email, password_hash)
             VALUES (?1, 1, 'a', 'b', 'enterprise', 'retail', 0, ?2, 'hash')",
            (BOOKSHOP, EMAIL),
        )
        .unwrap();
        drop(old);
        let mut store = Store::open(&file).unwrap();
        let found = store.read(|connection, _| programs::find_by_email(connection, "owner@example.com"));
        assert_eq!(found.unwrap().unwrap().app_id, BOOKSHOP);
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            assert!(!bytes.windows(EMAIL.len()).any(|window| window == EMAIL.as_bytes()));
        }
    }

    #[test]
    fn numbers_of_an_older_database_become_members() {
        const PHONE: &str = "13800138000";
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("p.db");
        let mut old = rusqlite::Connection::open(&file).unwrap();
        old.pragma_update(None, "journal_mode", "WAL").unwrap();
        old.pragma_update(None, "secure_delete", "ON").unwrap();
        migrations().to_version(&mut old, 9).unwrap();
        let row = |phone: &str| {
            format!(
                "INSERT INTO sign_ups (app_id, at, customer, way, outcome, phone, card_number)
                 VALUES ('{BOOKSHOP}', 0, 1, 'manual', 'card_issued', {phone}, '8');"
            )
        };
        let program = format!(
            "INSERT INTO mini_programs (app_id, position, name, shop, subject, category, created_at)
             VALUES ('{BOOKSHOP}', 1, 'a', 'b', 'enterprise', 'retail', 0);
             INSERT INTO shops (app_id, mode_changed_at, card_quota, cards_issued, sms_balance)
             VALUES ('{BOOKSHOP}', 0, 9, 2, 0);"
        );
        old.execute_batch(&(program + &row(&format!("'{PHONE}'")) + &row("NULL"))).unwrap();
        drop(old);
        let mut store = Store::open(&file).unwrap();
        let member = Member::of(BOOKSHOP, PHONE);
        let (known, records) = store
            .read(|connection, _| {
                let known = sign_ups::card_of(connection, BOOKSHOP, &member)?;
                Ok((known, sign_ups::latest_before(connection, BOOKSHOP, i64::MAX, 9)?))
            })
            .unwrap();
        assert_eq!(known.as_deref(), Some("8"));
        let members: Vec<_> = records.into_iter().map(|record| record.sign_up.member).collect();
        assert_eq!(members, [None, Some(member)]);
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            assert!(!bytes.windows(PHONE.len()).any(|window| window == PHONE.as_bytes()));
        }
    }

    #[test]
    fn causes_are_told_apart() {
        let cause = |code| {
            DatabaseError::from(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)).to_string()
        };
        assert_eq!(cause(ffi::SQLITE_READONLY), DatabaseError::ReadOnly.to_string());
        assert_eq!(cause(ffi::SQLITE_CANTOPEN), DatabaseError::ReadOnly.to_string());
        assert_eq!(cause(ffi::SQLITE_FULL), DatabaseError::Full.to_string());
        assert_eq!(cause(ffi::SQLITE_BUSY), DatabaseError::InUse.to_string());
        assert!(cause(ffi::SQLITE_CORRUPT).contains("damaged"));
        assert!(cause(ffi::SQLITE_NOTADB).contains("damaged"));
    }
}
