use super::*;

fn home() -> (tempfile::TempDir, Paths) {
    let folder = tempfile::tempdir().unwrap();
    let paths = Paths::new(folder.path());
    (folder, paths)
}

#[test]
fn a_second_instance_is_refused_until_the_first_ends() {
    let (_folder, paths) = home();
    let first = Store::open(&paths).unwrap();
    assert!(matches!(Store::open(&paths), Err(StoreError::AlreadyRunning)));
    drop(first);
    Store::open(&paths).unwrap();
}

#[test]
fn a_newer_ledger_is_refused_and_not_touched() {
    let (_folder, paths) = home();
    drop(Store::open(&paths).unwrap());
    Connection::open(paths.ledger()).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = std::fs::read(paths.ledger()).unwrap();
    assert!(matches!(Store::open(&paths), Err(StoreError::Newer)));
    assert_eq!(std::fs::read(paths.ledger()).unwrap(), before);
}

#[test]
fn a_damaged_ledger_is_refused_and_not_touched() {
    for garbage in [b"this is no database at all".to_vec(), b"SQLite format 3\0truncated".to_vec()] {
        let (_folder, paths) = home();
        std::fs::write(paths.ledger(), &garbage).unwrap();
        assert!(matches!(Store::open(&paths), Err(StoreError::Damaged)));
        assert_eq!(std::fs::read(paths.ledger()).unwrap(), garbage);
    }
}

/// Power losses, sync tools and cleaners leave files of no length. SQLite deletes the log next to an empty database.
#[test]
fn a_ledger_that_was_lost_is_not_taken_for_a_first_start() {
    let logs: [fn(&Paths) -> std::path::PathBuf; 2] =
        [Paths::cache, |paths| paths.home().join("ledger.db-wal")];
    for (lost, left) in [(true, logs[0]), (false, logs[0]), (true, logs[1]), (false, logs[1])] {
        let (_folder, paths) = home();
        if !lost {
            std::fs::write(paths.ledger(), b"").unwrap();
        }
        std::fs::write(left(&paths), b"acknowledged").unwrap();
        assert!(matches!(Store::open(&paths), Err(StoreError::Missing)), "{}", left(&paths).display());
        assert_eq!(std::fs::read(left(&paths)).unwrap(), b"acknowledged");
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_on_this_computer_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, _) = home();
    let paths = Paths::new(folder.path().join("new"));
    let store = Store::open(&paths).unwrap();
    backups::of_day(&paths, "2026-11-28".parse().unwrap()).unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!([paths.home(), &paths.backups()].map(mode), [0o700; 2]);
    let wal = paths.home().join("ledger.db-wal");
    let copy = paths.backups().join("ledger-2026-11-28.db");
    assert_eq!([&paths.ledger(), &paths.cache(), &wal, &copy].map(|path| mode(path)), [0o600; 4]);
    drop(store);
}

/// What was deleted is in neither file nor log.
#[tokio::test]
async fn what_is_deleted_is_overwritten() {
    let (_folder, paths) = home();
    let store = Store::open(&paths).unwrap();
    let name = "a shop that leaves".to_owned();
    store.ledger(move |db| settings::set(db, settings::Setting::Active, name)).await.unwrap();
    store.ledger(|db| Ok(db.execute("DELETE FROM settings", ())?)).await.unwrap();
    store.empty_logs().await.unwrap();
    for file in std::fs::read_dir(paths.home()).unwrap() {
        let file = file.unwrap().path();
        let bytes = std::fs::read(&file).unwrap();
        let found = bytes.windows(18).any(|window| window == b"a shop that leaves");
        assert!(!found, "{}", file.display());
    }
}

/// The last page at which a table or an index begins: the head is sound, and so is the schema.
fn break_page(paths: &Paths) -> Vec<u8> {
    let ledger = Connection::open(paths.ledger()).unwrap();
    let root = "SELECT max(rootpage) FROM sqlite_schema";
    let root: usize = ledger.query_row(root, (), |row| row.get::<_, u32>(0)).unwrap() as usize;
    drop(ledger);
    let mut bytes = std::fs::read(paths.ledger()).unwrap();
    bytes[(root - 1) * 4096..root * 4096].fill(0xA5);
    std::fs::write(paths.ledger(), &bytes).unwrap();
    bytes
}

#[tokio::test]
async fn nothing_is_written_to_a_ledger_with_a_broken_page() {
    let (_folder, paths) = home();
    drop(Store::open(&paths).unwrap());
    let bytes = break_page(&paths);
    let store = Store::open(&paths).unwrap();
    let written =
        store.ledger(|db| Ok(db.execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (1)")?)).await;
    assert!(matches!(written, Err(StoreError::Damaged)), "{written:?}");
    // Now it is known, and reading fails as well.
    let read = store.ledger(|db| Ok(db.execute_batch("SELECT 1")?)).await;
    assert!(matches!(read, Err(StoreError::Damaged)), "{read:?}");
    drop(store);
    assert_eq!(std::fs::read(paths.ledger()).unwrap(), bytes);
}

#[test]
fn a_ledger_with_a_broken_page_is_not_migrated() {
    let (_folder, paths) = home();
    drop(Store::open(&paths).unwrap());
    Connection::open(paths.ledger()).unwrap().pragma_update(None, "user_version", 12).unwrap();
    let bytes = break_page(&paths);
    assert!(matches!(Store::open(&paths), Err(StoreError::Damaged)));
    assert_eq!(std::fs::read(paths.ledger()).unwrap(), bytes);
}

#[test]
fn opening_a_ledger_of_this_version_writes_nothing_to_it() {
    let (_folder, paths) = home();
    drop(Store::open(&paths).unwrap());
    let changed = || std::fs::metadata(paths.ledger()).unwrap().modified().unwrap();
    let before = changed();
    drop(Store::open(&paths).unwrap());
    assert_eq!(changed(), before);
}

#[test]
fn somebody_elses_database_is_refused() {
    let (_folder, paths) = home();
    Connection::open(paths.ledger()).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
    assert!(matches!(Store::open(&paths), Err(StoreError::Damaged)));
}

#[test]
fn a_damaged_or_newer_cache_is_replaced() {
    let (_folder, paths) = home();
    drop(Store::open(&paths).unwrap());
    std::fs::write(paths.cache(), b"garbage, and not a little of it").unwrap();
    drop(Store::open(&paths).unwrap());
    Connection::open(paths.cache()).unwrap().pragma_update(None, "user_version", 99).unwrap();
    drop(Store::open(&paths).unwrap());
    let version: i64 = Connection::open(paths.cache())
        .unwrap()
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    assert_eq!(version, 7);
}

/// A virus scanner may hold the file for a moment: that says nothing of its pages.
#[test]
fn a_ledger_that_could_not_be_examined_is_examined_again_and_not_called_damaged() {
    let (_folder, paths) = home();
    let examination = Examination::begin(paths.ledger());
    let verdict = examination.verdict();
    assert!(matches!(verdict.passed(), Err(StoreError::Failed)), "there is no file to open");
    verdict.not_failed().unwrap();
    drop(file::open_ledger(&paths).unwrap());
    verdict.passed().unwrap();
}

/// Three years of a thousand accounts take longer to read than a window to open.
#[tokio::test]
async fn a_writer_that_waits_for_the_examination_holds_up_no_reader() {
    let (_folder, paths) = home();
    let store = Arc::new(Store::open(&paths).unwrap());
    let verdict = store.examination.verdict();
    let (begun, has_begun) = std::sync::mpsc::channel();
    let (end, ends) = std::sync::mpsc::channel::<()>();
    let slow = std::thread::spawn(move || {
        let _examined = verdict.held_up();
        begun.send(()).unwrap();
        ends.recv().unwrap();
    });
    has_begun.recv().unwrap();
    let writing = {
        let store = Arc::clone(&store);
        let write = async move |store: Arc<Store>| {
            store.write_ledger(|db| settings::set(db, settings::Setting::Active, "chosen".to_owned())).await
        };
        tokio::spawn(write(store))
    };
    let read = || store.ledger(|db| settings::get::<String>(db, settings::Setting::Active));
    for _ in 0..50 {
        let found = tokio::time::timeout(Duration::from_secs(20), read()).await;
        assert_eq!(found.expect("reading waits for the examination").unwrap(), None);
    }
    assert!(!writing.is_finished());
    end.send(()).unwrap();
    writing.await.unwrap().unwrap();
    assert_eq!(read().await.unwrap().as_deref(), Some("chosen"));
    slow.join().unwrap();
}

#[tokio::test]
async fn a_row_of_the_cache_with_an_impossible_value_is_not_known_and_the_others_are() {
    let (_folder, paths) = home();
    let store = Store::open(&paths).unwrap();
    let read = store.cache(|db| {
        for account in ["good", "bad"] {
            syncs::succeeded(db, account, chrono::DateTime::UNIX_EPOCH)?;
            db.execute("INSERT INTO readings VALUES (?1, 0, 1, 2, NULL, NULL)", [account])?;
        }
        db.execute("UPDATE syncs SET last_tried = ?1 WHERE account = 'bad'", [i64::MAX])?;
        db.execute("UPDATE readings SET used = -1 WHERE account = 'bad'", ())?;
        Ok((syncs::all(db)?, syncs::of(db, "bad")?, readings::all(db)?, readings::of(db, "bad")?))
    });
    let (tried, bad_try, figures, bad_figures) = read.await.unwrap();
    assert_eq!(tried.into_keys().collect::<Vec<_>>(), ["good"]);
    assert_eq!(figures.into_keys().collect::<Vec<_>>(), ["good"]);
    assert_eq!((bad_try, bad_figures), (None, None));
}

#[tokio::test]
async fn a_commit_is_durable_and_in_wal_mode() {
    let (_folder, paths) = home();
    let store = Store::open(&paths).unwrap();
    let (journal, synchronous): (String, i64) = store
        .ledger(|db| {
            let journal = db.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
            Ok((journal, db.pragma_query_value(None, "synchronous", |row| row.get(0))?))
        })
        .await
        .unwrap();
    assert_eq!((journal.as_str(), synchronous), ("wal", 2));
}

#[tokio::test]
async fn a_full_disk_is_reported_and_what_was_there_stays() {
    let (_folder, paths) = home();
    let store = Store::open(&paths).unwrap();
    store.ledger(|db| settings::set(db, settings::Setting::Active, "chosen".to_owned())).await.unwrap();
    // SQLite reports a full disk by the same code, whether the disk or this limit ends.
    let full = store
        .ledger(|db| {
            let pages: i64 = db.pragma_query_value(None, "page_count", |row| row.get(0))?;
            db.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
            settings::set(db, settings::Setting::Active, "x".repeat(100_000))
        })
        .await;
    assert!(matches!(full, Err(StoreError::Full)), "{full:?}");
    let stored: Option<String> =
        store.ledger(|db| settings::get(db, settings::Setting::Active)).await.unwrap();
    assert_eq!(stored.as_deref(), Some("chosen"));
}

#[test]
fn a_read_only_file_is_reported() {
    let (_folder, paths) = home();
    drop(Store::open(&paths).unwrap());
    let connection =
        Connection::open_with_flags(paths.ledger(), rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let refused = settings::set(&connection, settings::Setting::Active, "x".to_owned());
    assert!(matches!(refused, Err(StoreError::ReadOnly)), "{refused:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_read_only_directory_is_reported() {
    // Nobody, not even root, can make a file here.
    let refused = Store::open(&Paths::new("/sys/kernel"));
    assert!(matches!(refused, Err(StoreError::ReadOnly)), "{refused:?}");
}
