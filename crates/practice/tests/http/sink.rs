//! The other end of 消息推送: an address that takes events, checks them by the page's rules, and answers as the test wants.
//!
//! Signature and decryption are written again here, so that a mistake of the platform's cannot hide.

use crate::support::World;
use aes::Aes256;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Method, StatusCode};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD as BASE64};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use reqwest::Method as Verb;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

pub(crate) const TOKEN: &str = "Practice1";
pub(crate) const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

/// One request that arrived.
#[derive(Debug, Clone)]
pub(crate) struct Arrived {
    pub(crate) query: HashMap<String, String>,
    pub(crate) content_type: String,
    pub(crate) body: String,
}

#[derive(Clone)]
struct Desk {
    arrived: mpsc::UnboundedSender<Arrived>,
    /// What the next events are answered; afterwards `success`.
    answers: Arc<Mutex<VecDeque<(StatusCode, &'static str)>>>,
    echoes: bool,
}

pub(crate) struct Sink {
    pub(crate) url: String,
    arrived: mpsc::UnboundedReceiver<Arrived>,
    answers: Arc<Mutex<VecDeque<(StatusCode, &'static str)>>>,
    served: tokio::task::JoinHandle<()>,
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.served.abort();
    }
}

pub(crate) fn sha1_of(parts: &mut [&str]) -> String {
    parts.sort_unstable();
    let hash = Sha1::digest(parts.concat());
    hash.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

async fn take(
    State(desk): State<Desk>,
    method: Method,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, String) {
    let signed = sha1_of(&mut [TOKEN, &query["timestamp"], &query["nonce"]]);
    if query["signature"] != signed {
        return (StatusCode::FORBIDDEN, "wrong signature".to_owned());
    }
    if method == Method::GET {
        let echo = if desk.echoes { query["echostr"].clone() } else { "something else".to_owned() };
        return (StatusCode::OK, echo);
    }
    let content_type = headers["content-type"].to_str().unwrap().to_owned();
    let body = String::from_utf8(body.to_vec()).unwrap();
    desk.arrived.send(Arrived { query, content_type, body }).unwrap();
    let (status, text) = desk.answers.lock().unwrap().pop_front().unwrap_or((StatusCode::OK, "success"));
    (status, text.to_owned())
}

impl Sink {
    pub(crate) async fn open() -> Self {
        Self::start(true).await
    }

    /// One that does not send `echostr` back.
    pub(crate) async fn deaf() -> Self {
        Self::start(false).await
    }

    async fn start(echoes: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/receive?own=1", listener.local_addr().unwrap());
        let (sender, arrived) = mpsc::unbounded_channel();
        let answers = Arc::new(Mutex::new(VecDeque::new()));
        let desk = Desk { arrived: sender, answers: Arc::clone(&answers), echoes };
        let router = Router::new().fallback(take).with_state(desk);
        let served = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, arrived, answers, served }
    }

    /// Nobody listens any more.
    pub(crate) async fn close(mut self) {
        self.served.abort();
        assert!((&mut self.served).await.unwrap_err().is_cancelled());
    }

    pub(crate) fn will_answer(&self, answers: &[(StatusCode, &'static str)]) {
        self.answers.lock().unwrap().extend(answers);
    }

    pub(crate) async fn next(&mut self) -> Arrived {
        let next = tokio::time::timeout(Duration::from_secs(20), self.arrived.recv());
        next.await.expect("an event arrives").unwrap()
    }

    /// What has arrived and was not looked at.
    pub(crate) fn rest(&mut self) -> Vec<Arrived> {
        std::iter::from_fn(|| self.arrived.try_recv().ok()).collect()
    }

    pub(crate) async fn configure(&self, world: &World, app_id: &str, mode: &str, format: &str) {
        let body = json!({
            "app_id": app_id, "url": self.url, "token": TOKEN, "encoding_aes_key": KEY,
            "mode": mode, "format": format,
        });
        world.administer(Verb::PUT, "push", body).await;
    }
}

impl Arrived {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// Checks the signature of an encrypted text and decrypts it; the answer is message and AppID.
    pub(crate) fn decrypt(&self, encrypted: &str) -> (String, String) {
        let (timestamp, nonce) = (&self.query["timestamp"], &self.query["nonce"]);
        assert_eq!(self.query["encrypt_type"], "aes");
        assert_eq!(self.query["msg_signature"], sha1_of(&mut [TOKEN, timestamp, nonce, encrypted]));
        let lenient = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
        let key = GeneralPurpose::new(&STANDARD, lenient).decode(format!("{KEY}=")).unwrap();
        let decryptor = cbc::Decryptor::<Aes256>::new_from_slices(&key, &key[..16]).unwrap();
        let bytes = BASE64.decode(encrypted).unwrap();
        assert_eq!(bytes.len() % 32, 0, "padded to 32 bytes");
        let mut plain = decryptor.decrypt_padded_vec::<NoPadding>(&bytes).unwrap();
        let padding = usize::from(*plain.last().unwrap());
        assert!((1..=32).contains(&padding));
        plain.truncate(plain.len() - padding);
        let length = usize::try_from(u32::from_be_bytes(plain[16..20].try_into().unwrap())).unwrap();
        let (message, app_id) = plain[20..].split_at(length);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (text(message), text(app_id))
    }
}
