//! The wizard at each of its steps, and what else can stand there.

use serde_json::json;
use testkit::world::{EMAIL, PASSWORD};

use crate::shop::{Done, Shop};
use crate::stage::Stage;

#[tokio::test]
async fn a_shop_on_its_way_through_the_wizard() {
    let mut stage = Stage::days_ago(0).await;
    stage.scene("wizard").await;
    let shop = Shop::start(&mut stage).await;
    stage.scene("wizard.eligibility").await;
    let steps = [
        (Done::Eligibility, "way"),
        (Done::Way, "login"),
        (Done::Login, "console"),
        (Done::Console, "connect"),
        (Done::Connect, "usage"),
        (Done::Usage, "pack"),
        (Done::Pack, "payment"),
        (Done::Payment, "mode"),
        (Done::Mode, "done"),
    ];
    for (answered, next) in steps {
        shop.does(&mut stage, answered).await;
        let ways = [100, 1_000].map(|calls| ("compare_ways", json!({ "monthlyCalls": calls })));
        stage.scene_with(&format!("wizard.{next}"), if next == "way" { &ways } else { &[] }).await;
    }
    shop.does(&mut stage, Done::All).await;
    stage.scene("shop").await;
    shop.serves(&mut stage, 100).await;
    stage.scene("shop.later").await;
}

/// Half-way through a step: something is answered, and the next step is not on screen yet.
#[tokio::test]
async fn within_a_step() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::start(&mut stage).await;
    shop.goes_to(&mut stage, "welcome").await;
    stage.scene("welcome.back").await;
    let renamed = json!({ "environment": "practice", "kind": "mini_program", "name": "青禾书店会员中心" });
    shop.act(&mut stage, "rename_account", renamed).await;
    shop.goes_to(&mut stage, "eligibility").await;
    stage.scene("welcome.renamed").await;
    shop.does(&mut stage, Done::Eligibility).await;
    shop.does(&mut stage, Done::Way).await;
    shop.act(&mut stage, "save_login", json!({ "email": EMAIL, "password": PASSWORD })).await;
    stage.scene("login.saved").await;
    shop.act(&mut stage, "confirm_login_set", json!({})).await;
    shop.goes_to(&mut stage, "console").await;
    shop.act(&mut stage, "confirm_signed_in", json!({})).await;
    stage.scene("console.signed_in").await;
    shop.goes_to(&mut stage, "connect").await;
    let figures = json!({ "used": 194, "remaining": 806, "total": 1_000 });
    shop.act(&mut stage, "connect_typed_in", json!({ "figures": figures })).await;
    stage.scene("connect.typed").await;
    stage.world.set_login(&shop.app_id).await;
    stage.world.sign_in().await;
    let access = json!({ "appId": shop.app_id, "appSecret": stage.world.app_secret().await });
    shop.act(&mut stage, "connect_app_secret", access).await;
    stage.scene("connect.connected").await;
    let key = stage.world.access_key(&shop.app_id).await;
    shop.act(&mut stage, "connect_member_card_usage", json!({ "accessKey": key })).await;
    stage.scene("connect.member_card").await;
}

/// A mini-game: its figures are typed in.
#[tokio::test]
async fn a_mini_game() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::start_game(&mut stage).await;
    shop.does(&mut stage, Done::Eligibility).await;
    shop.goes_to(&mut stage, "eligibility").await;
    stage.scene("game.eligibility").await;
    shop.does(&mut stage, Done::Way).await;
    shop.does(&mut stage, Done::Login).await;
    shop.does(&mut stage, Done::Console).await;
    stage.scene("game.connect").await;
    let figures = json!({ "used": 36, "remaining": 964, "total": 1_000 });
    shop.act(&mut stage, "connect_typed_in", json!({ "figures": figures })).await;
    shop.goes_to(&mut stage, "usage").await;
    shop.does(&mut stage, Done::Usage).await;
    stage.scene("game").await;
}

/// The shop's usage is known before it chooses a way.
#[tokio::test]
async fn a_way_to_choose_with_figures() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::that_did(&mut stage, Done::Eligibility).await;
    stage.world.set_login(&shop.app_id).await;
    stage.world.sign_in().await;
    let access = json!({ "appId": shop.app_id, "appSecret": stage.world.app_secret().await });
    shop.act(&mut stage, "connect_app_secret", access).await;
    let ways = [70, 100].map(|calls| ("compare_ways", json!({ "monthlyCalls": calls })));
    stage.scene_with("way.known", &ways).await;
}

/// What stands on the desk, whatever the scene: commands that answer the same everywhere.
#[tokio::test]
async fn whatever_the_scene() {
    let mut stage = Stage::days_ago(0).await;
    let shop = Shop::that_did(&mut stage, Done::Login).await;
    let account = shop.with(json!({}));
    let console = |page: &str| shop.with(json!({ "page": page }));
    let field = |field: &str| shop.with(json!({ "field": field }));
    let page = json!({ "page": { "lang": "zh-CN", "theme": "light", "html": "" } });
    let everywhere = [
        ("content_shown", json!({ "at": 0 })),
        ("save_page", page),
        ("restart_app", json!({})),
        ("open_help_page", json!({ "page": "official_charge_guide" })),
        ("print_summary", json!({})),
        ("copy_login", field("email")),
        ("fill_console", field("email")),
        ("open_console", console("charge")),
        ("show_console", account.clone()),
        ("copy_text", json!({ "text": EMAIL })),
        ("show_export", json!({ "name": "a.txt" })),
        ("cancel_sync_all", json!({})),
        ("stop_adding", json!({})),
        ("get_background", json!({})),
        ("get_backups", json!({})),
        ("get_channels", json!({})),
        ("get_hosts", json!({})),
        ("set_at_log_in", json!({ "on": true })),
        ("answer_closing", json!({ "closing": "tray" })),
        ("open_practice_phone", json!({})),
        ("open_practice_card_office", account.clone()),
        ("open_practice_claim", account),
        ("open_practice_provider", json!({})),
        ("suggest_password", json!({})),
        ("check_login", json!({ "email": EMAIL, "password": "Kf7-mQ2x-Wd9-1001" })),
    ];
    stage.has_backups().await;
    stage.ask("export_text", json!({ "name": "a", "text": "b" })).await;
    stage.only_acts("desktop", &everywhere).await;
}
