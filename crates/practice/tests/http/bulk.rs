//! Bulk purchase: orders, and allocations that take their time, happen once, and can be taken back.

use crate::sink::Sink;
use crate::support::{ADMIN, PROVIDER, RESTAURANT, SCHOOL, World, errcode, sample, shape, world};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const BULK: &str = "10000117";
const WHOLESALE: u64 = 20_000_177;
const PATH: &str = "/wxa/charge/service-provider";

struct Provider {
    world: World,
    token: String,
}

async fn provider() -> Provider {
    let world = world().await;
    let token = world.token_of(PROVIDER).await;
    Provider { world, token }
}

impl Provider {
    async fn order(&self, body: Value) -> String {
        let mut order = json!({ "provider": PROVIDER, "sku_id": WHOLESALE, "count": 1 });
        order.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        let answer = self.world.admin("bulk-orders", order).await;
        answer["order_id"].as_str().unwrap().to_owned()
    }

    async fn get(&self, path: &str, query: &str) -> Value {
        self.world.json(&format!("{PATH}{path}?access_token={}&{query}", self.token)).await
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.world.post_json(&format!("{PATH}{path}?access_token={}", self.token), body).await
    }

    /// The SKU that contains this number of calls for a year.
    async fn sku(&self, order: &str, calls: &str) -> String {
        let skus = self.get("/package/get_convertible_skus", &format!("orderId={order}")).await;
        let skus = skus["skuList"].as_array().unwrap_or_else(|| panic!("{skus}"));
        let fits = |sku: &&Value| {
            sku["attr"]["proportion"]["quota"]["quota"] == calls && sku["attr"]["duration"] == "31536000"
        };
        skus.iter().find(fits).unwrap()["skuId"].as_str().unwrap().to_owned()
    }

    async fn assign(&self, order: &str, sku: &str, receiver: &str, request: &str) -> Value {
        let body = json!({ "orderId": order, "skuId": sku, "receiverAppId": receiver, "requestId": request });
        self.post("/package/assign", body).await
    }

    async fn cancel(&self, order: &str, request: &str) -> Value {
        self.post("/package/cancel_assign", json!({ "orderId": order, "requestId": request })).await
    }

    async fn used(&self, order: &str) -> Value {
        self.get("/order/get", &format!("orderId={order}")).await["order"]["usage"]["used"].clone()
    }

    /// Lots of the restaurant, as its owner sees them.
    async fn lots(&self) -> Vec<Value> {
        let token = self.world.token_of(RESTAURANT).await;
        self.world.usage(&token).await["detailList"].as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn orders_have_the_shape_of_the_samples() {
    let provider = provider().await;
    let unpaid = provider.order(json!({ "paid": false })).await;
    let paid = provider.order(json!({ "count": 3, "invoice": true })).await;
    let answer = provider.get("/order/get", &format!("orderId={paid}")).await;
    assert_eq!(shape(&answer), shape(&sample("provider_order")));
    let order = &answer["order"];
    assert_eq!((&order["orderPrice"], &order["usage"]["all"]), (&"780000".into(), &"300000".into()));
    let (created, begins) =
        (order["createTime"].as_i64(), order["orderProductInfo"]["validityBeginTime"].as_i64());
    assert_eq!(created.unwrap() / 1_000, begins.unwrap(), "milliseconds beside seconds");
    let ends = order["orderProductInfo"]["validity"].as_i64().unwrap();
    assert_eq!(ends - begins.unwrap(), 31_536_000);
    let answer = provider.get("/order/get", &format!("orderId={unpaid}")).await;
    assert_eq!(shape(&answer), shape(&sample("provider_order_unpaid")));

    let another = provider.order(json!({})).await;
    let list = |offset: u32, limit: u32| {
        provider.post("/order/query_list", json!({ "spuId": BULK, "offset": offset, "limit": limit }))
    };
    let newest = list(0, 1).await;
    assert_eq!(newest["total"], 3);
    assert_eq!(newest["orderList"][0]["orderId"], another.as_str());
    assert_eq!(shape(&newest), shape(&sample("provider_order_list")));
    assert_eq!(list(1, 20).await["orderList"].as_array().unwrap().len(), 2);
    let realtime = json!({ "spuId": "10000120", "offset": 0, "limit": 20 });
    assert_eq!(provider.post("/order/query_list", realtime).await["total"], 0);

    let usage = provider.get("/usage/get", &format!("spuId={BULK}&offset=0&limit=1")).await;
    assert_eq!(shape(&usage), shape(&sample("provider_usage")));
    assert_eq!((&usage["total"], &usage["all"]), (&2.into(), &"400000".into()), "the unpaid one has no lot");
    let lapsed = provider.get("/usage/get", &format!("spuId={BULK}&offset=0&limit=20&status=3")).await;
    assert_eq!(lapsed["total"], 0);
    let skus = provider.get("/package/get_convertible_skus", &format!("orderId={paid}")).await;
    let first = |list: &Value| shape(&list["skuList"][0]);
    assert_eq!(first(&skus), first(&sample("provider_convertible_skus")));
    let by_ids = format!("spSpuId={BULK}&spSkuId={WHOLESALE}");
    assert_eq!(provider.get("/package/get_convertible_skus", &by_ids).await, skus);
}

#[tokio::test]
async fn an_allocation_takes_its_time_and_happens_once() {
    let provider = provider().await;
    let order = provider.order(json!({})).await;
    let sku = provider.sku(&order, "5000").await;
    let mut sink = Sink::open().await;
    sink.configure(&provider.world, PROVIDER, "secure", "json").await;
    let assign = || provider.assign(&order, &sku, RESTAURANT, "request-0001");

    assert_eq!(assign().await, sample("ok"));
    assert_eq!(errcode(&assign().await), 10_121_011);
    assert_eq!(provider.lots().await.len(), 1, "nothing yet");
    provider.world.advance(30).await;
    assert_eq!(errcode(&assign().await), 10_121_009);
    let lots = provider.lots().await;
    assert_eq!(lots.len(), 2, "once");
    assert_eq!((&lots[1]["source"], &lots[1]["all"]), (&3.into(), &"5000".into()));
    assert_eq!(lots[1]["skuId"], sku.as_str());
    assert_eq!(provider.used(&order).await, "5000");

    let event = sink.next().await;
    let (message, app_id) = event.decrypt(event.json()["Encrypt"].as_str().unwrap());
    let message: Value = serde_json::from_str(&message).unwrap();
    assert_eq!(app_id, PROVIDER);
    assert_eq!(shape(&message), shape(&sample("push_assign")));
    assert_eq!(message["receive_pkg_id"], lots[1]["pkgId"]);
    assert_eq!((&message["result"], &message["request_id"]), (&0.into(), &"request-0001".into()));

    let other = json!({ "repeated_assign": 10_121_031 });
    provider.world.administer(Method::PUT, "variants", other).await;
    assert_eq!(errcode(&assign().await), 10_121_031);
    assert!(sink.rest().is_empty());
}

#[tokio::test]
async fn an_allocation_survives_a_restart_between_asking_and_doing() {
    let mut provider = provider().await;
    let order = provider.order(json!({})).await;
    let sku = provider.sku(&order, "5000").await;
    assert_eq!(provider.assign(&order, &sku, RESTAURANT, "request-0001").await["errcode"], 0);
    provider.world.restart().await;
    assert_eq!(errcode(&provider.assign(&order, &sku, RESTAURANT, "request-0001").await), 10_121_011);
    provider.world.advance(30).await;
    assert_eq!(provider.lots().await.len(), 2);
    provider.world.restart().await;
    assert_eq!(provider.lots().await.len(), 2);
    assert_eq!(errcode(&provider.assign(&order, &sku, RESTAURANT, "request-0001").await), 10_121_009);
}

#[tokio::test]
async fn an_order_never_gives_more_than_it_has() {
    let provider = provider().await;
    let order = provider.order(json!({})).await;
    let sku = provider.sku(&order, "50000").await;
    for (request, expected) in [("request-0001", 0), ("request-0002", 0), ("request-0003", 10_121_014)] {
        let answer = provider.assign(&order, &sku, RESTAURANT, request).await;
        assert_eq!(answer["errcode"], expected, "even while the others are under way");
    }
    provider.world.advance(30).await;
    assert_eq!(provider.lots().await.len(), 3);
    assert_eq!(provider.used(&order).await, "100000");
}

#[tokio::test]
async fn an_untouched_allocation_can_be_taken_back_within_seven_days() {
    let provider = provider().await;
    let world = &provider.world;
    let order = provider.order(json!({})).await;
    let sku = provider.sku(&order, "5000").await;
    let mut sink = Sink::open().await;
    for request in ["request-0001", "request-0002", "request-0003"] {
        assert_eq!(provider.assign(&order, &sku, RESTAURANT, request).await["errcode"], 0);
        assert_eq!(errcode(&provider.cancel(&order, request).await), 10_121_011, "under way");
        world.advance(30).await;
    }
    sink.configure(world, PROVIDER, "plain", "json").await;
    assert_eq!(provider.cancel(&order, "request-0001").await, sample("ok"));
    assert_eq!(provider.used(&order).await, "15000", "not yet");
    world.advance(30).await;
    let event = sink.next().await.json();
    assert_eq!(shape(&event), shape(&sample("push_cancel_assign")));
    assert_eq!(event["result"], 0);
    assert_eq!(provider.used(&order).await, "10000", "back in the order");
    assert_eq!(provider.lots().await[1]["status"], 3, "and gone for the mini-program");
    assert_eq!(errcode(&provider.cancel(&order, "request-0001").await), 10_121_010);
    let again = provider.assign(&order, &sku, RESTAURANT, "request-0001").await;
    assert_eq!(errcode(&again), 10_121_010);

    // The trial's 806 and one call of the lot that ends first.
    world.customers(RESTAURANT, 807).await;
    let lots = provider.lots().await;
    assert_eq!((&lots[2]["used"], &lots[3]["used"]), (&"1".into(), &"0".into()));
    assert_eq!(errcode(&provider.cancel(&order, "request-0002").await), 10_121_013, "used");
    world.advance(7 * 86_400).await;
    let provider = Provider { token: provider.world.token_of(PROVIDER).await, world: provider.world };
    assert_eq!(errcode(&provider.cancel(&order, "request-0003").await), 10_121_013, "too late");
}

#[tokio::test]
async fn a_call_charged_while_it_is_taken_back_keeps_the_lot() {
    let provider = provider().await;
    let world = &provider.world;
    let order = provider.order(json!({})).await;
    let sku = provider.sku(&order, "5000").await;
    provider.assign(&order, &sku, RESTAURANT, "request-0001").await;
    world.advance(30).await;
    let mut sink = Sink::open().await;
    sink.configure(world, PROVIDER, "plain", "json").await;
    assert_eq!(provider.cancel(&order, "request-0001").await["errcode"], 0);
    world.customers(RESTAURANT, 807).await;
    world.advance(30).await;
    assert_ne!(sink.next().await.json()["result"], 0, "told that it was not done");
    assert_eq!(provider.used(&order).await, "5000");
    assert_eq!(provider.lots().await[1]["status"], 1);
}

#[tokio::test]
async fn an_allocation_can_answer_late_or_twice() {
    let provider = provider().await;
    let order = provider.order(json!({})).await;
    let sku = provider.sku(&order, "5000").await;
    let mut sink = Sink::open().await;
    sink.configure(&provider.world, PROVIDER, "plain", "json").await;
    let switch = |fault: Value| {
        let body = json!({ "path": format!("{PATH}/package/assign"), "fault": fault, "times": 1 });
        provider.world.admin("faults", body)
    };
    switch(json!({ "kind": "late_allocation", "seconds": 3_600 })).await;
    assert_eq!(provider.assign(&order, &sku, RESTAURANT, "request-0001").await["errcode"], 0);
    provider.world.advance(3_599).await;
    assert_eq!(errcode(&provider.assign(&order, &sku, RESTAURANT, "request-0001").await), 10_121_011);
    provider.world.advance(1).await;
    assert_eq!(sink.next().await.json()["request_id"], "request-0001");

    switch(json!({ "kind": "allocation_told_twice" })).await;
    assert_eq!(provider.assign(&order, &sku, RESTAURANT, "request-0002").await["errcode"], 0);
    provider.world.advance(30).await;
    let (once, twice) = (sink.next().await, sink.next().await);
    assert_eq!(once.json()["request_id"], "request-0002");
    assert_eq!(once.body, twice.body, "told twice");
    assert_eq!(provider.lots().await.len(), 3, "but done once");
}

#[tokio::test]
async fn wrong_requests_of_providers_are_named() {
    let provider = provider().await;
    let (order, unpaid) = (provider.order(json!({})).await, provider.order(json!({ "paid": false })).await);
    let sku = provider.sku(&order, "5000").await;
    let assign = |order: &str, sku: &str, receiver: &str, request: &str| {
        let body = json!({ "orderId": order, "skuId": sku, "receiverAppId": receiver, "requestId": request });
        let provider = &provider;
        async move { provider.post("/package/assign", body).await }
    };
    let unknown = "DD1000000000000000000";
    for (order, sku, receiver, request, expected) in [
        ("", sku.as_str(), RESTAURANT, "request-0001", 10_120_002),
        (&order, "", RESTAURANT, "request-0001", 10_120_002),
        (&order, &sku, "", "request-0001", 10_120_002),
        (&order, &sku, RESTAURANT, "too-short", 10_120_002),
        (&order, &sku, RESTAURANT, &"x".repeat(65), 10_120_002),
        ("ZY1", &sku, RESTAURANT, "request-0001", 10_120_800),
        (unknown, &sku, RESTAURANT, "request-0001", 10_121_001),
        (&unpaid, &sku, RESTAURANT, "request-0001", 10_121_001),
        (&order, "20000093", RESTAURANT, "request-0001", 10_121_013),
    ] {
        assert_eq!(
            errcode(&assign(order, sku, receiver, request).await),
            expected,
            "{order} {sku} {request}"
        );
    }
    let stranger = assign(&order, &sku, SCHOOL, "request-0001").await;
    assert_eq!(stranger, json!({ "errcode": 10_045 }), "seen without any message");
    let relation = json!({ "provider": PROVIDER, "app_id": SCHOOL, "way": "custom_ticket" });
    provider.world.administer(Method::PUT, "relations", relation).await;
    assert_eq!(assign(&order, &sku, SCHOOL, "request-0001").await["errcode"], 0);

    let address = provider.world.at(&format!("{PATH}/package/assign?access_token={}", provider.token));
    let got: Value = provider.world.client.get(address).send().await.unwrap().json().await.unwrap();
    assert_eq!(errcode(&got), 10_120_405);
    let owner = provider.world.token_of(RESTAURANT).await;
    let path = format!("{PATH}/order/get?access_token={owner}&orderId={order}");
    assert_eq!(errcode(&provider.world.json(&path).await), 48_001, "a mini-program's token");
    for (query, expected) in
        [("", 10_120_002), ("orderId=DD1", 10_120_800), ("orderId=DD1000000000000000000", 10_121_001)]
    {
        assert_eq!(errcode(&provider.get("/order/get", query).await), expected);
    }
    let list = |body: Value| provider.post("/order/query_list", body);
    for body in [
        json!({ "offset": 0, "limit": 20 }),
        json!({ "spuId": BULK, "offset": "0", "limit": 20 }),
        json!({ "spuId": BULK, "offset": 0, "limit": 21 }),
        json!({ "spuId": "10000077", "offset": 0, "limit": 20 }),
    ] {
        assert_eq!(errcode(&list(body.clone()).await), 10_120_002, "{body}");
    }
    provider.world.advance(365 * 86_400).await;
    let provider = Provider { token: provider.world.token_of(PROVIDER).await, world: provider.world };
    let late = provider.assign(&order, &sku, RESTAURANT, "request-0009").await;
    assert_eq!(errcode(&late), 10_121_012);
    let body = json!({ "provider": RESTAURANT, "sku_id": WHOLESALE, "count": 1 });
    let path = provider.world.at("/practice/admin/bulk-orders");
    let refused = provider.world.client.post(path).bearer_auth(ADMIN).json(&body).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_provider_is_told_when_its_own_orders_run_low() {
    let provider = provider().await;
    let mut sink = Sink::open().await;
    sink.configure(&provider.world, PROVIDER, "plain", "json").await;
    let order = provider.order(json!({})).await;
    let sku = provider.sku(&order, "50000").await;
    for request in ["request-0001", "request-0002"] {
        provider.assign(&order, &sku, RESTAURANT, request).await;
        provider.world.advance(30).await;
    }
    let names: Vec<_> = [sink.next().await, sink.next().await, sink.next().await]
        .iter()
        .map(|event| event.json()["Event"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["charge_sp_assign", "charge_sp_assign", "charge_sp_service_quota_notify"]);
    provider.world.advance(335 * 86_400).await;
    assert!(sink.rest().is_empty());
}
