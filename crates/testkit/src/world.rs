//! The application beside a practice platform, and what people do there by hand.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use companion::api::{AccountKind, Environment, PurchaseState, PurchaseView, ShopCategory, Subject};
use companion::secrets::{FailingSecrets, Secret};
use companion::{Addresses, Authorisation, Companion, Platform, Platforms, Setup};
use practice::{Options, Practice};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use tempfile::TempDir;
use url::Url;

use crate::clocks::{Hurried, PracticeTime};
use crate::until;

pub const ADMIN: &str = "admin-token-of-the-tests";
pub const EMAIL: &str = "jinwei@example.com";
pub const PASSWORD: &str = "Kf7mQ-x2Wd9-h4Tz";

fn instant(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("an instant with its offset").to_utc()
}

/// A practice platform, a home directory, and secrets that fail on request.
#[derive(Debug)]
pub struct World {
    pub practice: Practice,
    pub secrets: Arc<FailingSecrets>,
    pub home: TempDir,
    browser: reqwest::Client,
    cookie: String,
}

impl World {
    /// Practice time begins at `PRACTICE_START` (an instant like `2026-12-31T23:59:30+08:00`), else now. What must hold
    /// on any day is tested on several.
    pub async fn new() -> Self {
        let start = std::env::var("PRACTICE_START").ok();
        Self::at(start.as_deref().map(instant)).await
    }

    /// Practice time begins at this instant.
    pub async fn from(start: &str) -> Self {
        Self::at(Some(instant(start))).await
    }

    async fn at(first_start: Option<DateTime<Utc>>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let options = Options { first_start, ..Self::options(&home) };
        Self::of(Practice::start(options).await.unwrap(), home)
    }

    /// Practice in this home, from now on.
    pub fn options(home: &TempDir) -> Options {
        let database = home.path().join("practice/practice.db");
        Options { database, admin_token: Some(ADMIN.to_owned()), ..Options::default() }
    }

    pub fn of(practice: Practice, home: TempDir) -> Self {
        // The client installs the TLS provider that reqwest needs.
        companion::clients::Http::new(companion::clients::HttpLimits::default()).unwrap();
        let browser = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            // Where time is paused, practice closes what was idle for minutes in a moment.
            .pool_max_idle_per_host(0)
            .build()
            .unwrap();
        Self { practice, secrets: Arc::new(FailingSecrets::new()), home, browser, cookie: String::new() }
    }

    pub fn setup(&self) -> Setup {
        let platform = Platform {
            addresses: Addresses::of_one_server(self.practice.base_url()),
            clock: Arc::new(PracticeTime(self.practice.clock())),
        };
        let platforms = Platforms { practice: Some(platform), live: None };
        Setup {
            secrets: Arc::clone(&self.secrets) as Arc<_>,
            timer: Arc::new(Hurried),
            ..crate::setup(&self.home.path().join("app"), platforms)
        }
    }

    pub async fn open(&self) -> Companion {
        Companion::open(self.setup()).await.unwrap()
    }

    pub fn app_id(&self, place: usize) -> String {
        self.practice.mini_programs()[place].app_id.clone()
    }

    fn address(&self, path: &str) -> Url {
        self.practice.base_url().join(path).unwrap()
    }

    /// Posts a form as a browser would, keeps the cookie, and says where it leads and what it shows.
    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> (String, String) {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let answer = self
            .browser
            .post(self.address(path))
            .header(COOKIE, &self.cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await
            .unwrap();
        assert!(answer.status().as_u16() < 400, "{path} answered {}", answer.status());
        if let Some(cookie) = answer.headers().get(SET_COOKIE) {
            cookie.to_str().unwrap().split(';').next().unwrap().clone_into(&mut self.cookie);
        }
        let leads_to =
            answer.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default();
        (leads_to, answer.text().await.unwrap())
    }

    /// In 小程序助手.
    pub async fn set_login(&mut self, app_id: &str) {
        let path = format!("/practice/phone/helper/{app_id}/login");
        self.post(&path, &[("email", EMAIL), ("password", PASSWORD)]).await;
    }

    /// In the console; the address after signing in.
    pub async fn sign_in(&mut self) -> Url {
        self.post("/cgi-bin/bizlogin", &[("account", EMAIL), ("password", PASSWORD)]).await;
        let (leads_to, _) = self.post("/cgi-bin/scan", &[("redirect_url", "/wxamp/wxacharge")]).await;
        self.address(&leads_to)
    }

    /// In 开发设置; the AppSecret, which is shown once.
    pub async fn app_secret(&mut self) -> String {
        let (_, page) = self.post("/wxamp/devprofile/get_profile", &[("understood", "on")]).await;
        shown(&page, "dev.app_secret")
    }

    /// In the member-card back office; the access key, which is shown once.
    pub async fn access_key(&mut self, app_id: &str) -> String {
        let (_, page) =
            self.post(&format!("/practice/card-office/{app_id}/key"), &[("understood", "on")]).await;
        shown(&page, "office.access_key")
    }

    /// Somebody changes the mode in the back office.
    pub async fn office_mode(&mut self, app_id: &str, mode: &str) {
        self.post(&format!("/practice/card-office/{app_id}/mode"), &[("mode", mode)]).await;
    }

    /// Buys and pays a pack in the console; the order's page there.
    pub async fn buy(&mut self, pack: &str) -> String {
        let (order, _) =
            self.post("/wxamp/wxacharge/order", &[("capability", "quick"), ("pack", pack)]).await;
        self.post(&format!("{order}/accept"), &[("terms", "on")]).await;
        let (paid, _) = self.post(&format!("{order}/pay"), &[("way", "wechat")]).await;
        assert_eq!(paid, order);
        order
    }

    /// Asks for the money of an order in the console.
    pub async fn refund(&mut self, order: &str) {
        let (leads_to, _) = self.post(&format!("{order}/refund"), &[("reason", "wrong_pack")]).await;
        assert_eq!(leads_to, "/wxamp/wxacharge/orders");
    }

    /// The same time on the next day, in practice.
    pub async fn next_day(&self) {
        self.practice.advance(Duration::from_hours(24)).await.unwrap();
    }

    pub async fn admin(&self, method: reqwest::Method, path: &str, body: String) -> serde_json::Value {
        let request = self.browser.request(method, self.address(path)).bearer_auth(ADMIN);
        let answer = request.header("content-type", "application/json").body(body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path} answered {}", answer.status());
        serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default()
    }

    /// The next `times` calls of a path fail so.
    pub async fn fault(&self, path: &str, fault: serde_json::Value, times: Option<u32>) {
        let body = serde_json::json!({ "path": path, "fault": fault, "times": times });
        self.admin(reqwest::Method::POST, "/practice/admin/faults", body.to_string()).await;
    }

    pub async fn no_faults(&self) {
        self.admin(reqwest::Method::DELETE, "/practice/admin/faults", String::new()).await;
    }

    pub async fn customers(&self, app_id: &str, count: u32) {
        self.customers_who(app_id, count, "authorise", true).await;
    }

    /// Customers who authorise or type their number, whatever is asked of them; how many met 1400001.
    pub async fn turned_away(&self, app_id: &str, count: u32) -> u64 {
        if count == 0 {
            return 0;
        }
        let body = serde_json::json!({
            "app_id": app_id, "count": count, "action": "authorise", "exchange": true
        });
        let tally = self.admin(reqwest::Method::POST, "/practice/admin/customers", body.to_string()).await;
        tally["no_quota"].as_u64().unwrap()
    }

    /// Customers who `action` ("authorise", "repeat"), of a shop whose backend exchanges the codes or does not.
    pub async fn customers_who(&self, app_id: &str, count: u32, action: &str, exchange: bool) {
        let body = serde_json::json!({
            "app_id": app_id, "count": count, "action": action, "exchange": exchange
        });
        self.admin(reqwest::Method::POST, "/practice/admin/customers", body.to_string()).await;
    }

    /// A mini-program authorises the third-party platform of practice, for these permission sets; and the platform's AppID.
    pub async fn authorisation(&self, app_id: &str, sets: &[u8]) -> (Authorisation, String) {
        const PLATFORM: &str = "wxfacade00000000c1";
        let post = reqwest::Method::POST;
        let secret = self.provider_secret(PLATFORM).await;
        let ticket = serde_json::json!({ "app_id": PLATFORM }).to_string();
        let ticket = self.admin(post.clone(), "/practice/admin/tickets", ticket).await;
        let proof = serde_json::json!({
            "component_appid": PLATFORM,
            "component_appsecret": secret,
            "component_verify_ticket": ticket["component_verify_ticket"],
        });
        let path = "/cgi-bin/component/api_component_token";
        let token = self.admin(post.clone(), path, proof.to_string()).await;
        let wish = serde_json::json!({ "agent": PLATFORM, "app_id": app_id, "permission_sets": sets });
        let given = self.admin(post, "/practice/admin/authorisations", wish.to_string()).await;
        let word = |answer: &serde_json::Value, name: &str| answer[name].as_str().unwrap().to_owned();
        let authorisation = Authorisation {
            component_app_id: PLATFORM.to_owned(),
            component_access_token: Secret::from(word(&token, "component_access_token")),
            app_id: app_id.to_owned(),
            refresh_token: Secret::from(word(&given, "authorizer_refresh_token")),
        };
        (authorisation, PLATFORM.to_owned())
    }

    /// The mini-program takes its authorisation back.
    pub async fn withdraw(&self, platform: &str, app_id: &str) {
        let body = serde_json::json!({ "agent": platform, "app_id": app_id }).to_string();
        self.admin(reqwest::Method::DELETE, "/practice/admin/authorisations", body).await;
    }

    /// A new AppSecret of a service provider or a third-party platform.
    pub async fn provider_secret(&self, app_id: &str) -> String {
        let body = serde_json::json!({ "app_id": app_id }).to_string();
        let answer = self.admin(reqwest::Method::POST, "/practice/admin/secrets", body).await;
        answer["secret"].as_str().unwrap().to_owned()
    }

    /// A provider orders one wholesale pack and pays it.
    pub async fn bulk_order(&self, provider: &str, sku: u64) {
        let body = serde_json::json!({ "provider": provider, "sku_id": sku, "count": 1 }).to_string();
        self.admin(reqwest::Method::POST, "/practice/admin/bulk-orders", body).await;
    }

    /// How often the platform was called at a path.
    pub async fn calls(&self, path: &str) -> u64 {
        let calls = self.admin(reqwest::Method::GET, "/practice/admin/calls", String::new()).await;
        let found = calls.as_array().unwrap().iter().find(|entry| entry["path"] == path).cloned();
        found.map_or(0, |entry| entry["count"].as_u64().unwrap())
    }

    /// A paying account that has come as far as connecting, and the AppSecret to connect with.
    pub async fn ready_to_connect(&mut self, companion: &Companion) -> (String, String, String) {
        let app_id = self.app_id(0);
        self.set_login(&app_id).await;
        self.sign_in().await;
        let secret = self.app_secret().await;
        let account = paying(companion).await;
        (account, app_id, secret)
    }

    /// The same, connected by AppSecret.
    pub async fn connected(&mut self, companion: &Companion) -> (String, String) {
        let (account, app_id, secret) = self.ready_to_connect(companion).await;
        companion.connect_app_secret(&account, &app_id, Secret::from(secret)).await.unwrap();
        (account, app_id)
    }
}

/// An account of an enterprise in catering that chose the authorised way.
pub async fn paying(companion: &Companion) -> String {
    let account = companion
        .start_account(Environment::Practice, AccountKind::MiniProgram, " 晋味小馆会员中心 ")
        .await
        .unwrap()
        .account;
    companion.decide_eligibility(&account, Subject::Enterprise, ShopCategory::Catering, true).await.unwrap();
    let way = companion::api::AcquisitionMode::Authorized;
    companion.choose_way(&account, way, 200).await.unwrap();
    account
}

/// Looks until the purchase that waits has arrived: a look may have been under way before the pack was paid.
pub async fn arrival(companion: &Companion, account: &str) -> PurchaseView {
    until("the arrival", || async {
        companion.check_arrival(account).await.unwrap().state != PurchaseState::Waiting
    })
    .await;
    companion.check_arrival(account).await.unwrap()
}

/// The text of the element with this test id.
fn shown(page: &str, id: &str) -> String {
    let rest = page.split(&format!("data-testid=\"{id}\"")).nth(1).expect(id);
    let text = rest.split('>').nth(1).unwrap().split('<').next().unwrap();
    text.trim().to_owned()
}
