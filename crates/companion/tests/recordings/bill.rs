//! The bill beside the records of who signed up.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Value, json};

use crate::shop::{Done, Shop};
use crate::stage::Stage;

/// Ten days, in which some customers authorised twice and some codes were never exchanged.
async fn ten_days(stage: &mut Stage, reasons: bool) -> Shop {
    let shop = Shop::that_did(stage, Done::All).await;
    shop.connects_card(stage).await;
    for day in 0..10 {
        stage.world.customers(&shop.app_id, 4 + day % 3).await;
        if reasons && day % 4 == 1 {
            stage.world.customers_who(&shop.app_id, 1, "repeat", true).await;
        }
        if reasons && day % 5 == 2 {
            stage.world.customers_who(&shop.app_id, 1, "authorise", false).await;
        }
        stage.pass_days(1).await;
        stage.ask("sync_usage", shop.with(json!({}))).await;
    }
    shop
}

#[tokio::test]
async fn every_call_has_a_reason() {
    let mut stage = Stage::days_ago(10).await;
    let shop = ten_days(&mut stage, true).await;
    shop.act(&mut stage, "compare_bill_platform", json!({})).await;
    stage.scene("bill.explained").await;
    shop.act(&mut stage, "sync_member_card", json!({})).await;
    stage.scene("member_card.not_fetched").await;
}

#[tokio::test]
async fn everything_agrees() {
    let mut stage = Stage::days_ago(10).await;
    let shop = ten_days(&mut stage, false).await;
    shop.act(&mut stage, "compare_bill_platform", json!({})).await;
    stage.scene("bill.agrees").await;
}

/// A file of the shop's own, day by day: as many rows as calls were charged, but for what `left_out` says.
async fn compares_file(stage: &mut Stage, shop: &Shop, scene: &str, rows: &[String]) {
    let text = format!("姓名,手机号,领卡时间,状态\n{}\n", rows.join("\n"));
    let file = json!({ "name": "会员.csv", "bytes": BASE64_STANDARD.encode(text) });
    let read = shop.act(stage, "read_bill_file", file).await;
    let columns = json!({ "columns": read["columns"] });
    shop.act(stage, "compare_bill_file", columns).await;
    stage.scene(scene).await;
}

/// So many rows a day from the first day on; nobody's numbers, all obviously made up.
fn rows(a_day: impl Fn(u32) -> u32) -> Vec<String> {
    let mut rows = Vec::new();
    for day in 0..10 {
        for one in 0..a_day(day) {
            let number = 13_800_138_000_u64 + u64::from(day * 100 + one);
            let date = 11 + day;
            rows.push(format!("张三,{number},2026-11-{date:02} 1{}:{:02}:00,已发卡", one % 10, one % 60));
        }
    }
    rows
}

fn as_charged(day: u32) -> u32 {
    4 + day % 3
}

#[tokio::test]
async fn a_file_in_which_calls_are_missing() {
    let mut stage = Stage::days_ago(10).await;
    let shop = ten_days(&mut stage, false).await;
    let some_missing = rows(|day| as_charged(day) - u32::from(day == 3 || day == 6));
    compares_file(&mut stage, &shop, "bill.missing", &some_missing).await;
    let mut twice = rows(as_charged);
    twice.extend(twice.clone().into_iter().take(15));
    twice.push("张三,13800138999,昨天,已发卡".to_owned());
    compares_file(&mut stage, &shop, "bill.twice", &twice).await;
    compares_file(&mut stage, &shop, "bill.too_many", &rows(|day| as_charged(day) * 20)).await;
    compares_file(&mut stage, &shop, "bill.too_few", &rows(|_| 1)).await;
    let more = rows(|day| as_charged(day) + u32::from(day == 4) * 2);
    compares_file(&mut stage, &shop, "bill.uncharged", &more).await;
    let elsewhen: Vec<_> =
        rows(as_charged).into_iter().map(|row| row.replace("2026-11", "2025-11")).collect();
    compares_file(&mut stage, &shop, "bill.no_common_day", &elsewhen).await;
}

#[tokio::test]
async fn figures_that_are_old() {
    let mut stage = Stage::days_ago(12).await;
    let shop = ten_days(&mut stage, true).await;
    stage.pass_days(2).await;
    shop.act(&mut stage, "compare_bill_platform", json!({})).await;
    stage.scene("bill.stale").await;
}

/// Records of two mini-programs: a comparison is of one of them.
#[tokio::test]
async fn a_second_mini_program() {
    let mut stage = Stage::days_ago(10).await;
    let shop = ten_days(&mut stage, true).await;
    let second = stage
        .ask(
            "start_account",
            json!({ "environment": "practice", "kind": "mini_program", "name": "青禾书店会员中心" }),
        )
        .await;
    let select = |account: &Value| json!({ "account": account });
    stage.act("select_account", select(&json!(shop.account))).await;
    shop.act(&mut stage, "compare_bill_platform", json!({})).await;
    stage.scene("bill.first_of_two").await;
    stage.act("select_account", select(&second["account"])).await;
    stage.scene("bill.second_of_two").await;
}
