//! A practice platform on a free port, and a browser to walk through it.

use chrono::{DateTime, Utc};
use practice::{Options, Practice};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Once;
use tempfile::TempDir;

pub(crate) const RESTAURANT: &str = "wxfacade0000000001";
pub(crate) const BOOKSHOP: &str = "wxfacade0000000002";
pub(crate) const SCHOOL: &str = "wxfacade0000000003";
pub(crate) const PROVIDER: &str = "wxfacade00000000a1";
pub(crate) const PLATFORM: &str = "wxfacade00000000c1";
pub(crate) const QUICK: &str = "10000077";
pub(crate) const REALTIME: &str = "10000086";
pub(crate) const ADMIN: &str = "test-administration";
pub(crate) const PASSWORD: &str = "vinegar-2024";

/// reqwest wants to know a TLS provider even when it only speaks plain HTTP.
pub(crate) fn client() -> Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        rustls::crypto::ring::default_provider().install_default().expect("no other provider is installed");
    });
    Client::builder().no_proxy().cookie_store(true).build().unwrap()
}

/// A platform, its folder, and one browser.
pub(crate) struct World {
    practice: Option<Practice>,
    folder: TempDir,
    first_start: Option<DateTime<Utc>>,
    pub(crate) client: Client,
    pub(crate) base: String,
}

/// When the worlds of a run begin: `PRACTICE_START` (an instant like `2026-12-31T23:59:30+08:00`), else now. What must
/// hold on any day is tested on several.
pub(crate) fn first_start() -> Option<DateTime<Utc>> {
    let start = std::env::var("PRACTICE_START").ok()?;
    Some(DateTime::parse_from_rfc3339(&start).expect("PRACTICE_START is an instant").to_utc())
}

pub(crate) async fn world() -> World {
    world_at(first_start()).await
}

/// A world whose practice time begins at an instant.
pub(crate) async fn world_from(start: &str) -> World {
    world_at(Some(DateTime::parse_from_rfc3339(start).unwrap().to_utc())).await
}

async fn world_at(first_start: Option<DateTime<Utc>>) -> World {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World { practice: None, folder, first_start, client: client(), base: String::new() };
    world.start().await;
    world
}

impl World {
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("home").join("practice.db")
    }

    pub(crate) fn options(&self) -> Options {
        Options {
            database: self.database(),
            port: None,
            admin_token: Some(ADMIN.to_owned()),
            first_start: self.first_start,
            reproducible: false,
            own_windows_only: false,
        }
    }

    async fn start(&mut self) {
        let practice = Practice::start(self.options()).await.unwrap();
        practice.base_url().as_str().trim_end_matches('/').clone_into(&mut self.base);
        self.practice = Some(practice);
    }

    pub(crate) fn practice(&self) -> &Practice {
        self.practice.as_ref().unwrap()
    }

    pub(crate) async fn stop(&mut self) {
        self.practice.take().unwrap().shutdown().await;
    }

    pub(crate) async fn restart(&mut self) {
        self.stop().await;
        self.start().await;
    }

    pub(crate) async fn advance(&self, seconds: u64) -> DateTime<Utc> {
        self.practice().advance(std::time::Duration::from_secs(seconds)).await.unwrap()
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.client.get(self.at(path)).send().await.unwrap()
    }

    pub(crate) async fn page(&self, path: &str) -> Page {
        Page::read(self.get(path).await).await
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        Page::read(self.client.post(self.at(path)).form(form).send().await.unwrap()).await
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        self.get(path).await.json().await.unwrap()
    }

    pub(crate) async fn post_json(&self, path: &str, body: Value) -> Value {
        let response = self.client.post(self.at(path)).json(&body).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "the platform reports errors in the body");
        response.json().await.unwrap()
    }

    pub(crate) async fn admin(&self, path: &str, body: Value) -> Value {
        self.administer(Method::POST, path, body).await
    }

    pub(crate) async fn administer(&self, method: Method, path: &str, body: Value) -> Value {
        let path = self.at(&format!("/practice/admin/{path}"));
        let request = self.client.request(method, path).bearer_auth(ADMIN).json(&body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{}", response.text().await.unwrap());
        response.json().await.unwrap()
    }

    pub(crate) async fn state(&self, app_id: &str) -> Value {
        let path = self.at("/practice/admin/state");
        let state: Value =
            self.client.get(path).bearer_auth(ADMIN).send().await.unwrap().json().await.unwrap();
        let programs = state["mini_programs"].as_array().unwrap();
        programs.iter().find(|program| program["app_id"] == app_id).unwrap().clone()
    }

    /// Customers who agree, one after the other.
    pub(crate) async fn customers(&self, app_id: &str, count: u32) -> Value {
        self.admin("customers", json!({ "app_id": app_id, "count": count, "action": "authorise" })).await
    }

    /// Sets the login in 小程序助手 and signs in with e-mail, password and scan.
    pub(crate) async fn sign_in(&self, app_id: &str) {
        let email = format!("{app_id}@example.com");
        let saved = self
            .post(
                &format!("/practice/phone/helper/{app_id}/login"),
                &[("email", &email), ("password", PASSWORD)],
            )
            .await;
        assert!(saved.has("helper.saved"), "{}", saved.html);
        let confirm = self.post("/cgi-bin/bizlogin", &[("account", &email), ("password", PASSWORD)]).await;
        assert!(confirm.has("console.scan"), "{}", confirm.html);
        let inside = self.post("/cgi-bin/scan", &[("redirect_url", "/wxamp/wxacharge")]).await;
        assert_eq!(inside.path, "/wxamp/wxacharge");
    }

    /// A fresh AppSecret of the signed-in mini-program.
    pub(crate) async fn secret(&self) -> String {
        let page = self.post("/wxamp/devprofile/get_profile", &[("understood", "on")]).await;
        page.text("dev.app_secret")
    }

    /// A fresh AppSecret of any account, from the administration.
    pub(crate) async fn secret_of(&self, app_id: &str) -> String {
        let answer = self.admin("secrets", json!({ "app_id": app_id })).await;
        answer["secret"].as_str().unwrap().to_owned()
    }

    /// A stable token of any account, with a fresh AppSecret.
    pub(crate) async fn token_of(&self, app_id: &str) -> String {
        let secret = self.secret_of(app_id).await;
        let answer = self.stable_token(app_id, &secret, false).await;
        answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// Signs in, generates an AppSecret and gets a stable token.
    pub(crate) async fn token(&self, app_id: &str) -> String {
        self.sign_in(app_id).await;
        let secret = self.secret().await;
        let answer = self.stable_token(app_id, &secret, false).await;
        answer["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn stable_token(&self, app_id: &str, secret: &str, force: bool) -> Value {
        let body = json!({
            "grant_type": "client_credential", "appid": app_id, "secret": secret, "force_refresh": force
        });
        self.post_json("/cgi-bin/stable_token", body).await
    }

    pub(crate) async fn usage(&self, token: &str) -> Value {
        let path = format!("/wxa/charge/usage/get?access_token={token}&spuId={QUICK}&offset=0&limit=20");
        self.json(&path).await
    }

    /// Orders a pack in the console and pays it; the answer is the order's number.
    pub(crate) async fn buy(&self, pack: &str) -> String {
        let order = self.post("/wxamp/wxacharge/order", &[("pack", pack)]).await;
        let number = order.text("console.order_id");
        let ways = self.post(&format!("{}/accept", order.path), &[("terms", "on")]).await;
        assert!(ways.has("console.pay.wechat") && ways.has("console.pay.bank"), "{}", ways.html);
        let paid = self.post(&format!("{}/pay", order.path), &[("way", "wechat")]).await;
        assert!(paid.has("console.paid"), "{}", paid.html);
        number
    }
}

/// A page as a browser got it.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) path: String,
    pub(crate) html: String,
}

impl Page {
    pub(crate) async fn read(response: Response) -> Self {
        let (status, path) = (response.status(), response.url().path().to_owned());
        Self { status, path, html: response.text().await.unwrap() }
    }

    pub(crate) fn has(&self, test_id: &str) -> bool {
        self.html.contains(&format!("data-testid=\"{test_id}\""))
    }

    /// The tag that carries a test id.
    pub(crate) fn tag(&self, test_id: &str) -> &str {
        let at = self.html.find(&format!("data-testid=\"{test_id}\""));
        let at = at.unwrap_or_else(|| panic!("{test_id} is not on the page: {}", self.html));
        let start = self.html[..at].rfind('<').unwrap();
        &self.html[start..at + self.html[at..].find('>').unwrap()]
    }

    /// The text that begins right inside it.
    pub(crate) fn text(&self, test_id: &str) -> String {
        let tag = self.tag(test_id);
        let inside = self.html.find(tag).unwrap() + tag.len() + 1;
        self.html[inside..].split('<').next().unwrap().to_owned()
    }
}

/// A sample of WeChat's answers, typed from docs/wechat.md.
pub(crate) fn sample(name: &str) -> Value {
    let file = format!("{}/../../tests/fixtures/wechat/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_json::from_str(&text).unwrap()
}

/// The kinds of values, so that a number can never pass for a string.
pub(crate) fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::String(_) => "string".into(),
        Value::Number(_) => "number".into(),
        Value::Bool(_) => "bool".into(),
        Value::Null => "null".into(),
    }
}

/// The errcode, after checking that the message ends as the platform's do.
pub(crate) fn errcode(answer: &Value) -> i64 {
    let message = answer["errmsg"].as_str().unwrap_or_else(|| panic!("no errmsg in {answer}"));
    let (_, rid) = message.rsplit_once(" rid: ").unwrap_or_else(|| panic!("no rid in {answer}"));
    let parts: Vec<_> = rid.split('-').collect();
    let hex = |part: &&str| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(parts.len() == 3 && parts.iter().all(hex), "{rid}");
    answer["errcode"].as_i64().unwrap()
}
