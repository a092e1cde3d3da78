//! Real requests to the host, those of its own page and those it must refuse.
#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

use browser_host::{BrowserHost, Options};
use reqwest::{Client, RequestBuilder, header};
use serde_json::{Value, json};

struct World {
    host: BrowserHost,
    client: Client,
    _home: tempfile::TempDir,
}

impl World {
    async fn open() -> Self {
        let home = tempfile::tempdir().unwrap();
        let ui = home.path().join("ui");
        std::fs::create_dir(&ui).unwrap();
        std::fs::write(ui.join("index.html"), "<title>the UI</title>").unwrap();
        let options = Options { home: home.path().join("app"), ui, ..Options::default() };
        let host = BrowserHost::start(options).await.unwrap();
        Self { host, client: Client::builder().no_proxy().build().unwrap(), _home: home }
    }

    fn at(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.host.port())
    }

    fn command(&self, name: &str, arguments: &Value) -> RequestBuilder {
        self.client
            .post(self.at(&format!("/command/{name}")))
            .body(arguments.to_string())
            .header(header::CONTENT_TYPE, "application/json")
    }

    /// As the host's own page asks.
    async fn ask(&self, name: &str, arguments: Value) -> (u16, Value) {
        let request = self.command(name, &arguments).bearer_auth(self.host.token());
        said(request.header(header::ORIGIN, self.at(""))).await
    }

    async fn theme(&self) -> Value {
        self.ask("get_app", json!({})).await.1["theme"].clone()
    }
}

async fn said(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap())
}

#[tokio::test]
async fn its_own_page_asks_and_changes_and_hears_of_it() {
    let world = World::open().await;
    let page = world.client.get(world.host.address()).send().await.unwrap();
    let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert!(page.text().await.unwrap().contains("the UI"));
    let changes = world.client.get(world.at(&format!("/changed?token={}", world.host.token())));
    let mut changes = changes.send().await.unwrap();
    let (status, app) = world.ask("set_theme", json!({ "theme": "dark" })).await;
    assert_eq!((status, &app["theme"]), (200, &json!("dark")));
    // What runs in the background, a copy of the ledger for one, may be heard of before.
    let mut heard = String::new();
    while !heard.contains(r#"data: {"account":null,"tags":["app"]}"#) {
        heard += std::str::from_utf8(&changes.chunk().await.unwrap().unwrap()).unwrap();
    }
    assert_eq!(world.theme().await, "dark");
}

#[tokio::test]
async fn who_has_no_token_or_comes_from_elsewhere_is_refused_and_changes_nothing() {
    let world = World::open().await;
    let before = world.theme().await;
    let change = || world.command("set_theme", &json!({ "theme": "dark" }));
    let known = || change().bearer_auth(world.host.token());
    let refusals = [
        (change(), 401, "token_missing"),
        (change().bearer_auth("0123"), 401, "token_missing"),
        (known().header(header::ORIGIN, "https://example.org"), 403, "foreign_origin"),
        (
            known().header(header::ORIGIN, format!("http://localhost:{}", world.host.port())),
            403,
            "foreign_origin",
        ),
        (known().header(header::ORIGIN, "null"), 403, "foreign_origin"),
        (known().header(header::HOST, format!("example.org:{}", world.host.port())), 421, "foreign_host"),
        (known().header(header::HOST, format!("localhost:{}", world.host.port())), 421, "foreign_host"),
        (world.client.get(world.at("/changed")), 401, "token_missing"),
        (world.client.get(world.at("/")).header(header::HOST, "example.org"), 421, "foreign_host"),
    ];
    for (request, status, error) in refusals {
        let (found, body) = said(request).await;
        assert_eq!((found, body["error"].as_str().unwrap()), (status, error));
        assert!(body["means"].as_str().unwrap().len() > 20, "{body}");
    }
    assert_eq!(world.theme().await, before);
}

#[tokio::test]
async fn what_the_app_shows_in_another_window_is_the_browsers_to_open() {
    let world = World::open().await;
    let account = json!({ "environment": "practice", "kind": "mini_program", "name": "晋味小馆" });
    let account = world.ask("start_account", account).await.1["account"].clone();
    let practice = world.host.practice();
    let first = practice.mini_programs().remove(0).app_id;
    let base = practice.base_url();
    for (command, arguments, opens) in [
        ("open_practice_phone", json!({}), Some("practice/phone".to_owned())),
        ("open_practice_provider", json!({}), Some("practice/provider".to_owned())),
        ("open_practice_claim", json!({ "account": account }), Some(format!("practice/claim/{first}"))),
        (
            "open_practice_card_office",
            json!({ "account": account }),
            Some(format!("practice/card-office/{first}")),
        ),
        (
            "open_console",
            json!({ "account": account, "page": "charge" }),
            Some("cgi-bin/loginpage?redirect_url=/wxamp/wxacharge".to_owned()),
        ),
        ("open_practice_claim", json!({ "account": "nobody" }), None),
        ("get_app", json!({}), None),
    ] {
        let answer = world.command(command, &arguments).bearer_auth(world.host.token()).send().await.unwrap();
        let found = answer.headers().get("x-opens").map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(found, opens.map(|path| format!("{base}{path}")), "{command} {arguments}");
    }
}

#[tokio::test]
async fn what_is_no_request_of_a_page_is_refused_and_changes_nothing() {
    let world = World::open().await;
    let before = world.theme().await;
    let put = world.client.put(world.at("/command/set_theme"));
    let plain = world.client.post(world.at("/command/set_theme")).body(r#"{"theme":"dark"}"#);
    let broken = world.command("set_theme", &json!({})).body(r#"{"theme":"da"#);
    for (request, status, error) in
        [(broken, 400, "body_unreadable"), (plain, 415, "body_unreadable"), (put, 405, "method_unknown")]
    {
        let (found, body) = said(request.bearer_auth(world.host.token())).await;
        assert_eq!((found, body["error"].as_str().unwrap()), (status, error));
    }
    assert_eq!(world.theme().await, before);
}

#[tokio::test]
async fn a_refused_command_answers_with_its_own_error() {
    let world = World::open().await;
    for (name, arguments, code) in [
        ("no_such_command", json!({}), "command_unknown"),
        ("set_theme", json!({}), "argument_missing"),
        ("set_theme", json!({ "theme": "dark", "more": 1 }), "argument_unknown"),
        ("get_wizard", json!({ "account": "nobody" }), "not_found"),
    ] {
        let (status, error) = world.ask(name, arguments).await;
        assert_eq!((status, error["code"].as_str().unwrap()), (422, code), "{name}");
    }
}
