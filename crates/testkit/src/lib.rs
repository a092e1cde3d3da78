//! What tests of the application share, so that each is put together in one way. A test states what differs:
//! `Setup { timer, ..testkit::setup(home, platforms) }`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a helper that fails is a test that fails"
)]

pub mod clocks;
pub mod desktop;
pub mod server;
pub mod world;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use companion::api::{ErrorCode, Language};
use companion::ports::{SystemClock, SystemRandomness, SystemTimer};
use companion::secrets::MemorySecrets;
use companion::tables::InProcess;
use companion::{Error, MessageWords, Paths, Platforms, Setup};

/// What an application is opened with: this computer's time and randomness, secrets in memory, Chinese.
pub fn setup(home: &Path, platforms: Platforms) -> Setup {
    Setup {
        paths: Paths::new(home),
        platforms,
        secrets: Arc::new(MemorySecrets::default()),
        clock: Arc::new(SystemClock),
        timer: Arc::new(SystemTimer),
        randomness: Arc::new(SystemRandomness),
        tables: Arc::new(InProcess),
        language: Language::Zh,
        words: MessageWords::read(
            include_str!("../../../ui/src/locales/zh/phone.json"),
            include_str!("../../../ui/src/locales/en/phone.json"),
        ),
        version: "0.0.0-test".to_owned(),
    }
}

/// The code of a refusal.
pub fn code<T: std::fmt::Debug>(outcome: Result<T, Error>) -> ErrorCode {
    outcome.unwrap_err().code()
}

/// Waits until something holds; fails when it does not within a minute, which even a busy machine needs for nothing.
pub async fn until<F: Future<Output = bool>>(what: &str, holds: impl Fn() -> F) {
    let waited = tokio::time::timeout(Duration::from_mins(1), async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    assert!(waited.await.is_ok(), "never: {what}");
}

/// Files of a folder that hold one of the words, in whatever encoding a database would use.
pub fn files_with(folder: &Path, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            seen += bytes.len();
            let holds = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
            let wide = |word: &str| word.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
            if words.iter().any(|word| holds(word.as_bytes()) || holds(&wide(word))) {
                found.push(path.display().to_string());
            }
        }
    }
    assert!(seen > 10_000, "the databases are not where this test looks");
    found
}
