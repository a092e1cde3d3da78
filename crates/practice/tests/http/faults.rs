//! What can go wrong on the wire goes wrong on request, as often as asked.

use crate::support::{ADMIN, BOOKSHOP, RESTAURANT, World, errcode, sample, world};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const USAGE: &str = "/wxa/charge/usage/get";

async fn switch(world: &World, path: &str, fault: Value, times: Value) {
    world.admin("faults", json!({ "path": path, "fault": fault, "times": times })).await;
}

/// What a caller sees of one call.
#[derive(Debug, Default)]
struct Seen {
    status: u16,
    content_type: String,
    /// How far the `Date` of the answer is from now.
    clock_off: i64,
    /// In how many pieces the body came.
    pieces: usize,
    /// The body, or nothing if it broke off.
    body: Option<Vec<u8>>,
    announced: Option<u64>,
    /// No answer at all.
    reset: bool,
}

impl Seen {
    async fn of(world: &World, path: &str) -> Self {
        let mut response = match world.client.get(world.at(path)).send().await {
            Ok(response) => response,
            Err(error) => {
                assert!(error.is_request(), "{error:?}");
                return Self { reset: true, ..Self::default() };
            }
        };
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        let date = chrono::DateTime::parse_from_rfc2822(&header("date")).unwrap();
        let now = world.practice().now();
        let mut seen = Self {
            status: response.status().as_u16(),
            content_type: header("content-type"),
            clock_off: date.timestamp() - now.timestamp(),
            announced: response.content_length(),
            ..Self::default()
        };
        let mut body = Vec::new();
        seen.body = loop {
            match response.chunk().await {
                Ok(Some(piece)) => body.extend_from_slice(&piece),
                Ok(None) => break Some(body),
                Err(_) => break None,
            }
            seen.pieces += 1;
        };
        seen
    }

    fn json(&self) -> Option<Value> {
        self.body.as_ref().and_then(|body| serde_json::from_slice(body).ok())
    }

    fn is_usual(&self) -> bool {
        let errcode = self.json().map(|json| json["errcode"].clone());
        self.status == 200
            && self.content_type == "application/json; charset=utf-8"
            && errcode == Some(Value::from(0))
            && self.clock_off.abs() < 60
    }

    fn packages(&self) -> Vec<String> {
        let rows = self.json().unwrap()["detailList"].as_array().unwrap().clone();
        rows.iter().map(|row| row["pkgId"].as_str().unwrap().to_owned()).collect()
    }
}

/// One fault, the call it meets (usage of the bookshop, two rows a page), and whether what is seen is what it says.
type Row<'a> = (Value, String, Box<dyn Fn(&Seen) -> bool + 'a>);

/// Faults whose effect is not in the answer, or not in this one; each has a test of its own, here or in another file.
const ELSEWHERE: [&str; 6] =
    ["expires_in", "late_allocation", "allocation_told_twice", "no_effect", "adrift", "twice"];

fn row<'a>(fault: Value, path: &str, check: impl Fn(&Seen) -> bool + 'a) -> Row<'a> {
    (fault, path.to_owned(), Box::new(check))
}

fn page(token: &str, offset: u32) -> String {
    format!("{USAGE}?access_token={token}&spuId=10000077&offset={offset}&limit=2")
}

/// Faults of the answer as a whole.
fn answers(token: &str) -> Vec<Row<'_>> {
    let first = page(token, 0);
    let html = |seen: &Seen| seen.content_type == "text/html" && seen.json().is_none();
    vec![
        row(json!({ "kind": "errcode", "errcode": 40_164 }), &first, |seen| {
            seen.status == 200 && errcode(&seen.json().unwrap()) == 40_164
        }),
        row(json!({ "kind": "status", "status": 502 }), &first, move |seen| seen.status == 502 && html(seen)),
        row(json!({ "kind": "not_json" }), &first, move |seen| seen.status == 200 && html(seen)),
        row(json!({ "kind": "truncated" }), &first, |seen| {
            seen.status == 200 && seen.body.is_none() && seen.announced.is_some_and(|length| length > 200)
        }),
        row(json!({ "kind": "cut_json" }), &first, |seen| {
            let body = seen.body.as_ref().unwrap();
            body.starts_with(b"{\"errcode\":0,") && seen.json().is_none()
        }),
        row(json!({ "kind": "content_type", "content_type": "text/plain" }), &first, |seen| {
            seen.content_type == "text/plain" && seen.json().unwrap()["errcode"] == 0
        }),
        row(json!({ "kind": "delay", "millis": 30 }), &first, Seen::is_usual),
        row(json!({ "kind": "slow_body", "millis": 40 }), &first, |seen| {
            seen.pieces > 4 && seen.is_usual() && seen.announced.is_none()
        }),
        row(json!({ "kind": "huge", "megabytes": 3 }), &first, |seen| {
            seen.body.as_ref().unwrap().len() > 3 << 20
        }),
        row(json!({ "kind": "reset" }), &first, |seen| seen.reset),
        row(json!({ "kind": "not_offered" }), &first, |seen| {
            seen.status == 404 && seen.json().unwrap()["error"]["code"] == "not_found"
        }),
        row(json!({ "kind": "date", "seconds": -86_400 }), &first, |seen| {
            (seen.clock_off + 86_400).abs() < 60 && seen.json().unwrap()["errcode"] == 0
        }),
    ]
}

/// Faults of lists.
fn lists<'a>(token: &str, usual: &'a [String]) -> Vec<Row<'a>> {
    let (first, second) = (page(token, 0), page(token, 2));
    let shows = move |seen: &Seen, rows: &[usize]| {
        seen.packages() == rows.iter().map(|row| usual[*row].clone()).collect::<Vec<_>>()
    };
    let total = |seen: &Seen| seen.json().unwrap()["total"].as_u64().unwrap();
    vec![
        row(json!({ "kind": "duplicate_rows", "counted": false }), &first, move |seen| {
            shows(seen, &[0, 1, 1]) && total(seen) == 4
        }),
        row(json!({ "kind": "duplicate_rows", "counted": true }), &first, move |seen| {
            shows(seen, &[0, 1, 1]) && total(seen) == 5
        }),
        row(json!({ "kind": "moving_rows", "by": 1, "counted": true }), &second, move |seen| {
            shows(seen, &[1, 2]) && total(seen) == 5
        }),
        row(json!({ "kind": "moving_rows", "by": -1, "counted": true }), &second, move |seen| {
            shows(seen, &[3]) && total(seen) == 3
        }),
        row(json!({ "kind": "moving_rows", "by": 1, "counted": false }), &second, move |seen| {
            shows(seen, &[1, 2]) && total(seen) == 4
        }),
    ]
}

#[tokio::test]
async fn every_fault_does_what_its_name_says_as_often_as_asked() {
    let world = world().await;
    let token = world.token(BOOKSHOP).await;
    for _ in 0..3 {
        world.buy("q-90-250").await;
    }
    let rows = world.usage(&token).await["detailList"].as_array().unwrap().clone();
    let usual: Vec<_> = rows.iter().map(|row| row["pkgId"].as_str().unwrap().to_owned()).collect();
    let table: Vec<_> = answers(&token).into_iter().chain(lists(&token, &usual)).collect();
    for (fault, path, does) in &table {
        switch(&world, USAGE, fault.clone(), 2.into()).await;
        for time in 1..=2 {
            let seen = Seen::of(&world, path).await;
            assert!(does(&seen), "{fault}, time {time}: {seen:?}");
        }
        assert!(Seen::of(&world, path).await.is_usual(), "{fault} is used up");
    }

    // The list of kinds comes from what the platform says to an unknown one.
    let unknown = json!({ "path": USAGE, "fault": { "kind": "fire" }, "times": 1 });
    let address = world.at("/practice/admin/faults");
    let answer = world.client.post(address).bearer_auth(ADMIN).json(&unknown).send().await.unwrap();
    let message = answer.text().await.unwrap();
    let kinds: Vec<_> = message.split('`').skip(3).step_by(2).collect();
    assert!(kinds.len() > 10, "{message}");
    for kind in kinds {
        let tried = table.iter().any(|(fault, _, _)| fault["kind"] == kind);
        assert!(tried != ELSEWHERE.contains(&kind), "{kind} is not in the table, or needs no exception");
    }
}

#[tokio::test]
async fn what_is_slow_is_overtaken_by_whatever_is_asked_later() {
    let world = world().await;
    let address = page(&world.token_of(RESTAURANT).await, 0);
    for kind in ["delay", "slow_body"] {
        switch(&world, USAGE, json!({ "kind": kind, "millis": 60_000 }), 1.into()).await;
        // One of the two meets the fault, and the other does not wait for it.
        let (mut one, mut other) =
            (Box::pin(Seen::of(&world, &address)), Box::pin(Seen::of(&world, &address)));
        let (quick, slow) = tokio::select! {
            seen = &mut one => (seen, other),
            seen = &mut other => (seen, one),
        };
        assert!(quick.is_usual(), "{kind}: {quick:?}");
        let later = async {
            for _ in 0..20 {
                assert!(Seen::of(&world, &address).await.is_usual(), "{kind}");
            }
        };
        tokio::select! {
            seen = slow => panic!("{kind} held nothing up: {seen:?}"),
            () = later => (),
        }
    }
}

#[tokio::test]
async fn a_first_page_is_passed_over_by_rows_that_move() {
    let world = world().await;
    let token = world.token_of(RESTAURANT).await;
    switch(&world, USAGE, json!({ "kind": "moving_rows", "by": -1, "counted": true }), 1.into()).await;
    assert_eq!(world.usage(&token).await["total"], 1, "the first page is as it was");
    let second = format!("{USAGE}?access_token={token}&spuId=10000077&offset=1&limit=20");
    assert_eq!(world.json(&second).await["total"], 0);
    assert_eq!(world.json(&second).await["total"], 1, "used up");
}

#[tokio::test]
async fn a_fault_without_number_stays_until_it_is_cleared() {
    let world = world().await;
    let token = world.token_of(RESTAURANT).await;
    switch(&world, USAGE, json!({ "kind": "errcode", "errcode": -1 }), Value::Null).await;
    for _ in 0..3 {
        assert_eq!(errcode(&world.usage(&token).await), -1);
    }
    world.administer(Method::DELETE, "faults", json!({})).await;
    assert_eq!(world.usage(&token).await["errcode"], 0);
}

#[tokio::test]
async fn every_code_of_the_checklist_comes_with_its_words_and_can_be_looked_up() {
    let world = world().await;
    let token = world.token_of(RESTAURANT).await;
    let words =
        |refusal: &Value| refusal["errmsg"].as_str().unwrap().split(" rid: ").next().unwrap().to_owned();
    let samples = sample("refusals");
    let samples = samples.as_array().unwrap();
    let checklist =
        [40_001, 40_013, 40_125, 40_164, 40_243, 41_001, 42_001, 45_009, 45_011, 48_001, 50_007, 61_007, -1];
    assert!(checklist.iter().all(|code| samples.iter().any(|sample| sample["errcode"] == *code)));
    for sample in samples {
        switch(&world, USAGE, json!({ "kind": "errcode", "errcode": sample["errcode"] }), 1.into()).await;
        let refused = world.usage(&token).await;
        assert_eq!((errcode(&refused), words(&refused)), (errcode(sample), words(sample)));
        let rid = refused["errmsg"].as_str().unwrap().rsplit(' ').next().unwrap();
        let path = format!("/cgi-bin/openapi/rid/get?access_token={token}");
        let told = world.post_json(&path, json!({ "rid": rid })).await;
        let response = told["request"]["response_body"].as_str().unwrap_or_else(|| panic!("{told}"));
        assert_eq!(serde_json::from_str::<Value>(response).unwrap(), refused);
    }
}

#[tokio::test]
async fn a_token_can_say_to_live_longer_than_it_does() {
    let world = world().await;
    let secret = world.secret_of(RESTAURANT).await;
    let path = "/cgi-bin/stable_token";
    switch(&world, path, json!({ "kind": "expires_in", "seconds": 100_000 }), 1.into()).await;
    let answer = world.stable_token(RESTAURANT, &secret, false).await;
    assert_eq!(answer["expires_in"], 100_000);
    assert_eq!(world.stable_token(RESTAURANT, &secret, false).await["expires_in"], 7_200);
    world.advance(7_200).await;
    assert_eq!(errcode(&world.usage(answer["access_token"].as_str().unwrap()).await), 42_001);
}

#[tokio::test]
async fn a_change_whose_answer_is_lost_has_happened() {
    let world = world().await;
    let page = world.post(&format!("/practice/card-office/{RESTAURANT}/key"), &[]).await;
    let key = page.text("office.access_key");
    let path = "/member-card/v1/settings/acquisition-mode";
    switch(&world, path, json!({ "kind": "truncated" }), 1.into()).await;
    let body = json!({ "acquisition_mode": "manual", "request_id": "lost-answer-1", "reason": "test" });
    let request = || world.client.put(world.at(path)).bearer_auth(&key).json(&body);
    assert!(request().send().await.unwrap().bytes().await.is_err());
    assert_eq!(world.state(RESTAURANT).await["mode"], "manual");
    assert_eq!(request().send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn a_change_that_arrives_late_or_twice_is_made_once() {
    let world = world().await;
    let page = world.post(&format!("/practice/card-office/{RESTAURANT}/key"), &[]).await;
    let key = page.text("office.access_key");
    let path = "/member-card/v1/settings/acquisition-mode";
    let put = |mode: &str, id: &str| {
        let body = json!({ "acquisition_mode": mode, "request_id": id, "reason": "test" });
        world.client.put(world.at(path)).bearer_auth(&key).json(&body).send()
    };
    switch(&world, path, json!({ "kind": "adrift", "millis": 300 }), 1.into()).await;
    assert!(put("manual", "adrift-1").await.is_err());
    assert_eq!(world.state(RESTAURANT).await["mode"], "authorized", "it has not arrived yet");
    for _ in 0..100 {
        if world.state(RESTAURANT).await["mode"] == "manual" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(world.state(RESTAURANT).await["mode"], "manual");
    assert_eq!(put("manual", "adrift-1").await.unwrap().status(), StatusCode::OK, "the same change");
    switch(&world, path, json!({ "kind": "twice" }), 1.into()).await;
    let answer: Value = put("authorized", "made-twice-1").await.unwrap().json().await.unwrap();
    assert_eq!(answer["acquisition_mode"], "authorized", "{answer}");
    assert_eq!(world.state(RESTAURANT).await["mode"], "authorized");
}

#[tokio::test]
async fn a_shop_whose_backend_call_fails_was_charged_without_a_card() {
    let world = world().await;
    let path = "/wxa/business/getuserphonenumber";
    switch(&world, path, json!({ "kind": "status", "status": 500 }), 1.into()).await;
    let form = [("customer", "4000"), ("choice", "bound"), ("agree", "yes")];
    let page = world.post(&format!("/practice/claim/{RESTAURANT}/answer"), &form).await;
    assert!(page.has("claim.failed"), "{}", page.html);
    let state = world.state(RESTAURANT).await;
    assert_eq!((&state["used"], &state["cards_issued"]), (&195.into(), &646.into()));
}

#[tokio::test]
async fn calls_are_counted() {
    let world = world().await;
    let token = world.token(RESTAURANT).await;
    for _ in 0..3 {
        world.usage(&token).await;
    }
    let calls = world.client.get(world.at("/practice/admin/calls")).bearer_auth(ADMIN).send().await;
    let calls: Value = calls.unwrap().json().await.unwrap();
    let count = |path: &str| {
        let calls = calls.as_array().unwrap();
        calls.iter().find(|call| call["path"] == path).map(|call| call["count"].as_u64().unwrap())
    };
    assert_eq!(
        (count(USAGE), count("/cgi-bin/stable_token"), count("/cgi-bin/token")),
        (Some(3), Some(1), None)
    );
}

#[tokio::test]
async fn nonsense_is_refused() {
    let world = world().await;
    for body in [
        json!({ "path": "/nowhere", "fault": { "kind": "reset" }, "times": 1 }),
        json!({ "path": USAGE, "fault": { "kind": "fire" }, "times": 1 }),
        json!({ "path": USAGE, "fault": { "kind": "reset" }, "times": 0 }),
        json!({ "path": USAGE, "fault": { "kind": "status" } }),
    ] {
        let path = world.at("/practice/admin/faults");
        let answer = world.client.post(path).bearer_auth(ADMIN).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{body}");
    }
}
