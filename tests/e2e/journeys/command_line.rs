//! Agencies ask without a window, beside the open one: the same answers, and an exit code for scripts.

use std::process::Output;

use serde_json::Value;

use crate::support::{desktop::Keyring, walk::Shop, world::World};

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

#[tokio::test]
async fn a_script_gets_what_the_pages_show() {
    let world = World::open().await;
    let mut shop = Shop::authorising();
    shop.walk_to(&world, "done").await;
    let app = world.main().await;
    app.click("wizard.next").await;
    app.see("overview").await;
    let program = world.practice.first().await;

    let status = world.ask(&["status", "--practice", "--json"]);
    let accounts = json(&status);
    let row = &accounts[0];
    let shown = app.attribute("overview.remaining", "data-value").await;
    assert_eq!(Some(row["remaining"].to_string()), shown);
    assert_eq!(row["app_id"], program.app_id.as_str());
    assert_eq!(status.status.code(), Some(0), "a pack that lasts calls for nothing: {row}");
    let said = text(&world.ask(&["status", "--practice"]));
    assert!(said.contains(&format!("还剩 {} 次", program.remaining)), "{said}");

    let guard = world.ask(&["guard", "--practice", "--json"]);
    assert_eq!(
        (guard.status.code(), json(&guard)[0]["rule"]["state"].as_str()),
        (Some(0), Some("off")),
        "{guard:?}"
    );
    assert!(text(&world.ask(&["guard", "--practice"])).contains("：关"));

    // Its quota runs out, and the open app reads that.
    world.practice.customers(&program.app_id, program.remaining, "authorise").await;
    world.read_again().await;
    app.see_attribute("overview.remaining", "data-value", "0").await;
    let status = world.ask(&["status", &program.app_id, "--practice"]);
    assert_eq!(status.status.code(), Some(1), "{status:?}");
    assert!(text(&status).contains("用完了"), "{status:?}");
    let plan = world.ask(&["plan", "--practice", "--json"]);
    assert_eq!(plan.status.code(), Some(1), "{plan:?}");
    assert_eq!(json(&plan)[0]["plans"]["advice"]["kind"], "buy");
    let plan = text(&world.ask(&["plan", "--practice"]));
    assert!(plan.contains("前买") && !plan.contains('–'), "{plan}");
    assert_eq!(json(&world.ask(&["status", "--json"])), Value::Array(Vec::new()), "no live account");

    app.click("rail.packs").await;
    shop.buy(&world, "q-365-1000").await;
    let statement = world.ask(&["statement", "--practice", "--json"]);
    let orders = &json(&statement)[0]["orders"]["orders"];
    assert_eq!(
        (orders[0]["calls"].as_u64(), orders[0]["amount"].as_str()),
        (Some(1000), Some("30.00")),
        "{orders}"
    );
    let statement = text(&world.ask(&["statement", "--practice"]));
    assert!(statement.contains("买 1000 次 · ¥30.00"), "{statement}");
}

#[tokio::test]
async fn a_self_check_says_what_would_not_work_and_leaves_nothing() {
    let mut world = World::prepare(Keyring::Unlocked).await;
    let homes = ["小馆 数据", "data and more", "🍜", &"长".repeat(80)];
    for home in homes {
        let home = world.home.root().join(home).join("home");
        world.set_app_home(&home);
        let fine = world.ask(&["--self-check", "--json"]);
        assert_eq!(fine.status.code(), Some(0), "{fine:?}");
        assert!(!home.parent().expect("a parent").exists(), "nothing was made");
    }
    let checks = json(&world.ask(&["--self-check", "--json"]))["checks"].clone();
    let parts: Vec<_> = checks.as_array().expect("checks").iter().map(|one| one["check"].clone()).collect();
    assert_eq!(
        parts,
        ["home", "lock", "ledger", "migrations", "secrets", "exports", "web_view", "clock", "proxy"]
    );
    world.set_keyring(Keyring::Absent).await;
    let absent = world.ask(&["--self-check"]);
    assert_eq!(absent.status.code(), Some(14), "{absent:?}");
    assert!(text(&absent).contains("✗ 系统密码库") && text(&absent).contains("✓ 数据文件夹"), "{absent:?}");

    let home = world.home.app();
    world.set_app_home(&home);
    world.start().await;
    world.main().await.see("step.welcome").await;
    let held = world.ask(&["--self-check", "--json"]);
    assert_eq!(held.status.code(), Some(11), "{held:?}");
    assert_eq!(json(&held)["checks"][1]["problem"], "already_running");
}

#[tokio::test]
async fn what_cannot_be_answered_has_its_exit_code_and_no_window_opens() {
    let world = World::prepare(Keyring::Absent).await;
    let wrong = world.ask(&["statsu"]);
    assert_eq!(wrong.status.code(), Some(64), "{wrong:?}");
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("status"), "it says what was meant: {wrong:?}");
    let nothing = world.ask(&["status"]);
    assert_eq!(nothing.status.code(), Some(69), "{nothing:?}");
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("database_missing"), "{nothing:?}");
    assert!(!world.home.app().exists(), "nothing was made");
    let help = world.ask(&["--help"]);
    assert_eq!(help.status.code(), Some(0), "{help:?}");
    assert!(text(&help).contains("退出码") && text(&help).contains("Exit code"), "{help:?}");
}
