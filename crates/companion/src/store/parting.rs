//! Forgetting accounts: whatever table has a column `account`, also those that do not exist yet, so that no feature can
//! leave something over.

use std::collections::HashSet;

use rusqlite::Connection;

use super::StoreError;

fn tables_of_accounts(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut query = db.prepare(
        "SELECT tables.name FROM sqlite_schema AS tables
         JOIN pragma_table_info(tables.name) AS columns
         WHERE tables.type = 'table' AND columns.name = 'account' ORDER BY tables.name",
    )?;
    let names = query.query_map((), |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Removes every row of the account.
pub(crate) fn forget(db: &Connection, account: &str) -> Result<(), StoreError> {
    for table in tables_of_accounts(db)? {
        // Names of tables cannot be parameters; these are our own.
        db.execute(&format!("DELETE FROM \"{table}\" WHERE account = ?1"), [account])?;
    }
    Ok(())
}

/// Removes the rows of accounts that no longer exist, for example of a reading that was under way when one went.
pub(crate) fn keep_only(db: &Connection, accounts: &HashSet<String>) -> Result<(), StoreError> {
    for table in tables_of_accounts(db)? {
        let mut query = db.prepare(&format!("SELECT DISTINCT account FROM \"{table}\""))?;
        let found: Vec<Option<String>> = query.query_map((), |row| row.get(0))?.collect::<Result<_, _>>()?;
        for gone in found.into_iter().flatten().filter(|account| !accounts.contains(account)) {
            db.execute(&format!("DELETE FROM \"{table}\" WHERE account = ?1"), [gone])?;
        }
    }
    Ok(())
}
