use super::*;
use crate::store::Store;

const YESTERDAY: &str = "ledger-2026-11-27.db";

fn now() -> DateTime<Utc> {
    "2026-11-28T04:00:00Z".parse().unwrap()
}

fn set(db: &Connection, text: &str) {
    settings::set(db, Setting::Active, text.to_owned()).unwrap();
}

fn read(path: &Path) -> String {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    settings::get(&db, Setting::Active).unwrap().unwrap()
}

fn folder_of(paths: &Paths) -> Vec<String> {
    let entries = fs::read_dir(paths.home()).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A home that says "now" in its log alone, as after a kill, with a backup that says "yesterday".
fn killed_home() -> (tempfile::TempDir, Paths) {
    let (before, after) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (from, to) = (Paths::new(before.path()), Paths::new(after.path()));
    drop(Store::open(&from).unwrap());
    let db = Connection::open(from.ledger()).unwrap();
    set(&db, "yesterday");
    fs::create_dir_all(to.backups()).unwrap();
    backups::vacuum_into(&from.ledger(), &to.backups().join(YESTERDAY)).unwrap();
    drop(db);
    let db = Connection::open(from.ledger()).unwrap();
    db.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
    set(&db, "now");
    for name in ["ledger.db", "ledger.db-wal", "cache.db"] {
        fs::copy(from.home().join(name), to.home().join(name)).unwrap();
    }
    drop(db);
    (after, to)
}

fn replaced(paths: &Paths) -> Vec<Backup> {
    let mut found = backups::list(paths).unwrap();
    found.retain(|one| one.kind == crate::api::BackupKind::Replaced);
    found
}

/// Fails at the step with this number; whether there is one.
fn fails_at(number: usize) -> impl FnMut(Step) -> Result<(), StoreError> {
    let mut passed = 0;
    move |_| {
        passed += 1;
        if passed == number { Err(StoreError::Failed) } else { Ok(()) }
    }
}

#[test]
fn an_interruption_anywhere_leaves_one_of_the_two_ledgers_and_loses_neither() {
    let (mut befores, mut afters, mut number) = (0, 0, 0);
    loop {
        number += 1;
        let (_folder, paths) = killed_home();
        let mut passed = fails_at(number);
        let ended = order_in_steps(&paths, YESTERDAY, now(), &mut passed)
            .and_then(|()| finish_in_steps(&paths, &mut passed));
        drop(Store::open(&paths).unwrap());
        match read(&paths.ledger()).as_str() {
            "now" => {
                befores += 1;
                assert!(replaced(&paths).is_empty());
                assert_eq!(read(&paths.backups().join(YESTERDAY)), "yesterday");
            }
            "yesterday" => {
                afters += 1;
                let [filed] = replaced(&paths).try_into().unwrap();
                order(&paths, &filed.name, now()).unwrap();
                drop(Store::open(&paths).unwrap());
                assert_eq!(read(&paths.ledger()), "now", "step {number}");
            }
            other => panic!("{other}"),
        }
        let left = ["ledger-restored.db", "ledger-restored.order", "ledger-restored.new"];
        assert!(
            !folder_of(&paths).iter().any(|name| left.contains(&name.as_str())),
            "{:?}",
            folder_of(&paths)
        );
        if ended.is_ok() {
            break;
        }
    }
    assert_eq!((befores, afters), (2, 8), "before the order the old one, after it the new one");
}

/// The second interruption comes while the first is made up for.
#[test]
fn two_interruptions_lose_nothing_either() {
    for first in 4..=8 {
        for second in [1, 3] {
            let (_folder, paths) = killed_home();
            let mut passed = fails_at(first);
            order_in_steps(&paths, YESTERDAY, now(), &mut passed)
                .and_then(|()| finish_in_steps(&paths, &mut passed))
                .unwrap_err();
            let _ = finish_in_steps(&paths, &mut fails_at(second));
            drop(Store::open(&paths).unwrap());
            assert_eq!(read(&paths.ledger()), "yesterday");
            let [filed] = replaced(&paths).try_into().unwrap();
            assert_eq!(read(&paths.backups().join(filed.name)), "now");
        }
    }
}

#[test]
fn nothing_of_the_present_ledger_is_touched_before_the_next_opening() {
    let (_folder, paths) = killed_home();
    let bytes =
        || ["ledger.db", "ledger.db-wal", "cache.db"].map(|name| fs::read(paths.home().join(name)).unwrap());
    let before = bytes();
    order(&paths, YESTERDAY, now()).unwrap();
    assert_eq!(bytes(), before);
}

#[test]
fn what_was_there_before_the_order_is_not_in_the_cache_after_it() {
    let (_folder, paths) = killed_home();
    let cache = Connection::open(paths.cache()).unwrap();
    cache.execute("INSERT INTO readings VALUES ('one', 0, 1, 2, NULL, NULL)", ()).unwrap();
    drop(cache);
    order(&paths, YESTERDAY, now()).unwrap();
    drop(Store::open(&paths).unwrap());
    let cache = Connection::open(paths.cache()).unwrap();
    let readings: i64 = cache.query_row("SELECT count(*) FROM readings", (), |row| row.get(0)).unwrap();
    assert_eq!(readings, 0);
}

#[test]
fn a_lost_or_damaged_ledger_gives_way_and_stays_as_it_was() {
    for left in [None, Some(b"".as_slice()), Some(b"this was a database before the disk failed")] {
        let (_folder, paths) = killed_home();
        let log = fs::read(paths.home().join("ledger.db-wal")).unwrap();
        fs::remove_file(paths.ledger()).unwrap();
        if let Some(bytes) = left {
            fs::write(paths.ledger(), bytes).unwrap();
        }
        assert!(matches!(Store::open(&paths), Err(StoreError::Missing | StoreError::Damaged)));
        order_alone(&paths, YESTERDAY, now()).unwrap();
        drop(Store::open(&paths).unwrap());
        assert_eq!(read(&paths.ledger()), "yesterday");
        let filed = paths.backups().join("ledger-replaced-20261128T040000Z.db");
        assert_eq!(fs::read(&filed).ok().as_deref(), left);
        assert_eq!(fs::read(file::with_suffix(&filed, "-wal")).unwrap(), log);
    }
}

#[test]
fn a_lost_ledger_with_a_backup_alone_is_not_taken_for_a_first_start() {
    let (_folder, paths) = killed_home();
    for name in ["ledger.db", "ledger.db-wal", "cache.db"] {
        fs::remove_file(paths.home().join(name)).unwrap();
    }
    assert!(matches!(Store::open(&paths), Err(StoreError::Missing)));
}

#[test]
fn a_backup_that_cannot_be_used_is_refused_and_the_ledger_stays() {
    type Spoiling = fn(&Path);
    let newer: Spoiling =
        |path| Connection::open(path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let foreign: Spoiling =
        |path| Connection::open(path).unwrap().pragma_update(None, "application_id", 7).unwrap();
    let garbage: Spoiling = |path| fs::write(path, b"this is no database at all").unwrap();
    let empty: Spoiling = |path| fs::write(path, b"").unwrap();
    let broken: Spoiling = |path| {
        let mut bytes = fs::read(path).unwrap();
        let page = bytes.len() - 4096;
        bytes[page..].fill(0xA5);
        fs::write(path, bytes).unwrap();
    };
    let table =
        [(newer, "newer"), (foreign, "damaged"), (garbage, "damaged"), (broken, "damaged"), (empty, "gone")];
    for (spoil, outcome) in table {
        let (_folder, paths) = killed_home();
        spoil(&paths.backups().join(YESTERDAY));
        let refused = order(&paths, YESTERDAY, now());
        let as_said = match outcome {
            "newer" => matches!(refused, Err(StoreError::BackupNewer)),
            "damaged" => matches!(refused, Err(StoreError::BackupDamaged)),
            _ => matches!(refused, Err(StoreError::BackupGone)),
        };
        assert!(as_said, "{outcome}: {refused:?}");
        assert!(!paths.restore_order().exists() && !paths.restored_ledger().exists());
        drop(Store::open(&paths).unwrap());
        assert_eq!(read(&paths.ledger()), "now");
    }
}

#[test]
fn only_a_backup_in_the_list_is_restored() {
    let (folder, paths) = killed_home();
    backups::vacuum_into(&paths.ledger(), &folder.path().join("ledger-2026-11-01.db")).unwrap();
    for name in ["../ledger-2026-11-01.db", "ledger-2026-11-02.db", "", "ledger.db"] {
        assert!(matches!(order(&paths, name, now()), Err(StoreError::BackupGone)), "{name}");
    }
}

#[test]
fn an_order_that_nobody_of_us_wrote_moves_nothing() {
    for words in ["../../elsewhere.db", "ledger-2026-11-27.db", ""] {
        let (_folder, paths) = killed_home();
        order(&paths, YESTERDAY, now()).unwrap();
        fs::write(paths.restore_order(), words).unwrap();
        drop(Store::open(&paths).unwrap());
        assert_eq!(read(&paths.ledger()), "now");
    }
}

#[test]
fn a_backup_of_an_older_version_is_brought_up_to_this_one() {
    let (_folder, paths) = killed_home();
    let older = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/homes/0.1.0/ledger.db");
    fs::copy(older, paths.backups().join("ledger-before-update.db")).unwrap();
    order(&paths, "ledger-before-update.db", now()).unwrap();
    let version = |path: &Path| {
        let db = Connection::open(path).unwrap();
        db.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0)).unwrap()
    };
    assert_eq!(version(&paths.restored_ledger()), version(&paths.ledger()));
    drop(Store::open(&paths).unwrap());
    assert_eq!(settings::restored_at(&Connection::open(paths.ledger()).unwrap()).unwrap(), Some(now()));
}

#[test]
fn a_second_order_replaces_the_first() {
    let (_folder, paths) = killed_home();
    backups::vacuum_into(&paths.ledger(), &paths.backups().join("ledger-2026-11-28.db")).unwrap();
    order(&paths, YESTERDAY, now()).unwrap();
    order(&paths, "ledger-2026-11-28.db", now()).unwrap();
    drop(Store::open(&paths).unwrap());
    assert_eq!((read(&paths.ledger()).as_str(), replaced(&paths).len()), ("now", 1));
}

#[test]
fn two_ledgers_replaced_in_one_second_both_stay() {
    let (_folder, paths) = killed_home();
    for _ in 0..2 {
        order(&paths, YESTERDAY, now()).unwrap();
        drop(Store::open(&paths).unwrap());
    }
    let names: Vec<_> = replaced(&paths).into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["ledger-replaced-20261128T040001Z.db", "ledger-replaced-20261128T040000Z.db"]);
}

#[test]
fn a_replaced_ledger_stays_for_thirty_days() {
    let (_folder, paths) = killed_home();
    order(&paths, YESTERDAY, now()).unwrap();
    drop(Store::open(&paths).unwrap());
    backups::of_day(&paths, "2026-12-28".parse().unwrap()).unwrap();
    assert_eq!(replaced(&paths).len(), 1);
    backups::of_day(&paths, "2026-12-29".parse().unwrap()).unwrap();
    assert!(replaced(&paths).is_empty());
    let names = fs::read_dir(paths.backups()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!names.into_iter().any(|name| name.to_string_lossy().contains("replaced")));
}

#[test]
fn an_account_on_its_way_out_comes_back_and_is_not_destroyed() {
    let (_folder, paths) = killed_home();
    let backup = Connection::open(paths.backups().join(YESTERDAY)).unwrap();
    let sql = "INSERT INTO accounts (id, name, environment, created_at, removed_at) VALUES ('a', 'n', 'live', 0, 1)";
    backup.execute(sql, ()).unwrap();
    drop(backup);
    order(&paths, YESTERDAY, now()).unwrap();
    drop(Store::open(&paths).unwrap());
    let db = Connection::open(paths.ledger()).unwrap();
    assert_eq!((accounts::stored(&db).unwrap().len(), accounts::leaving(&db).unwrap().len()), (1, 0));
}

#[test]
fn what_stands_in_the_way_of_a_restored_ledger_does_not_stand_in_the_way_of_the_next_start() {
    let (_folder, paths) = killed_home();
    order(&paths, YESTERDAY, now()).unwrap();
    let obstacle = paths.backups().join("ledger-replaced-20261128T040000Z.db");
    fs::create_dir_all(obstacle.join("somebody-elses")).unwrap();
    let failure = Store::open(&paths).unwrap_err();
    // Windows says of a folder in the way that access is denied.
    let expected =
        matches!((&failure, cfg!(windows)), (StoreError::Failed, false) | (StoreError::ReadOnly, true));
    assert!(expected, "{failure:?}");
    drop(Store::open(&paths).unwrap());
    assert_eq!(read(&paths.ledger()), "now");
}

#[test]
fn messages_that_a_backup_holds_open_are_not_sent_after_it_is_restored() {
    let home = tempfile::tempdir().unwrap();
    let paths = Paths::new(home.path());
    drop(Store::open(&paths).unwrap());
    let db = Connection::open(paths.ledger()).unwrap();
    db.execute_batch(
        "INSERT INTO channels VALUES ('a', 'wecom', '', 'qyapi.weixin.qq.com', 1, 0);
         INSERT INTO channel_messages (id, channel, state, made_at) VALUES ('1', 'a', 'waiting', 0);
         INSERT INTO channel_messages (id, channel, state, made_at) VALUES ('2', 'a', 'sending', 0);
         INSERT INTO channel_messages (id, channel, state, made_at) VALUES ('3', 'a', 'sent', 0);",
    )
    .unwrap();
    fs::create_dir_all(paths.backups()).unwrap();
    backups::vacuum_into(&paths.ledger(), &paths.backups().join(YESTERDAY)).unwrap();
    drop(db);
    order(&paths, YESTERDAY, now()).unwrap();
    finish(&paths).unwrap();
    let db = Connection::open(paths.ledger()).unwrap();
    assert_eq!(channels::all(&db).unwrap().len(), 1);
    let left: String =
        db.query_row("SELECT group_concat(id) FROM channel_messages", (), |row| row.get(0)).unwrap();
    assert_eq!(left, "3");
}
