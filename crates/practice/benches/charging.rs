//! How many verifications a second the practice platform charges, next to a handler that only commits one row.
//!
//! Both are axum on loopback with SQLite in the same mode (WAL, `synchronous=FULL`, one connection) in the same folder,
//! and are asked in turn by the same client, so that whatever else the machine does hits both alike. A verification is
//! one press of the component: quota looked up, one call charged, a code handed out, committed, answered.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::float_arithmetic,
    reason = "a benchmark that cannot go on should stop, and speaks on its output"
)]

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use practice::{Options, Practice};
use reqwest::Client;
use rusqlite::Connection;
use serde_json::json;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const ADMIN: &str = "bench-administration";
const SHOP: &str = "wxfacade0000000002";
const ROUNDS: usize = 9;
const CALLS: u32 = 400;

#[tokio::main]
async fn main() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let folder = tempfile::tempdir().unwrap();
    let client = Client::builder().no_proxy().cookie_store(true).build().unwrap();
    let practice = practice(folder.path(), &client).await;
    let press = practice.base_url().join(&format!("practice/component/{SHOP}")).unwrap();
    let row = baseline(&folder.path().join("baseline.db")).await;

    for connections in [1, 8] {
        let (mut charged, mut committed) = (Vec::new(), Vec::new());
        // The first round of each opens connections and fills caches; it is not counted.
        for round in 0..=ROUNDS {
            let one = ask(&client, press.as_str(), connections).await;
            let other = ask(&client, &row, connections).await;
            if round > 0 {
                charged.push(one);
                committed.push(other);
            }
        }
        let (charged, committed) = (a_second(charged), a_second(committed));
        println!(
            "{connections} connection(s): {charged:.0} verifications/s charged, {committed:.0} rows/s committed, ratio {:.2}",
            charged / committed,
        );
    }
    practice.shutdown().await;
}

/// A platform whose bookshop has bought enough.
async fn practice(folder: &Path, client: &Client) -> Practice {
    let options = Options {
        database: folder.join("practice.db"),
        admin_token: Some(ADMIN.to_owned()),
        ..Options::default()
    };
    let practice = Practice::start(options).await.unwrap();
    let post = async |path: &str, form: &[(&str, &str)]| {
        let address = practice.base_url().join(path).unwrap();
        client
            .post(address)
            .form(form)
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap()
            .url()
            .path()
            .to_owned()
    };
    let login = [("email", "bench@example.com"), ("password", "vinegar-2024")];
    post(&format!("/practice/phone/helper/{SHOP}/login"), &login).await;
    post("/cgi-bin/bizlogin", &[("account", login[0].1), ("password", login[1].1)]).await;
    post("/cgi-bin/scan", &[]).await;
    let order = post("/wxamp/wxacharge/order", &[("pack", "q-365-100000")]).await;
    post(&format!("{order}/pay"), &[("way", "wechat")]).await;
    practice
}

type Shared = Arc<Mutex<Connection>>;

/// Listens, and answers each call with one committed row.
async fn baseline(file: &Path) -> String {
    let connection = Connection::open(file).unwrap();
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE").unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection
        .execute_batch("CREATE TABLE calls (id INTEGER PRIMARY KEY, what TEXT NOT NULL) STRICT")
        .unwrap();
    let shared: Shared = Arc::new(Mutex::new(connection));
    let routes = Router::new().route("/", post(commit)).with_state(shared);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

async fn commit(State(connection): State<Shared>, body: String) -> &'static str {
    let written = tokio::task::spawn_blocking(move || {
        let connection = connection.lock().unwrap();
        connection.prepare_cached("INSERT INTO calls (what) VALUES (?1)").unwrap().execute([body]).unwrap();
    });
    written.await.unwrap();
    "{\"detail\":{\"errno\":0}}"
}

/// Time for [`CALLS`] calls, shared by some connections.
async fn ask(client: &Client, address: &str, connections: u32) -> Duration {
    let started = Instant::now();
    let workers: Vec<_> = (0..connections)
        .map(|_| {
            let (client, address) = (client.clone(), address.to_owned());
            tokio::spawn(async move {
                for _ in 0..CALLS / connections {
                    let answer =
                        client.post(&address).json(&json!({ "answer": "agree" })).send().await.unwrap();
                    let answer: serde_json::Value = answer.json().await.unwrap();
                    assert_eq!(answer["detail"]["errno"], 0, "{answer}");
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    started.elapsed()
}

/// Calls a second in the median round.
fn a_second(mut rounds: Vec<Duration>) -> f64 {
    rounds.sort_unstable();
    f64::from(CALLS) / rounds[rounds.len() / 2].as_secs_f64()
}
