//! A service provider that hands calls of a wholesale order on to the shops it looks after.

use companion::api::AllocationState;
use companion::secrets::Secret;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::until;
use testkit::world::paying;

use crate::accounts::dated;
use crate::stage::Stage;

/// The provider that practice has, and its smaller wholesale pack.
const PROVIDER: &str = "wxfacade00000000a1";
const WHOLESALE: u64 = 20_000_177;
const ASSIGN: &str = "/wxa/charge/service-provider/package/assign";

/// Why the provider may allocate to a mini-program; nothing: it may not any more.
async fn relates(stage: &Stage, app_id: &str, way: Value) {
    let body = json!({ "provider": PROVIDER, "app_id": app_id, "way": way }).to_string();
    stage.world.admin(Method::PUT, "/practice/admin/relations", body).await;
}

/// Customers come until no more than so many calls are left.
async fn leaves(stage: &Stage, app_id: &str, calls: u64) {
    let now = stage.world.admin(Method::GET, "/practice/admin/state", String::new()).await;
    let programs = now["mini_programs"].as_array().unwrap();
    let remaining =
        programs.iter().find(|one| one["app_id"] == app_id).unwrap()["remaining"].as_u64().unwrap();
    if let Some(customers @ 1..) = remaining.checked_sub(calls) {
        stage.world.customers(app_id, u32::try_from(customers).unwrap()).await;
    }
}

struct Provider {
    id: Value,
    order: Value,
}

impl Provider {
    /// With so many connected shops, a third of which run dry soon, one paid order and, where a shop looks at it, one that is not.
    async fn with_shops(stage: &mut Stage, shops: usize) -> Self {
        let companion = stage.companion().clone();
        for shop in 0..shops {
            let account = paying(&companion).await;
            let name = format!("门店会员中心 {:03}", shop + 1);
            companion.set_account_name(&account, &name).await.unwrap();
            let app_id = stage.world.app_id(shop);
            if shop % 3 == 0 {
                leaves(stage, &app_id, 20).await;
            }
            let secret = Secret::from(practice::known_app_secret(&app_id));
            companion.connect_app_secret(&account, &app_id, secret).await.unwrap();
            relates(stage, &app_id, json!("same_subject")).await;
        }
        // One more that is not connected: there is no AppID to allocate to.
        let unconnected = paying(&companion).await;
        let name = format!("门店会员中心 {:03}", shops + 1);
        companion.set_account_name(&unconnected, &name).await.unwrap();
        let first = companion.get_app().await.unwrap().accounts[0].id.clone();
        companion.select_account(&first).await.unwrap();
        stage.world.bulk_order(PROVIDER, WHOLESALE).await;
        let secret = stage.world.provider_secret(PROVIDER).await;
        let access = json!({ "environment": "practice", "name": "晋业微平台", "appId": PROVIDER, "appSecret": secret });
        let id = stage.act("connect_provider", access).await["id"].clone();
        let order = stage.ask("get_bulk_orders", json!({ "provider": id })).await[0]["id"].clone();
        Self { id, order }
    }

    fn plan(&self, days: Value) -> Value {
        json!({ "provider": self.id, "order": self.order, "coverDays": days })
    }

    async fn scene(&self, stage: &mut Stage, name: &str) {
        dated(stage).await;
        let orders = ("get_bulk_orders", json!({ "provider": self.id }));
        let allocations = ("get_allocations", json!({ "provider": self.id }));
        // The usual one last: it is the plan that a test reads.
        let plans = [json!(180), json!(90), Value::Null].map(|days| ("plan_allocations", self.plan(days)));
        let [half, quarter, usual] = plans;
        stage.scene_with(name, &[orders, allocations, half, quarter, usual]).await;
    }

    /// What the plan suggests.
    async fn picks(&self, stage: &Stage) -> Vec<Value> {
        let plan = stage.ask("plan_allocations", self.plan(Value::Null)).await;
        let shares = plan["shares"].as_array().unwrap();
        let wanted = shares.iter().filter(|share| share["count"].as_u64() > Some(0));
        wanted
            .map(|share| json!({ "app_id": share["app_id"], "sku": share["sku"], "count": share["count"] }))
            .collect()
    }

    async fn sends(&self, stage: &mut Stage, picks: &[Value], again: bool) -> Value {
        let batch = format!("batch-{again}-{}-{}", picks.len(), picks[0]["app_id"]);
        let args = json!({ "provider": self.id, "order": self.order, "picks": picks, "batch": batch, "again": again });
        stage.act("send_allocations", args).await
    }

    /// The first attempt at each is over.
    async fn tried(&self, stage: &Stage, tried: impl Fn(AllocationState) -> bool) {
        let id = self.id.as_str().unwrap();
        until("every allocation was sent", || async {
            stage.rings();
            stage.companion().get_allocations(id).await.unwrap().iter().all(|one| tried(one.state))
        })
        .await;
    }
}

#[tokio::test]
async fn a_provider_that_sends() {
    let mut stage = Stage::with_programs(1, Some(12)).await;
    let provider = Provider::with_shops(&mut stage, 12).await;
    stage.pass_days(1).await;
    stage.companion().sync_all().await.unwrap();
    provider.scene(&mut stage, "bulk").await;
    let picks = provider.picks(&stage).await;
    provider.sends(&mut stage, &picks, false).await;
    provider.tried(&stage, |state| state != AllocationState::Open).await;
    provider.scene(&mut stage, "bulk.sent").await;
    provider.sends(&mut stage, &picks[..1], false).await;
    provider.scene(&mut stage, "bulk.asked").await;
    provider.sends(&mut stage, &picks[..1], true).await;
    provider.tried(&stage, |state| state != AllocationState::Open).await;
    provider.scene(&mut stage, "bulk.sent_again").await;
}

#[tokio::test]
async fn what_was_sent_arrives_and_can_be_taken_back() {
    let mut stage = Stage::with_programs(1, Some(12)).await;
    let provider = Provider::with_shops(&mut stage, 12).await;
    let picks = provider.picks(&stage).await;
    // One after another: the platform numbers the packages as they come.
    for pick in &picks {
        provider.sends(&mut stage, std::slice::from_ref(pick), false).await;
        provider.tried(&stage, |state| state != AllocationState::Open).await;
    }
    stage.pass_days(1).await;
    let args = json!({ "provider": provider.id });
    stage.ask("retry_allocations", args).await;
    provider.tried(&stage, |state| state == AllocationState::Done).await;
    stage.companion().sync_all().await.unwrap();
    provider.scene(&mut stage, "bulk.done").await;
}

#[tokio::test]
async fn what_was_sent_is_refused() {
    let mut stage = Stage::with_programs(1, Some(12)).await;
    let provider = Provider::with_shops(&mut stage, 12).await;
    let picks = provider.picks(&stage).await;
    for pick in &picks {
        relates(&stage, pick["app_id"].as_str().unwrap(), Value::Null).await;
    }
    provider.sends(&mut stage, &picks, false).await;
    provider.tried(&stage, |state| state == AllocationState::Failed).await;
    stage.pass_days(1).await;
    stage.companion().sync_all().await.unwrap();
    provider.scene(&mut stage, "bulk.failed").await;
}

#[tokio::test]
async fn what_was_sent_stays_open() {
    let mut stage = Stage::with_programs(1, Some(12)).await;
    let provider = Provider::with_shops(&mut stage, 12).await;
    stage.pass_days(1).await;
    stage.companion().sync_all().await.unwrap();
    stage.world.fault(ASSIGN, json!({ "kind": "status", "status": 502 }), None).await;
    let picks = provider.picks(&stage).await;
    provider.sends(&mut stage, &picks, false).await;
    let id = provider.id.as_str().unwrap();
    until("every first attempt failed", || async {
        stage.companion().get_allocations(id).await.unwrap().iter().all(|one| one.code.is_some())
    })
    .await;
    provider.scene(&mut stage, "bulk.open").await;
    stage.world.no_faults().await;
    provider.tried(&stage, |state| state != AllocationState::Open).await;
    provider.scene(&mut stage, "bulk.sent_late").await;
}

/// Several small packs for one shop, and what the plan suggests for the others.
#[tokio::test]
async fn many_packs_for_one_shop() {
    let mut stage = Stage::with_programs(1, Some(12)).await;
    let provider = Provider::with_shops(&mut stage, 12).await;
    stage.pass_days(1).await;
    stage.companion().sync_all().await.unwrap();
    let mut picks = provider.picks(&stage).await;
    picks[0]["sku"] = json!("20000312");
    picks[0]["count"] = json!(9);
    provider.sends(&mut stage, &picks, false).await;
    provider.tried(&stage, |state| state != AllocationState::Open).await;
    provider.scene(&mut stage, "bulk.sent_many").await;
}
