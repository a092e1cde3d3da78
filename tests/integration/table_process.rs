//! The process that reads tables, as the real program: what is in a file of others ends nothing but it.

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

use companion::tables::{Reading, Refused};

/// More than the process may have in memory.
const TOO_MUCH: usize = 320 << 20;

fn read(file: &[u8]) -> Output {
    let mut process = Command::new(env!("CARGO_BIN_EXE_merchant-companion"))
        .arg("--read-table")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = process.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // One that gives up reads no more.
        scope.spawn(move || drop(input.write_all(file)));
        process.wait_with_output().unwrap()
    })
}

fn reading(file: &[u8]) -> Reading {
    let output = read(file);
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn rows_come_back_as_they_are_in_the_file() {
    let rows = reading("时间,手机号\n2026-11-20 10:32,\"138****8000, 1\"\n".as_bytes()).unwrap();
    assert_eq!(rows, [["时间", "手机号"], ["2026-11-20 10:32", "138****8000, 1"]]);
}

#[test]
fn what_is_no_table_is_refused() {
    for file in [b"".as_slice(), b"PK\x03\x04", &[0xff; 40]] {
        assert_eq!(reading(file), Err(Refused::Unreadable), "{file:?}");
    }
    assert_eq!(reading("a\n".repeat(300_001).as_bytes()), Err(Refused::TooLarge));
}

#[test]
fn more_memory_than_it_may_have_ends_the_process_alone() {
    let output = read(&vec![b'a'; TOO_MUCH]);
    assert!(!output.status.success() && output.stdout.is_empty(), "{:?}", output.status);
}
