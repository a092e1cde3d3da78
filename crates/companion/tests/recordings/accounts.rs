//! Many mini-programs beside each other, and what is done with one of them.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use companion::api::{AccountKind, Environment, ShopCategory, Subject};
use companion::secrets::Secret;
use serde_json::{Value, json};
use testkit::until;
use testkit::world::{EMAIL, PASSWORD, paying};

use crate::shop::NAME;
use crate::stage::Stage;

async fn connects(stage: &Stage, account: &str, program: usize) {
    let app_id = stage.world.app_id(program);
    let secret = Secret::from(practice::known_app_secret(&app_id));
    stage.companion().connect_app_secret(account, &app_id, secret).await.unwrap();
}

/// An account of a practice mini-program that is through the wizard.
async fn one(stage: &Stage, program: usize) -> String {
    let companion = stage.companion();
    let account = paying(companion).await;
    let name = &stage.world.practice.mini_programs()[program].name;
    companion.set_account_name(&account, name).await.unwrap();
    companion.save_login(&account, Secret::from(EMAIL), Secret::from(PASSWORD)).await.unwrap();
    companion.confirm_login_set(&account).await.unwrap();
    companion.confirm_signed_in(&account).await.unwrap();
    connects(stage, &account, program).await;
    companion.confirm_usage_seen(&account).await.unwrap();
    companion.buy_nothing(&account).await.unwrap();
    companion.keep_mode(&account).await.unwrap();
    companion.finish_wizard(&account).await.unwrap();
    account
}

/// The dates of all accounts are worked out behind the table.
pub(crate) async fn dated(stage: &Stage) {
    let worked_out = || async { stage.companion().get_accounts().await.unwrap().working_out == 0 };
    until("all dates", worked_out).await;
}

/// As many as there are practice mini-programs: most with figures, some not connected, free or archived.
async fn all(stage: &Stage, programs: usize) {
    let companion = stage.companion();
    for program in 0..programs {
        match program {
            at if at % 17 == 3 => drop(paying(companion).await),
            at if at % 53 == 5 => {
                let free = companion
                    .start_account(Environment::Practice, AccountKind::MiniProgram, "区政务服务")
                    .await
                    .unwrap()
                    .account;
                companion
                    .decide_eligibility(&free, Subject::Government, ShopCategory::Other, true)
                    .await
                    .unwrap();
            }
            at => {
                let account = one(stage, at).await;
                if at % 61 == 9 {
                    companion.archive_account(&account, true).await.unwrap();
                }
            }
        }
    }
    let first = companion.get_app().await.unwrap().accounts[0].id.clone();
    companion.select_account(&first).await.unwrap();
}

#[tokio::test]
async fn a_dozen() {
    let mut stage = Stage::with_programs(0, Some(12)).await;
    all(&stage, 12).await;
    dated(&stage).await;
    stage.scene("accounts").await;
}

#[tokio::test]
async fn a_dozen_that_cannot_be_read() {
    let mut stage = Stage::with_programs(2, Some(12)).await;
    all(&stage, 12).await;
    stage.pass_days(2).await;
    stage.is_cut_off().await;
    stage.companion().sync_all().await.unwrap();
    dated(&stage).await;
    stage.scene("accounts.offline").await;
}

/// One that lasts, one whose AppSecret is wrong by now and whose figures are too old to go by, one that is dry.
async fn three(stage: &mut Stage) -> [String; 3] {
    let lasts = one(stage, 0).await;
    let unread = one(stage, 1).await;
    let dry = one(stage, 3).await;
    stage.companion().select_account(&lasts).await.unwrap();
    stage.pass_days(4).await;
    let left = stage.companion().get_usage(&dry).await.unwrap().unwrap().remaining.value;
    stage.world.customers(&stage.world.app_id(3), u32::try_from(left).unwrap()).await;
    for read in [&lasts, &dry] {
        stage.companion().sync_usage(read).await.unwrap();
    }
    stage.world.fault("/cgi-bin/stable_token", json!({ "kind": "errcode", "errcode": 40125 }), None).await;
    stage.companion().sync_usage(&unread).await.unwrap_err();
    stage.world.no_faults().await;
    dated(stage).await;
    [lasts, unread, dry]
}

#[tokio::test]
async fn three_that_fare_differently() {
    let mut stage = Stage::with_programs(4, Some(4)).await;
    let [_, unread, dry] = three(&mut stage).await;
    stage.scene("three").await;
    stage.act("select_account", json!({ "account": dry })).await;
    stage.scene("three.dry").await;
    stage.act("select_account", json!({ "account": unread })).await;
    stage.scene("three.unread").await;
    stage.act("archive_account", json!({ "account": dry, "archived": true })).await;
    stage.scene("three.archived").await;
}

#[tokio::test]
async fn three_that_are_read_again() {
    let mut stage = Stage::with_programs(4, Some(4)).await;
    let [_, unread, _] = three(&mut stage).await;
    connects(&stage, &unread, 1).await;
    stage.act("sync_all", json!({})).await;
    dated(&stage).await;
    stage.scene("three.read_again").await;
}

#[tokio::test]
async fn three_and_a_list_of_more() {
    let mut stage = Stage::with_programs(4, Some(5)).await;
    three(&mut stage).await;
    let line = |program: usize, name: &str| {
        let app_id = stage.world.app_id(program);
        format!("{name}, {app_id}, {}\n", practice::known_app_secret(&app_id))
    };
    let no_secret = format!("松间茶室, {}\n", stage.world.app_id(2));
    let list = [line(4, "南桥面馆"), line(0, "晋味小馆"), no_secret].concat();
    let list = json!({ "environment": "practice", "name": "", "bytes": BASE64_STANDARD.encode(list) });
    stage.act("add_accounts", list).await;
    dated(&stage).await;
    stage.scene("three.added").await;
}

/// Two, of which the second is still in the wizard, and everything the settings page can do with them.
#[tokio::test]
async fn two_in_the_settings() {
    let mut stage = Stage::with_programs(0, Some(3)).await;
    let companion = stage.companion().clone();
    let first = one(&stage, 0).await;
    companion.set_account_name(&first, "晋味小馆").await.unwrap();
    let second = paying(&companion).await;
    companion.set_account_name(&second, "青禾书店").await.unwrap();
    companion.select_account(&first).await.unwrap();
    let today = ("get_price_list", json!({ "day": null }));
    stage.scene_with("settings", &[today]).await;
    let of = |account: &str, more: (&str, Value)| {
        let mut args = json!({ "account": account });
        args[more.0] = more.1;
        args
    };
    stage.act("select_account", json!({ "account": second })).await;
    stage.scene("settings.second").await;
    stage.act("select_account", json!({ "account": first })).await;
    stage.scene("settings.first").await;
    for (scene, command, args) in [
        ("settings.archived", "archive_account", of(&second, ("archived", json!(true)))),
        ("settings.unarchived", "archive_account", of(&second, ("archived", json!(false)))),
        ("settings.removed", "remove_account", json!({ "account": second })),
        ("settings.restored", "restore_account", json!({ "account": second })),
        ("settings.renamed", "set_account_name", of(&first, ("name", json!("晋味总店")))),
        ("settings.named_back", "set_account_name", of(&first, ("name", json!("晋味小馆")))),
    ] {
        stage.act(command, args).await;
        stage.scene(scene).await;
    }
    let choice = |choice: Value| json!({ "choice": choice });
    let address = json!({ "kind": "address", "address": "http://proxy.shop:8080" });
    stage.act("set_proxy", choice(address)).await;
    stage.scene("settings.proxy").await;
    stage.act("set_proxy", choice(json!({ "kind": "system" }))).await;
    stage.scene("settings.no_proxy").await;
    stage.act("remove_account", json!({ "account": second })).await;
    stage.act("finish_removal", json!({ "account": second })).await;
    stage.scene("settings.one_left").await;
    stage.act("remove_account", json!({ "account": first })).await;
    stage.act("finish_removal", json!({ "account": first })).await;
    stage.scene("settings.none_left").await;
}

/// Brings the quota of a practice mini-program down to so many percent of all its calls, and reads it.
async fn comes_down_to(stage: &Stage, (account, program): (&str, usize), percent: u64) {
    let usage = || async { stage.companion().get_usage(account).await.unwrap().unwrap() };
    let before = usage().await;
    let left = before.total.value * percent / 100;
    let customers = u32::try_from(before.remaining.value - left).unwrap();
    stage.world.customers(&stage.world.app_id(program), customers).await;
    stage.companion().sync_usage(account).await.unwrap();
    stage.companion().wait_for_forecasts_and_alerts().await;
}

/// Two whose readings crossed what the shop wants to hear of, one alert seen already.
#[tokio::test]
async fn alerts_of_two() {
    let mut stage = Stage::with_programs(4, Some(3)).await;
    let mut accounts = Vec::new();
    for program in [0, 1] {
        let account = one(&stage, program).await;
        stage.companion().wait_for_forecasts_and_alerts().await;
        accounts.push(account);
    }
    stage.companion().select_account(&accounts[0]).await.unwrap();
    stage.pass_days(2).await;
    comes_down_to(&stage, (&accounts[1], 1), 18).await;
    stage.companion().mark_inbox_read(None).await.unwrap();
    stage.pass_days(2).await;
    comes_down_to(&stage, (&accounts[0], 0), 8).await;
    comes_down_to(&stage, (&accounts[1], 1), 0).await;
    dated(&stage).await;
    let questions = [("get_inbox", json!({}))];
    stage.scene_with("inbox", &questions).await;
    stage.act("select_account", json!({ "account": accounts[1] })).await;
    stage.act("mark_inbox_read", json!({ "id": null })).await;
    stage.scene_with("inbox.seen", &questions).await;
}

/// The shop's own prices.
#[tokio::test]
async fn prices_of_ones_own() {
    let mut stage = Stage::with_programs(0, Some(3)).await;
    one(&stage, 0).await;
    let questions = [("get_price_list", json!({ "day": null }))];
    let row = json!({
        "capability": "quick", "calls": 1_000, "days": 365, "price": "36", "list_price": null,
        "from": "2026-11-21", "until": null, "source": NAME,
    });
    stage.act("set_price_row", json!({ "draft": row })).await;
    stage.scene_with("prices.own", &questions).await;
    stage.act("restore_price_list", json!({ "version": 0 })).await;
    stage.scene_with("prices.reset", &questions).await;
    stage.act("restore_price_list", json!({ "version": 1 })).await;
    stage.scene_with("prices.back", &questions).await;
    let own = "capability,calls,days,price,source,as_of\nquick,1000,365,33,老板的表格,2026-01-03\n";
    let file = json!({ "name": "价目.csv", "bytes": BASE64_STANDARD.encode(own) });
    stage.act("import_price_list", file).await;
    stage.scene_with("prices.imported", &questions).await;
}
