//! Killed under load, again and again: what was acknowledged is there, and no customer was charged twice.
//!
//! `CRASH_ROUNDS` says how often (10 when not set); `cargo xtask soak` runs more. Each round starts the stand-alone
//! program on the same home, lets shoppers, a buyer and the shop's switch work against it at once, and kills it without
//! warning after a random number of acknowledged charges. What the platform then says over HTTP is held against what it
//! had acknowledged; in the end its file is, too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot go on should stop"
)]

mod books;
mod load;
mod server;

use books::Books;
use load::Load;
use server::Server;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_every_kill_and_nobody_is_charged_twice() {
    let rounds: u32 = std::env::var("CRASH_ROUNDS").map_or(10, |rounds| rounds.parse().expect("a number"));
    let home = tempfile::tempdir().unwrap();
    let books = Arc::new(Books::default());
    let mut load = Load::new(Arc::clone(&books));
    for round in 1..=rounds {
        let server = Server::start(home.path());
        load.settle(&server.base).await;
        load.check(&server.base).await;
        let charges = rand::random_range(1..80);
        load.run_until_killed(server, charges).await;
        if round.is_multiple_of(20) || round == rounds {
            println!("round {round}: {}", books.summary());
        }
    }
    let server = Server::start(home.path());
    load.settle(&server.base).await;
    load.check(&server.base).await;
    server.kill();
    books.audit(&home.path().join("practice.db"));
}
