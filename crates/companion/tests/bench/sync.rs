//! How fast all accounts are synced, next to a bare loop with the same HTTP library over the same addresses: both in one
//! run, in turn, on the practice platform.
//!
//! `cargo bench --package companion --bench sync -- [ACCOUNTS] [ROUNDS]`
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark says what it found"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use companion::Companion;
use companion::api::Tag;
use companion::clients::{Http, HttpLimits, Wechat};
use companion::secrets::Secret;
use testkit::world::World;

/// As many as the application has at the platform at once.
const CONNECTIONS: usize = 8;
const SPU: &str = "10000077";

#[tokio::main]
async fn main() {
    // cargo adds a word of its own.
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let accounts = numbers.first().copied().unwrap_or(1_000);
    let rounds = numbers.get(1).copied().unwrap_or(7);
    let mut world = World::new().await;
    let companion = world.open().await;
    let (app_id, secret) = connect_all(&mut world, &companion, accounts).await;
    let token = token(&world, &app_id, &secret).await;
    // What is done the first time only – connections, caches – is not counted, of either.
    bare(&world, &token, accounts).await;
    synced(&companion, accounts).await;
    let mut ratios = Vec::new();
    for round in 1..=rounds {
        let loose = bare(&world, &token, accounts).await;
        let whole = synced(&companion, accounts).await;
        let ratio = whole.as_secs_f64() / loose.as_secs_f64();
        println!(
            "{round:>2}  bare loop {:>6} ms  sync of all {:>6} ms  ratio {ratio:.2}",
            loose.as_millis(),
            whole.as_millis()
        );
        ratios.push(ratio);
    }
    ratios.sort_by(f64::total_cmp);
    let median = ratios[ratios.len() / 2];
    println!("\nmedian ratio {median:.2} over {rounds} rounds of {accounts} accounts, two calls each");
}

/// So many accounts, each with its secret, its connection and its reading; all speak for one practice mini-program.
async fn connect_all(world: &mut World, companion: &Companion, accounts: usize) -> (String, String) {
    let (first, app_id, secret) = world.ready_to_connect(companion).await;
    let mut ids = vec![first];
    while ids.len() < accounts {
        ids.push(testkit::world::paying(companion).await);
    }
    for id in &ids {
        companion.connect_app_secret(id, &app_id, Secret::from(secret.as_str())).await.unwrap();
    }
    (app_id, secret)
}

async fn token(world: &World, app_id: &str, secret: &str) -> String {
    let wechat = Wechat::new(Http::new(HttpLimits::default()).unwrap(), world.practice.base_url().clone());
    wechat.stable_token(app_id, &Secret::from(secret)).await.unwrap().value.expose().to_owned()
}

async fn synced(companion: &Companion, accounts: usize) -> Duration {
    let mut told = companion.subscribe();
    let began = Instant::now();
    let view = companion.sync_all().await.unwrap();
    let took = began.elapsed();
    assert_eq!((view.done, view.failed), (accounts, 0));
    // What is worked out behind the pages afterwards is no part of it, and would slow the bare loop that comes next.
    while !told.recv().await.is_ok_and(|told| told.tags.contains(&Tag::Outlooks)) {}
    took
}

/// Both calls of every account, eight connections, nothing kept.
async fn bare(world: &World, token: &str, accounts: usize) -> Duration {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let base = world.practice.base_url();
    let urls = ["/wxa/charge/usage/get?offset=0&limit=20&", "/wxa/charge/usage/get_recent_average?"]
        .map(|path| base.join(&format!("{path}spuId={SPU}&access_token={token}")).unwrap());
    let (left, began) = (Arc::new(AtomicUsize::new(accounts)), Instant::now());
    let workers: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (client, urls, left) = (client.clone(), urls.clone(), Arc::clone(&left));
            tokio::spawn(async move {
                while left
                    .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
                    .is_ok()
                {
                    for url in &urls {
                        let body = client.get(url.clone()).send().await.unwrap().bytes().await.unwrap();
                        assert!(body.starts_with(b"{\"errcode\":0"), "{body:?}");
                    }
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    began.elapsed()
}
