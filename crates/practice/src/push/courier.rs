//! Delivery: signed requests to configured addresses, and the check of a new one.

use super::address::Address;
use super::envelope::{seal, signature};
use crate::assumed::{PUSH_PAUSE, PUSH_TIMEOUT, PUSH_TRIES};
use crate::ids;
use crate::platform::Platform;
use crate::store::pushes::{self, Outcome, QueuedPush};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use futures_util::future::join_all;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

type Http = Client<HttpConnector, Body>;

fn client() -> Http {
    Client::builder(TokioExecutor::new()).build_http()
}

/// Longest answer that is read, in bytes.
const ANSWER_MAX: usize = 64 * 1024;

/// Sends one request; the answer is its text, if it was 200 in time.
async fn send(http: &Http, method: Method, url: &Url, content_type: &str, body: String) -> Option<String> {
    let request = Request::builder()
        .method(method)
        .uri(url.as_str())
        .header(header::CONTENT_TYPE, content_type)
        .body(Body::from(body))
        .ok()?;
    let exchange = async {
        let response = http.request(request).await.ok()?;
        if response.status() != StatusCode::OK {
            return None;
        }
        let bytes = axum::body::to_bytes(Body::new(response.into_body()), ANSWER_MAX).await.ok()?;
        String::from_utf8(bytes.into()).ok()
    };
    tokio::time::timeout(PUSH_TIMEOUT, exchange).await.ok().flatten()
}

fn with_query(url: &Url, query: &[(&str, String)]) -> Url {
    let mut url = url.clone();
    url.query_pairs_mut().extend_pairs(query);
    url
}

/// Whether an address proves that it is its owner's: a signed GET, whose `echostr` comes back **W**.
pub(crate) async fn verify(address: &Address, now: i64) -> bool {
    let (timestamp, nonce, echo) = (now.to_string(), ids::nonce(), ids::echo());
    let query = [
        ("signature", signature(&mut [&address.token, &timestamp, &nonce])),
        ("timestamp", timestamp.clone()),
        ("nonce", nonce.clone()),
        ("echostr", echo.clone()),
    ];
    let url = with_query(&address.url, &query);
    send(&client(), Method::GET, &url, "text/plain", String::new()).await == Some(echo)
}

/// Sends one event until it is taken, or every attempt failed. `success` and nothing at all both mean taken **W**.
async fn deliver(http: &Http, parcel: &QueuedPush, address: &Address, now: i64) -> (u32, Outcome) {
    for attempt in 1..=PUSH_TRIES {
        let sealed = seal(address, &parcel.app_id, &parcel.event, now, &ids::nonce());
        let url = with_query(&address.url, &sealed.query);
        let answer = send(http, Method::POST, &url, sealed.content_type, sealed.body).await;
        if answer.is_some_and(|text| matches!(text.trim(), "" | "success")) {
            return (attempt, Outcome::Delivered);
        }
        if attempt < PUSH_TRIES {
            tokio::time::sleep(PUSH_PAUSE).await;
        }
    }
    (PUSH_TRIES, Outcome::Failed)
}

/// Delivers what is waiting: to each address in order, to all addresses at once.
async fn round(platform: &Platform, http: &Http) {
    let Ok(waiting) = platform.read(|connection, _, _| pushes::waiting(connection)).await else { return };
    let mut by_recipient: BTreeMap<String, Vec<QueuedPush>> = BTreeMap::new();
    for parcel in waiting {
        by_recipient.entry(parcel.app_id.clone()).or_default().push(parcel);
    }
    let deliveries = by_recipient.into_values().map(|parcels| async move {
        for parcel in parcels {
            let (tries, outcome) = match &parcel.address {
                Some(address) => deliver(http, &parcel, address, platform.clock.now().timestamp()).await,
                None => (0, Outcome::NoAddress),
            };
            let seq = parcel.seq;
            let closed =
                platform.write(move |connection, _, _| pushes::close(connection, seq, tries, outcome)).await;
            if closed.is_err() {
                return;
            }
        }
    });
    join_all(deliveries).await;
}

/// Longest sleep, in case a move of practice time goes unnoticed.
const NAP: Duration = Duration::from_secs(30);

/// Delivers events for as long as the platform runs. Also carries out what is due when no request does.
pub(crate) async fn run(platform: Arc<Platform>) {
    let http = client();
    loop {
        // Reading settles what is due.
        let due = platform.read(|_, accounts, now| Ok(accounts.next_due().map(|due| due - now))).await;
        round(&platform, &http).await;
        let nap = due.ok().flatten().and_then(|left| left.to_std().ok()).unwrap_or(NAP);
        let nap = nap.clamp(Duration::from_secs(1), NAP);
        // Whichever comes first; both mean: look again.
        let _ = tokio::time::timeout(nap, platform.news.notified()).await;
    }
}
