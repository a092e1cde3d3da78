//! Everybody who works against the platform while it is being killed.

use crate::books::{Books, Told};
use crate::server::{ADMIN, Server};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// The bookshop starts without any customers; its quota gets scarce. The restaurant buys for the pleasure of it.
pub(crate) const SHOP: &str = "wxfacade0000000002";
const RESTAURANT: &str = "wxfacade0000000001";
const PACK_CALLS: u64 = 250;
const PACK: &str = "q-90-250";
const SHOPPERS: u32 = 4;
/// How long an answer may take. Wine keeps the connections of a killed platform open: nothing would ever come.
const PATIENCE: Duration = Duration::from_secs(10);

/// Clients, and what they need to know to go on after a kill.
pub(crate) struct Load {
    books: Arc<Books>,
    /// Signed in for the bookshop, and for the restaurant.
    client: Client,
    buyer: Client,
    ready: Option<Ready>,
}

/// What the platform handed out in the first round.
#[derive(Clone)]
struct Ready {
    key: String,
    token: String,
}

/// The connection ended before the whole answer was here.
struct CutOff;

impl Load {
    pub(crate) fn new(books: Arc<Books>) -> Self {
        // Loopback only, but the client wants to know how it would do TLS.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = || Client::builder().no_proxy().cookie_store(true).timeout(PATIENCE).build().unwrap();
        Self { books, client: client(), buyer: client(), ready: None }
    }

    /// Signs in (in the first round), and finishes what the kill cut off: repeating it must do it once.
    pub(crate) async fn settle(&mut self, base: &str) {
        let buyer = self.worker(base, &self.buyer);
        if self.ready.is_none() {
            self.ready = Some(self.worker(base, &self.client).get_ready().await);
            buyer.sign_in(RESTAURANT).await;
        }
        let worker = self.worker(base, &self.client);
        let orders: Vec<_> = self.books.orders.lock().unwrap().clone().into_iter().collect();
        for (order, (program, told)) in orders {
            if told == Told::Placed {
                let who = if program == SHOP { &worker } else { &buyer };
                assert!(who.pay(program, &order).await.is_ok(), "nobody kills now");
            }
        }
        let modes: Vec<_> = self.books.modes.lock().unwrap().clone().into_iter().collect();
        for (request, answer) in modes {
            if answer.is_none() {
                assert!(worker.switch(&request).await.is_ok(), "nobody kills now");
            }
        }
    }

    /// Holds the platform's figures against the books.
    pub(crate) async fn check(&self, base: &str) {
        let state: Value = self
            .client
            .get(format!("{base}/practice/admin/state"))
            .bearer_auth(ADMIN)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let programs = state["mini_programs"].as_array().unwrap();
        let mut used_by_shop = 0;
        for program in
            programs.iter().filter(|program| [SHOP, RESTAURANT].iter().any(|id| program["app_id"] == *id))
        {
            let (used, remaining) =
                (program["used"].as_u64().unwrap(), program["remaining"].as_u64().unwrap());
            let orders = program["orders"].as_array().unwrap();
            let paid: Vec<_> = orders.iter().filter(|order| order["state"] == "paid").collect();
            let granted = 1_000 + PACK_CALLS * u64::try_from(paid.len()).unwrap();
            assert_eq!(used + remaining, granted, "quota neither grows nor gets lost");
            for (order, (owner, told)) in self.books.orders.lock().unwrap().iter() {
                let known = paid.iter().any(|paid| paid["id"] == order.as_str());
                let elsewhere = program["app_id"] != *owner;
                assert!(elsewhere || *told == Told::Placed || known, "{order} was acknowledged as paid");
            }
            if program["app_id"] == SHOP {
                used_by_shop = used;
            }
        }
        let told = self.books.acknowledged();
        assert!(used_by_shop >= told, "{told} charges were acknowledged, {used_by_shop} are there");
        let most = told + self.books.uncertain();
        assert!(used_by_shop <= most, "{used_by_shop} charges are there, {most} customers pressed at most");
    }

    /// Lets all clients work until this number of charges more is acknowledged, then kills the server.
    pub(crate) async fn run_until_killed(&self, server: Server, charges: u64) {
        let goal = self.books.acknowledged() + charges;
        let reached = Arc::new(Notify::new());
        let mut work = JoinSet::new();
        for _ in 0..SHOPPERS {
            let (worker, reached) = (self.worker(&server.base, &self.client), Arc::clone(&reached));
            work.spawn(async move { worker.shop(goal, &reached).await });
        }
        let buyer = self.worker(&server.base, &self.buyer);
        work.spawn(async move { buyer.buy().await });
        let switch = self.worker(&server.base, &self.client);
        work.spawn(async move { switch.switch_on_and_off().await });
        reached.notified().await;
        server.kill();
        while let Some(done) = work.join_next().await {
            let Err(CutOff) = done.unwrap() else { panic!("somebody stopped working") };
        }
    }

    fn worker(&self, base: &str, client: &Client) -> Worker {
        Worker {
            books: Arc::clone(&self.books),
            client: client.clone(),
            base: base.to_owned(),
            ready: self.ready.clone(),
        }
    }
}

struct Worker {
    books: Arc<Books>,
    client: Client,
    base: String,
    ready: Option<Ready>,
}

type Answer<T> = Result<T, CutOff>;

impl Worker {
    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer<Value> {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(ready) = &self.ready {
            request = request.bearer_auth(&ready.key);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.map_err(|_| CutOff)?;
        answer.json().await.map_err(|_| CutOff)
    }

    /// Posts a form; the answer is the page it led to, address and text.
    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer<(String, String)> {
        let request = self.client.post(format!("{}{path}", self.base)).form(form);
        let answer = request.send().await.map_err(|_| CutOff)?;
        let address = answer.url().path().to_owned();
        Ok((address, answer.text().await.map_err(|_| CutOff)?))
    }

    async fn must_post(&self, path: &str, form: &[(&str, &str)]) -> (String, String) {
        self.post(path, form).await.unwrap_or_else(|CutOff| panic!("nobody kills now"))
    }

    async fn sign_in(&self, app_id: &str) {
        let email = format!("{app_id}@example.com");
        let login = [("email", email.as_str()), ("password", "vinegar-2024")];
        self.must_post(&format!("/practice/phone/helper/{app_id}/login"), &login).await;
        self.must_post("/cgi-bin/bizlogin", &[("account", &email), ("password", login[1].1)]).await;
        let (inside, _) = self.must_post("/cgi-bin/scan", &[]).await;
        assert_eq!(inside, "/wxamp/wxacharge");
    }

    async fn get_ready(&self) -> Ready {
        self.sign_in(SHOP).await;
        let (_, profile) = self.must_post("/wxamp/devprofile/get_profile", &[("understood", "on")]).await;
        let (_, office) = self.must_post(&format!("/practice/card-office/{SHOP}/key"), &[]).await;
        let secret = after(&profile, "dev.app_secret");
        let asked = json!({ "grant_type": "client_credential", "appid": SHOP, "secret": secret });
        let answer = self.ask(Method::POST, "/cgi-bin/stable_token", Some(asked)).await;
        let Ok(answer) = answer else { panic!("nobody kills now") };
        Ready {
            key: after(&office, "office.access_key"),
            token: answer["access_token"].as_str().unwrap().to_owned(),
        }
    }

    /// Customers who press the button once each; of every third the code is exchanged.
    async fn shop(&self, goal: u64, reached: &Notify) -> Answer<()> {
        loop {
            let customer = self.books.customers.fetch_add(1, Ordering::SeqCst) + 1;
            let press = json!({ "answer": "agree", "customer": customer });
            let path = format!("/practice/component/{SHOP}");
            let detail = self.ask(Method::POST, &path, Some(press)).await?["detail"].clone();
            if let Some(code) = detail["code"].as_str() {
                let known = self.books.codes.lock().unwrap().insert(customer, code.to_owned());
                assert_eq!(known, None);
                if customer.is_multiple_of(3) {
                    self.exchange(code).await?;
                }
            } else {
                assert_eq!(detail["errno"], 1_400_001, "{detail}");
                self.books.denied.fetch_add(1, Ordering::SeqCst);
                self.buy_one(SHOP).await?;
            }
            if self.books.acknowledged() >= goal {
                reached.notify_one();
            }
        }
    }

    async fn exchange(&self, code: &str) -> Answer<()> {
        let token = self.ready.as_ref().map_or("", |ready| ready.token.as_str());
        let path = format!("/wxa/business/getuserphonenumber?access_token={token}");
        let answer = self.ask(Method::POST, &path, Some(json!({ "code": code }))).await?;
        assert_eq!(answer["errcode"], 0, "{answer}");
        self.books.exchanged.lock().unwrap().push(code.to_owned());
        let again = self.ask(Method::POST, &path, Some(json!({ "code": code }))).await?;
        assert_eq!(again["errcode"], 40_029, "a code works once: {again}");
        Ok(())
    }

    /// Buys a pack now and then, and changes its mind more often.
    async fn buy(&self) -> Answer<()> {
        loop {
            self.buy_one(RESTAURANT).await?;
            for _ in 0..3 {
                let order = self.place().await?;
                let (_, page) = self.post(&format!("/wxamp/wxacharge/order/{order}/cancel"), &[]).await?;
                assert!(page.contains("data-state=\"cancelled\""), "{page}");
                self.books.cancelled.lock().unwrap().push(order);
            }
        }
    }

    async fn place(&self) -> Answer<String> {
        let (address, _) = self.post("/wxamp/wxacharge/order", &[("pack", PACK)]).await?;
        let order = address.rsplit('/').next().unwrap().to_owned();
        assert!(order.starts_with("DD"), "{address}");
        Ok(order)
    }

    async fn buy_one(&self, program: &'static str) -> Answer<()> {
        let order = self.place().await?;
        self.books.orders.lock().unwrap().insert(order.clone(), (program, Told::Placed));
        self.pay(program, &order).await
    }

    async fn pay(&self, program: &'static str, order: &str) -> Answer<()> {
        let (_, page) =
            self.post(&format!("/wxamp/wxacharge/order/{order}/pay"), &[("way", "wechat")]).await?;
        assert!(page.contains("console.paid"), "{page}");
        self.books.orders.lock().unwrap().insert(order.to_owned(), (program, Told::Paid));
        Ok(())
    }

    async fn switch_on_and_off(&self) -> Answer<()> {
        loop {
            let request = format!("crash-{:016x}", rand::random::<u64>());
            self.books.modes.lock().unwrap().insert(request.clone(), None);
            self.switch(&request).await?;
        }
    }

    async fn switch(&self, request: &str) -> Answer<()> {
        let mode =
            if request.ends_with(|last: char| last.is_ascii_digit()) { "manual" } else { "authorized" };
        let address = format!("{}/member-card/v1/settings/acquisition-mode", self.base);
        let key = self.ready.as_ref().map_or("", |ready| ready.key.as_str());
        let body = json!({ "acquisition_mode": mode, "request_id": request });
        let answer =
            self.client.put(address).bearer_auth(key).json(&body).send().await.map_err(|_| CutOff)?;
        let answer = answer.text().await.map_err(|_| CutOff)?;
        assert!(answer.contains("mode_changed_at"), "{answer}");
        self.books.modes.lock().unwrap().insert(request.to_owned(), Some(answer));
        Ok(())
    }
}

/// The text of the element with a test id.
fn after(page: &str, test_id: &str) -> String {
    let (_, rest) = page.split_once(&format!("data-testid=\"{test_id}\">")).expect(test_id);
    rest.split('<').next().unwrap().to_owned()
}
