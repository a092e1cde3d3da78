//! What was acknowledged survives a restart (and a kill: `tests/crash`); a database that cannot be used is refused
//! politely.

use crate::support::{BOOKSHOP, RESTAURANT, world};
use practice::{DatabaseError, Options, Practice, StartError};
use std::io::{Read, Write};
use std::time::Duration;

#[tokio::test]
async fn a_restart_keeps_everything() {
    let mut world = world().await;
    let token = world.token(RESTAURANT).await;
    world.buy("q-365-1000").await;
    let refunded = world.buy("q-90-250").await;
    world.post(&format!("/wxamp/wxacharge/order/{refunded}/refund"), &[]).await;
    world.customers(RESTAURANT, 850).await;
    let later = world.advance(3_600).await;
    let (usage, state) = (world.usage(&token).await, world.state(RESTAURANT).await);
    let key =
        world.post(&format!("/practice/card-office/{RESTAURANT}/key"), &[]).await.text("office.access_key");

    world.restart().await;
    assert!(world.practice().now() >= later, "practice time does not go back");
    assert_eq!(world.usage(&token).await, usage, "tokens and lots");
    assert_eq!(world.state(RESTAURANT).await, state);
    assert_eq!(world.page("/wxamp/wxacharge/orders").await.path, "/wxamp/wxacharge/orders", "signed in");
    let settings =
        world.client.get(world.at("/member-card/v1/settings")).bearer_auth(key).send().await.unwrap();
    assert!(settings.status().is_success());
    world.customers(RESTAURANT, 1).await;
    assert_eq!(world.state(RESTAURANT).await["used"], 194 + 850 + 1);
}

#[tokio::test]
async fn no_secret_is_in_the_file() {
    let mut world = world().await;
    world.sign_in(BOOKSHOP).await;
    let secret = world.secret().await;
    let key =
        world.post(&format!("/practice/card-office/{BOOKSHOP}/key"), &[]).await.text("office.access_key");
    let database = world.database();
    world.stop().await;
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(database.parent().unwrap()).unwrap() {
        bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds(BOOKSHOP), "the search finds what is there");
    let email = format!("{BOOKSHOP}@example.com");
    for planted in [secret.as_str(), key.as_str(), crate::support::PASSWORD, email.as_str()] {
        assert!(!holds(planted));
    }
}

/// One thread, which this test blocks: whoever answers has threads of its own.
#[tokio::test(flavor = "current_thread")]
async fn practice_apart_needs_no_thread_of_its_host() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { database: folder.path().join("p.db"), ..Options::default() };
    let practice = Practice::start_apart(options).await.unwrap();
    let port = practice.base_url().port().unwrap();
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer while the host's only thread is busy");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    practice.shutdown().await;
}

#[tokio::test]
async fn a_taken_port_and_a_second_process_are_told_apart() {
    let world = world().await;
    let port = world.practice().base_url().port().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let options = Options { database: elsewhere.path().join("p.db"), port: Some(port), ..Options::default() };
    let error = Practice::start(options).await.unwrap_err();
    assert!(matches!(error, StartError::PortTaken { port: taken } if taken == port), "{error}");
    let error = Practice::start(world.options()).await.unwrap_err();
    assert!(matches!(error, StartError::Database(DatabaseError::InUse)), "{error}");
}

#[tokio::test]
async fn a_newer_database_is_left_alone() {
    let mut world = world().await;
    world.stop().await;
    let connection = rusqlite::Connection::open(world.database()).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    let before = std::fs::read(world.database()).unwrap();
    let error = Practice::start(world.options()).await.unwrap_err();
    assert!(matches!(error, StartError::Database(DatabaseError::Newer { found: 99, .. })), "{error}");
    assert_eq!(std::fs::read(world.database()).unwrap(), before);
}

#[tokio::test]
async fn a_damaged_database_is_named() {
    let mut world = world().await;
    world.stop().await;
    std::fs::write(world.database(), b"this is no database, but long enough to look like one".repeat(200))
        .unwrap();
    let error = Practice::start(world.options()).await.unwrap_err();
    assert!(matches!(error, StartError::Database(DatabaseError::Damaged(_))), "{error}");
}

#[tokio::test]
async fn time_moves_forward_within_reason() {
    let world = world().await;
    let before = world.practice().now();
    let clock = world.practice().clock();
    let after = world.advance(86_400).await;
    assert!((after - before).num_seconds() >= 86_400);
    assert!(clock.now() >= after, "every handle shows the new time");
    let too_far = std::time::Duration::from_secs(u64::MAX);
    assert!(world.practice().advance(too_far).await.is_err());
    assert!(world.practice().now() < after + chrono::TimeDelta::hours(1));
}
