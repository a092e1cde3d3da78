//! The practice platform's administration: what a test does in place of time, customers and bad luck.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) const DAY: Duration = Duration::from_hours(24);

/// Speaks to the platform inside the app, over HTTP like everybody else.
pub(crate) struct Practice {
    http: reqwest::Client,
    base: String,
    token: String,
}

/// The platform's own idea of a mini-program, beside which the app's is put.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct MiniProgram {
    pub(crate) app_id: String,
    pub(crate) name: String,
    pub(crate) mode: String,
    pub(crate) remaining: u64,
    pub(crate) used: u64,
    pub(crate) orders: Vec<Value>,
}

/// How a number of customers fared.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Customers {
    pub(crate) succeeded: u64,
    pub(crate) refused: u64,
    pub(crate) no_quota: u64,
}

impl Practice {
    pub(crate) fn new(port: u16, token: &str) -> Self {
        // Loopback only, but the client wants to know how it would do TLS.
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_mins(1))
            .build()
            .expect("an HTTP client");
        Self { http, base: format!("http://127.0.0.1:{port}"), token: token.to_owned() }
    }

    /// The mini-program that a new practice account stands for.
    pub(crate) async fn first(&self) -> MiniProgram {
        let mut all = self.mini_programs().await;
        assert!(!all.is_empty(), "practice has no mini-program");
        all.remove(0)
    }

    pub(crate) async fn mini_programs(&self) -> Vec<MiniProgram> {
        let state = self.ask(reqwest::Method::GET, "state", None).await;
        serde_json::from_value(state["mini_programs"].clone()).expect("the platform's state")
    }

    /// Lets `count` customers tap and `action` ("authorise", "refuse", "repeat").
    pub(crate) async fn customers(&self, app_id: &str, count: u64, action: &str) -> Customers {
        let body = json!({ "app_id": app_id, "count": count, "action": action });
        let answer = self.ask(reqwest::Method::POST, "customers", Some(body)).await;
        serde_json::from_value(answer).expect("how the customers fared")
    }

    /// Lets `count` customers authorise whose codes the shop's backend never exchanges.
    pub(crate) async fn leave_codes(&self, app_id: &str, count: u64) {
        let body = json!({ "app_id": app_id, "count": count, "action": "authorise", "exchange": false });
        self.ask(reqwest::Method::POST, "customers", Some(body)).await;
    }

    /// Moves the platform's time forward; to which instant, in Beijing time.
    pub(crate) async fn advance(&self, by: Duration) -> String {
        let body = json!({ "advance_seconds": by.as_secs() });
        let answer = self.ask(reqwest::Method::POST, "clock", Some(body)).await;
        answer["now"].as_str().expect("an instant").to_owned()
    }

    /// Makes calls of `path` fail; `times` of them, or all until [`Self::mend`].
    pub(crate) async fn break_path(&self, path: &str, fault: Value, times: Option<u32>) {
        let body = json!({ "path": path, "fault": fault, "times": times });
        self.ask(reqwest::Method::POST, "faults", Some(body)).await;
    }

    pub(crate) async fn mend(&self) {
        self.ask(reqwest::Method::DELETE, "faults", None).await;
    }

    /// How often the platform was called under `path`.
    pub(crate) async fn calls(&self, path: &str) -> u64 {
        let calls = self.ask(reqwest::Method::GET, "calls", None).await;
        let counters = calls.as_array().expect("call counters");
        counters.iter().filter(|one| one["path"] == path).filter_map(|one| one["count"].as_u64()).sum()
    }

    async fn ask(&self, method: reqwest::Method, path: &str, body: Option<Value>) -> Value {
        let mut request = self.http.request(method, format!("{}/practice/admin/{path}", self.base));
        request = request.bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap_or_else(|error| panic!("practice, {path}: {error}"));
        let status = response.status();
        let text = response.text().await.unwrap_or_default();
        assert!(status.is_success(), "practice, {path}: {status} {text}");
        if text.is_empty() { Value::Null } else { serde_json::from_str(&text).expect("JSON") }
    }
}
