//! A home as an agency has it after years: many accounts, each with daily readings. What `cargo xtask bench ui` opens the
//! app with.
//!
//! `filled_home HOME ACCOUNTS DAYS`. The tables are written as the application writes them, only faster; what is worked
//! out of them, the application works out itself.
#![allow(clippy::print_stdout, reason = "an example speaks on its output")]

use std::{error::Error, path::Path, time::Instant};

use companion::{
    Companion, Platforms,
    ports::{Clock as _, SystemClock},
};
use rusqlite::{Connection, params};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const DAY: i64 = 86_400_000;
const TOWNS: [&str; 8] = ["晋中", "太原", "平遥", "大同", "临汾", "运城", "长治", "阳泉"];
const TRADES: [&str; 8] = ["小馆", "面庄", "书店", "药房", "烘焙", "花店", "美发", "超市"];

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [home, accounts, days] = arguments.as_slice() else { return Err("HOME ACCOUNTS DAYS".into()) };
    let (home, accounts, days) = (Path::new(home), accounts.parse()?, days.parse()?);
    tauri::async_runtime::block_on(async {
        open(home).await?.close().await;
        let now = SystemClock.now().timestamp_millis();
        fill_ledger(&home.join("ledger.db"), accounts, days, now)?;
        fill_cache(&home.join("cache.db"), accounts, days, now)?;
        let companion = open(home).await?;
        let mut changes = companion.subscribe();
        let began = Instant::now();
        while companion.get_accounts().await.map_err(|error| error.to_string())?.working_out > 0 {
            changes.recv().await?;
        }
        println!("Dates of {accounts} accounts worked out in {} ms", began.elapsed().as_millis());
        let began = Instant::now();
        let view = companion.get_accounts().await.map_err(|error| error.to_string())?;
        let (took, bytes) = (began.elapsed(), serde_json::to_vec(&view)?.len());
        println!("The table of all: {} ms, {} kB", took.as_millis(), bytes / 1_000);
        companion.close().await;
        Ok(())
    })
}

async fn open(home: &Path) -> Outcome<Companion> {
    Companion::open(testkit::setup(home, Platforms::default()))
        .await
        .map_err(|error| error.to_string().into())
}

/// As the shell names accounts: an id whose profile it would keep.
fn id(account: i64) -> String {
    format!("0191d3a0-5b7c-7000-8000-{account:012x}")
}

/// Calls of a day: a pace of its own for each account, more at weekends, and never quite the same.
fn calls(account: i64, day: i64) -> i64 {
    let pace = 1 + account * 7 % 23;
    let weekend = if day % 7 >= 5 { pace / 2 } else { 0 };
    pace + weekend + (account * 31 + day * 17) % (pace + 1)
}

fn fill_ledger(file: &Path, accounts: i64, days: i64, now: i64) -> Outcome {
    let mut db = Connection::open(file)?;
    let all = db.transaction()?;
    for account in 0..accounts {
        let (town, trade) = (TOWNS[usize::try_from(account % 8)?], TRADES[usize::try_from(account / 8 % 8)?]);
        let (id, began) = (id(account), now - days * DAY);
        all.execute(
            "INSERT INTO accounts (id, name, environment, created_at) VALUES (?1, ?2, 'live', ?3)",
            params![id, format!("{town}{trade}{} 号店", account + 1), began],
        )?;
        all.execute(
            "INSERT INTO answers (account, at, subject, category, verified, way, monthly_calls, usage_seen_at, mode,
                finished_at)
             VALUES (?1, 'done', 'enterprise', 'catering', 1, 'authorized', 300, ?2, 'authorized', ?2)",
            params![id, began],
        )?;
        let app_id = format!("wx{account:016x}");
        all.execute(
            "INSERT INTO connections (account, source, app_id, connected_at) VALUES (?1, 'app_secret', ?2, ?3)",
            params![id, app_id, began],
        )?;
        all.execute("INSERT INTO meters (account, app_id, lot) VALUES (?1, ?2, '')", params![id, app_id])?;
        let meter = all.last_insert_rowid();
        let mut reading = all.prepare_cached(
            "INSERT INTO meter_readings (meter, at, used, total) VALUES (?1, ?2, ?3, 1000000)",
        )?;
        let mut used = 0;
        for day in 0..=days {
            // The first and the last reading of each day, as the application keeps them.
            reading.execute(params![meter, began + day * DAY - DAY / 3, used])?;
            reading.execute(params![meter, began + day * DAY, used + calls(account, day) / 2])?;
            used += calls(account, day);
        }
    }
    Ok(all.commit()?)
}

fn fill_cache(file: &Path, accounts: i64, days: i64, now: i64) -> Outcome {
    let mut db = Connection::open(file)?;
    let all = db.transaction()?;
    for account in 0..accounts {
        let id = id(account);
        let used: i64 = (0..days).map(|day| calls(account, day)).sum::<i64>() + calls(account, days) / 2;
        // From nothing to years of calls left.
        let left = account * account % 9_001;
        all.execute(
            "INSERT INTO readings (account, read_at, used, total, average, average_at_most) VALUES (?1, ?2, ?3, ?4, 300, 0)",
            params![id, now, used, used + left],
        )?;
        for (place, lot, source, used, total, end) in [
            (0, "trial", "trial", 1_000, 1_000, None),
            (1, "pkg-1", "paid", used - 1_000, used - 1_000 + left / 2, Some(now + 90 * DAY)),
            (2, "pkg-2", "paid", 0, left - left / 2, Some(now + 300 * DAY)),
        ] {
            let state = if used < total { "in_effect" } else { "spent" };
            all.execute(
                "INSERT INTO lots (account, position, id, source, state, total, used, effective_at, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![id, place, format!("{lot}-{account}"), source, state, total, used, now - 60 * DAY, end],
            )?;
        }
        all.execute(
            "INSERT INTO syncs (account, last_tried, last_ok) VALUES (?1, ?2, ?2)",
            params![id, now],
        )?;
    }
    Ok(all.commit()?)
}
