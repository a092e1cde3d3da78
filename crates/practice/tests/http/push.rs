//! 消息推送: what is sent, once, to whom, in which form, and again when it was not taken.

use crate::sink::{Arrived, KEY, Sink, TOKEN};
use crate::support::{ADMIN, BOOKSHOP, PLATFORM, RESTAURANT, World, errcode, sample, shape, world};
use reqwest::StatusCode;
use serde_json::{Value, json};

const DAY: u64 = 86_400;

fn quota(arrived: &Arrived) -> (i64, i64) {
    let event = arrived.json();
    assert_eq!(event["Event"], "charge_service_quota_notify", "{event}");
    (event["total_quota"].as_i64().unwrap(), event["total_used_quota"].as_i64().unwrap())
}

async fn tell_admin(world: &World, body: Value) -> StatusCode {
    let request = world.client.put(world.at("/practice/admin/push")).bearer_auth(ADMIN).json(&body);
    request.send().await.unwrap().status()
}

async fn log(world: &World) -> Vec<Value> {
    let log = world.client.get(world.at("/practice/admin/pushes")).bearer_auth(ADMIN).send().await.unwrap();
    log.json().await.unwrap()
}

#[tokio::test]
async fn an_address_is_used_only_if_it_sends_echostr_back() {
    let world = world().await;
    let (sink, deaf) = (Sink::open().await, Sink::deaf().await);
    let ask = |url: &str, token: &str, key: Value, mode: &str| {
        json!({
            "app_id": RESTAURANT, "url": url, "token": token, "encoding_aes_key": key,
            "mode": mode, "format": "json",
        })
    };
    let bad = StatusCode::BAD_REQUEST;
    assert_eq!(tell_admin(&world, ask(&deaf.url, TOKEN, KEY.into(), "plain")).await, bad);
    assert_eq!(tell_admin(&world, ask(&sink.url, "Another1", KEY.into(), "plain")).await, bad, "wrong token");
    assert_eq!(tell_admin(&world, ask(&sink.url, "no", KEY.into(), "plain")).await, bad, "short token");
    assert_eq!(tell_admin(&world, ask(&sink.url, TOKEN, Value::Null, "secure")).await, bad, "no key");
    assert_eq!(tell_admin(&world, ask(&sink.url, TOKEN, "short".into(), "secure")).await, bad, "short key");
    for elsewhere in ["http://192.0.2.1/x", "https://127.0.0.1/x", "ftp://127.0.0.1/x", "http://example.com/"]
    {
        assert_eq!(tell_admin(&world, ask(elsewhere, TOKEN, KEY.into(), "plain")).await, bad, "{elsewhere}");
    }
    assert_eq!(tell_admin(&world, ask(&sink.url, TOKEN, Value::Null, "plain")).await, StatusCode::OK);
}

#[tokio::test]
async fn whether_an_address_can_be_reached_can_be_asked() {
    let world = world().await;
    let token = world.token_of(RESTAURANT).await;
    let check = |action: &str, operator: &str| {
        let body = json!({ "action": action, "check_operator": operator });
        let path = format!("/cgi-bin/callback/check?access_token={token}");
        let world = &world;
        async move { world.post_json(&path, body).await }
    };
    assert_eq!(errcode(&check("all", "DEFAULT").await), 40_201, "none is set");
    let sink = Sink::open().await;
    sink.configure(&world, RESTAURANT, "plain", "json").await;
    assert_eq!(errcode(&check("guess", "DEFAULT").await), 40_202);
    assert_eq!(errcode(&check("all", "MINE").await), 40_203);
    let reached = check("all", "UNICOM").await;
    assert_eq!(shape(&reached), shape(&sample("callback_check")));
    assert_eq!(reached["ping"][0]["package_loss"], "0%");
    assert_eq!(check("dns", "CAP").await["ping"], json!([]));
    sink.close().await;
    assert_eq!(check("ping", "CAP").await["ping"][0]["package_loss"], "100%");
}

#[tokio::test]
async fn each_share_is_told_once_when_it_is_crossed_and_again_after_a_top_up() {
    let world = world().await;
    let mut sink = Sink::open().await;
    sink.configure(&world, RESTAURANT, "plain", "json").await;
    // 194 of 1,000 are used. Each share is crossed by the one call that reaches it.
    for (calls, used) in [(605, None), (1, Some(800)), (99, None), (1, Some(900)), (50, Some(950))] {
        world.customers(RESTAURANT, calls).await;
        if let Some(used) = used {
            let event = sink.next().await;
            assert_eq!(quota(&event), (1_000, used));
            assert_eq!(shape(&event.json()), shape(&sample("push_quota")));
        }
        assert!(sink.rest().is_empty(), "nothing but {used:?}");
    }
    world.sign_in(RESTAURANT).await;
    world.buy("q-90-250").await;
    world.customers(RESTAURANT, 49).await;
    // 1,250 in all, 251 left, 250 is 20 %.
    assert!(sink.rest().is_empty(), "armed again, but not yet crossed");
    world.customers(RESTAURANT, 1).await;
    assert_eq!(quota(&sink.next().await), (1_250, 1_000));
    world.customers(RESTAURANT, 250).await;
    let told: Vec<_> = [sink.next().await, sink.next().await, sink.next().await].iter().map(quota).collect();
    assert_eq!(told, [(1_250, 1_125), (1_250, 1_188), (1_250, 1_250)]);
    assert!(sink.rest().is_empty());
}

#[tokio::test]
async fn a_lot_is_told_of_15_7_3_and_1_days_before_its_end_and_at_its_end() {
    let world = world().await;
    let mut sink = Sink::open().await;
    world.sign_in(BOOKSHOP).await;
    sink.configure(&world, BOOKSHOP, "plain", "json").await;
    world.buy("q-90-250").await;
    world.advance(75 * DAY - 600).await;
    assert!(sink.rest().is_empty(), "a little more than fifteen days");
    world.advance(600).await;
    let first = sink.next().await.json();
    assert_eq!(shape(&first), shape(&sample("push_validity")));
    assert_eq!(first["event_type"], 4);
    let end = first["validity_end_time"].as_str().unwrap().to_owned();
    assert!(end.len() == 19 && end.as_bytes()[10] == b' ', "{end}");
    for days in [8, 4, 2, 1] {
        world.advance(days * DAY).await;
        let event = sink.next().await.json();
        assert_eq!(event["validity_end_time"], end.as_str(), "after {days} more days");
    }
    world.advance(10 * DAY).await;
    assert_eq!(world.usage(&world.token_of(BOOKSHOP).await).await["detailList"][1]["status"], 3);
    assert!(sink.rest().is_empty());
}

#[tokio::test]
async fn every_mode_and_format_says_the_same() {
    let world = world().await;
    let mut sink = Sink::open().await;
    let cases =
        [("plain", "json", 606), ("compatible", "json", 100), ("secure", "json", 50), ("secure", "xml", 50)];
    for (mode, format, calls) in cases {
        sink.configure(&world, RESTAURANT, mode, format).await;
        world.customers(RESTAURANT, calls).await;
        let event = sink.next().await;
        assert!(event.content_type.contains(format), "{}", event.content_type);
        assert_eq!(event.query["own"], "1", "the address keeps its own parameters");
        let message = if format == "json" {
            let body = event.json();
            let fields = body.as_object().unwrap().len();
            match mode {
                "plain" => body,
                "compatible" => {
                    let (message, app_id) = event.decrypt(body["Encrypt"].as_str().unwrap());
                    let message: Value = serde_json::from_str(&message).unwrap();
                    assert_eq!(app_id, RESTAURANT);
                    assert_eq!((fields, &body["spu_id"]), (12, &message["spu_id"]), "open beside sealed");
                    message
                }
                _ => {
                    assert_eq!(fields, 2, "{body}");
                    let (message, app_id) = event.decrypt(body["Encrypt"].as_str().unwrap());
                    assert_eq!(app_id, RESTAURANT);
                    serde_json::from_str(&message).unwrap()
                }
            }
        } else {
            let inside = |text: &str, name: &str| {
                let start = text.find(&format!("<{name}>")).unwrap() + name.len() + 2;
                text[start..text.find(&format!("</{name}>")).unwrap()].to_owned()
            };
            let open = |text: String| text.trim_start_matches("<![CDATA[").trim_end_matches("]]>").to_owned();
            let (message, _) = event.decrypt(&open(inside(&event.body, "Encrypt")));
            let expected = std::fs::read_to_string("../../tests/fixtures/wechat/push_quota.xml").unwrap();
            let names = |text: &str| -> Vec<String> {
                let tags = text.split('<').filter(|tag| tag.starts_with('/'));
                tags.map(|tag| tag.split('>').next().unwrap().to_owned()).collect()
            };
            assert_eq!(names(&message), names(&expected), "the same fields in the same order");
            json!({
                "Event": open(inside(&message, "Event")),
                "event_type": inside(&message, "event_type").parse::<i64>().unwrap(),
                "spu_id": inside(&message, "spu_id").parse::<i64>().unwrap(),
                "appid": open(inside(&message, "appid")),
            })
        };
        assert_eq!(message["Event"], "charge_service_quota_notify");
        assert_eq!((&message["event_type"], &message["spu_id"]), (&3.into(), &10_000_077.into()));
        assert_eq!(message["appid"], RESTAURANT);
    }
}

#[tokio::test]
async fn an_event_that_is_not_taken_is_sent_three_more_times() {
    let world = world().await;
    let mut sink = Sink::open().await;
    sink.configure(&world, RESTAURANT, "plain", "json").await;
    sink.will_answer(&[
        (StatusCode::INTERNAL_SERVER_ERROR, ""),
        (StatusCode::OK, "no"),
        (StatusCode::OK, ""),
    ]);
    world.customers(RESTAURANT, 606).await;
    let tries = [sink.next().await, sink.next().await, sink.next().await];
    assert!(tries.iter().all(|each| each.body == tries[0].body), "the same event");
    assert_ne!(tries[0].query["nonce"], tries[1].query["nonce"], "signed anew");

    sink.will_answer(&[(StatusCode::BAD_GATEWAY, ""); 4]);
    world.customers(RESTAURANT, 100).await;
    for _ in 0..4 {
        sink.next().await;
    }
    // The next event comes only after the lost one was given up.
    world.customers(RESTAURANT, 50).await;
    assert_eq!(quota(&sink.next().await), (1_000, 950));
    let log = log(&world).await;
    let fates: Vec<_> = log.iter().skip(1).map(|push| (&push["tries"], &push["outcome"])).collect();
    assert_eq!(fates, [(&4.into(), &"failed".into()), (&3.into(), &"delivered".into())]);
}

#[tokio::test]
async fn what_was_not_delivered_is_delivered_after_a_restart() {
    let mut world = world().await;
    let mut sink = Sink::open().await;
    sink.configure(&world, RESTAURANT, "plain", "json").await;
    sink.will_answer(&[(StatusCode::BAD_GATEWAY, "")]);
    world.customers(RESTAURANT, 606).await;
    sink.next().await;
    world.restart().await;
    assert_eq!(quota(&sink.next().await), (1_000, 800));
}

#[tokio::test]
async fn an_authorised_third_party_platform_is_told_too() {
    let world = world().await;
    let mut sink = Sink::open().await;
    let grant = json!({ "agent": PLATFORM, "app_id": RESTAURANT, "permission_sets": [18] });
    world.admin("authorisations", grant).await;
    sink.configure(&world, PLATFORM, "secure", "json").await;
    world.customers(RESTAURANT, 606).await;
    let event = sink.next().await;
    let (message, app_id) = event.decrypt(event.json()["Encrypt"].as_str().unwrap());
    let message: Value = serde_json::from_str(&message).unwrap();
    assert_eq!(app_id, PLATFORM);
    assert_eq!(message["Event"], "charge_open_service_quota_notify");
    assert_eq!((&message["appid"], &message["total_used_quota"]), (&RESTAURANT.into(), &800.into()));
}
