//! Settings, by name. A missing row means the default.

use billing_core::Yuan;
use billing_core::recommend::BOTHER_FEN;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension};

use super::StoreError;
use super::columns::{Word, ledger_row};
use crate::model::stored::StoredWord;

pub(super) const MIGRATION: &str = "CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;";

/// Earlier versions stored the first row of a file of sign-ups as it was, which can be a customer's.
pub(super) const NO_TITLES: &str = "DELETE FROM settings WHERE name = 'bill_columns';";

/// What can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    Language,
    Theme,
    /// The account the pages speak of.
    Active,
    /// Through which proxy the web is reached.
    Proxy,
    /// Which column of a file of sign-ups says what, with a hash of the titles of that file.
    BillColumns,
    /// What a purchase is worth to the shop.
    ErrandPrice,
    /// What closing the main window does.
    Closing,
    /// Whether pages show figures.
    FiguresHidden,
    /// How often accounts are read without anybody asking.
    ReadEvery,
    /// Days of cover below which the shop wants to hear of an account.
    WarnDays,
    QuietHours,
    /// When this ledger was restored from a backup.
    RestoredAt,
    /// By which the member-card platform tells this computer's guard from others.
    GuardHolder,
}

impl Setting {
    const fn name(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Theme => "theme",
            Self::Active => "active",
            Self::Proxy => "proxy",
            Self::BillColumns => "bill_columns",
            Self::ErrandPrice => "errand_price",
            Self::Closing => "closing",
            Self::FiguresHidden => "figures_hidden",
            Self::ReadEvery => "read_every",
            Self::WarnDays => "warn_days",
            Self::QuietHours => "quiet_hours",
            Self::RestoredAt => "restored_at",
            Self::GuardHolder => "guard_holder",
        }
    }
}

pub(crate) fn get<T: StoredWord>(db: &Connection, setting: Setting) -> Result<Option<T>, StoreError> {
    let value = db
        .query_row("SELECT name, value FROM settings WHERE name = ?1", [setting.name()], |row| {
            ledger_row(row, ("settings", "name"), |row| row.get::<_, Word<T>>("value"))
        })
        .optional()?;
    Ok(value.map(|found| found.0))
}

pub(crate) fn set<T: StoredWord>(db: &Connection, setting: Setting, value: T) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO settings (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (setting.name(), Word(value)),
    )?;
    Ok(())
}

/// When this ledger was last restored from a backup, if it ever was.
pub(crate) fn restored_at(db: &Connection) -> Result<Option<DateTime<Utc>>, StoreError> {
    let found: Option<String> = get(db, Setting::RestoredAt)?;
    Ok(found.and_then(|text| text.parse().ok()))
}

/// By what the member-card platform tells this computer's guard from others; `fresh` when there is no such name yet.
pub(crate) fn guard_holder(db: &Connection, fresh: String) -> Result<String, StoreError> {
    if let Some(found) = get(db, Setting::GuardHolder)? {
        return Ok(found);
    }
    set(db, Setting::GuardHolder, fresh.clone())?;
    Ok(fresh)
}

/// Forgets that the pages speak of an account.
pub(crate) fn forget_active(db: &Connection, account: &str) -> Result<(), StoreError> {
    db.execute("DELETE FROM settings WHERE name = ?1 AND value = ?2", (Setting::Active.name(), account))?;
    Ok(())
}

/// The price that was set; a quarter of an hour of somebody's time until one is.
pub(crate) fn errand_price(db: &Connection) -> Result<Yuan, StoreError> {
    let found: Option<String> = get(db, Setting::ErrandPrice)?;
    Ok(found.and_then(|text| text.parse().ok()).unwrap_or_else(|| Yuan::from_fen(BOTHER_FEN)))
}

const HIDDEN: &str = "yes";

/// Whether pages hide their figures from those who look over a shoulder.
pub(crate) fn are_figures_hidden(db: &Connection) -> Result<bool, StoreError> {
    let found: Option<String> = get(db, Setting::FiguresHidden)?;
    Ok(found.as_deref() == Some(HIDDEN))
}

pub(crate) fn hide_figures(db: &Connection, hidden: bool) -> Result<(), StoreError> {
    set(db, Setting::FiguresHidden, if hidden { HIDDEN } else { "no" }.to_owned())
}

/// Hours between two readings that nobody asked for.
pub(crate) const READ_EVERY: [u32; 5] = [1, 3, 6, 12, 24];
const READ_EVERY_AT_FIRST: u32 = 3;
/// In the file instead of a number of hours: the application reads nothing by itself.
const READ_NEVER: &str = "never";

/// Hours between two readings that nobody asked for; `None`: never.
pub(crate) fn read_every(db: &Connection) -> Result<Option<u32>, StoreError> {
    let found: Option<String> = get(db, Setting::ReadEvery)?;
    Ok(match found.as_deref() {
        Some(READ_NEVER) => None,
        Some(hours) => hours.parse().ok().or(Some(READ_EVERY_AT_FIRST)),
        None => Some(READ_EVERY_AT_FIRST),
    })
}

pub(crate) fn set_read_every(db: &Connection, hours: Option<u32>) -> Result<(), StoreError> {
    set(db, Setting::ReadEvery, hours.map_or_else(|| READ_NEVER.to_owned(), |hours| hours.to_string()))
}

/// Days of cover below which the shop wants to hear of an account.
pub(crate) const WARN_DAYS: [u16; 4] = [3, 7, 14, 30];
const WARN_DAYS_AT_FIRST: u16 = 14;

pub(crate) fn warn_days(db: &Connection) -> Result<u16, StoreError> {
    let found: Option<String> = get(db, Setting::WarnDays)?;
    Ok(found.and_then(|days| days.parse().ok()).unwrap_or(WARN_DAYS_AT_FIRST))
}

/// Hours of the day, Beijing time, in which the system shows nothing; over midnight if the end comes before the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct QuietHours {
    pub(crate) from: u32,
    pub(crate) to: u32,
}

impl QuietHours {
    pub(crate) fn contains(self, hour: u32) -> bool {
        if self.from <= self.to {
            (self.from..self.to).contains(&hour)
        } else {
            hour >= self.from || hour < self.to
        }
    }
}

/// `None`: there are no quiet hours.
pub(crate) fn quiet_hours(db: &Connection) -> Result<Option<QuietHours>, StoreError> {
    let found: Option<String> = get(db, Setting::QuietHours)?;
    let hours = found.as_deref().and_then(|text| text.split_once('-'));
    Ok(hours.and_then(|(from, to)| Some(QuietHours { from: from.parse().ok()?, to: to.parse().ok()? })))
}

pub(crate) fn set_alerting(
    db: &Connection,
    warn_days: u16,
    quiet: Option<QuietHours>,
) -> Result<(), StoreError> {
    set(db, Setting::WarnDays, warn_days.to_string())?;
    let quiet = quiet.map_or_else(|| "never".to_owned(), |hours| format!("{}-{}", hours.from, hours.to));
    set(db, Setting::QuietHours, quiet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_may_go_over_midnight() {
        let hours =
            |from, to| (0..24).filter(|hour| QuietHours { from, to }.contains(*hour)).collect::<Vec<_>>();
        assert_eq!(hours(22, 8), [0, 1, 2, 3, 4, 5, 6, 7, 22, 23]);
        assert_eq!(hours(12, 14), [12, 13]);
        assert!(hours(9, 9).is_empty());
    }
}
