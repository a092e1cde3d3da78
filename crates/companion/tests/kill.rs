//! What was acknowledged survives a kill at any moment: a child process acknowledges on its output, and is killed.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper that fails is a test that fails")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use companion::api::{AccountKind, Environment, ErrorCode, Step};
use companion::{Companion, Platforms};

const HOME: &str = "COMPANION_TEST_KILL_HOME";
/// A file system of a few hundred kilobytes, such as `mount -t tmpfs -o size=400k tmpfs FOLDER`.
const SMALL_DISK: &str = "COMPANION_TEST_SMALL_DISK";

async fn open(home: &Path) -> Companion {
    Companion::open(testkit::setup(home, Platforms::default())).await.unwrap()
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    let home = tempfile::tempdir().unwrap();
    for acknowledged in [1, 7, 20] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "acknowledges_until_killed", "--ignored", "--nocapture"])
            .env(HOME, home.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        // The test harness's own lines come first, and may share a line with ours.
        let mut names = lines.filter_map(|line| line.split("acknowledged ").nth(1).map(str::to_owned));
        let last: u32 = names.nth(acknowledged - 1).unwrap().parse().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let companion = open(home.path()).await;
        let app = companion.get_app().await.unwrap();
        let kept: u32 = app.accounts.last().unwrap().name.parse().unwrap();
        // The one under way when the kill came may be there too.
        assert!(kept >= last, "{kept} is kept, {last} was acknowledged");
        companion.close().await;
    }
}

#[tokio::test]
#[ignore = "run by `what_was_acknowledged_survives_a_kill`, and killed by it"]
async fn acknowledges_until_killed() {
    let home = std::env::var_os(HOME).expect("run through the other test");
    let companion = open(Path::new(&home)).await;
    let account =
        companion.start_account(Environment::Live, AccountKind::MiniProgram, "0").await.unwrap().account;
    for number in 1_u32.. {
        companion
            .rename_account(&account, Environment::Live, AccountKind::MiniProgram, &number.to_string())
            .await
            .unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "acknowledged {number}").unwrap();
        out.flush().unwrap();
    }
}

#[tokio::test]
#[ignore = "needs a file system that can be filled, named by COMPANION_TEST_SMALL_DISK"]
async fn a_disk_that_fills_up_is_told_and_nothing_is_lost() {
    let disk = std::env::var_os(SMALL_DISK).expect("a small file system");
    let home = Path::new(&disk).join("home");
    let companion = open(&home).await;
    let kept =
        companion.start_account(Environment::Live, AccountKind::MiniProgram, "晋味小馆").await.unwrap();
    let refused = loop {
        if let Err(error) =
            companion.start_account(Environment::Live, AccountKind::MiniProgram, &"店".repeat(2_000)).await
        {
            break error;
        }
    };
    assert_eq!(refused.code(), ErrorCode::DiskFull);
    assert_eq!(
        companion.go_to_step(&kept.account, Step::Welcome).await.unwrap_err().code(),
        ErrorCode::DiskFull
    );
    companion.close().await;
    // Room is made: everything that was acknowledged is there.
    let moved = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(&home).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), moved.path().join(file.file_name())).unwrap();
    }
    let companion = open(moved.path()).await;
    assert_eq!(companion.get_wizard(&kept.account).await.unwrap(), kept);
    companion.go_to_step(&kept.account, Step::Welcome).await.unwrap();
}
