//! Past readings, and what is exported of them.

use companion::api::{
    ErrorCode, ExportColumn, ExportFormat, ExportKind, ExportTable, ExportValue, Origin, TypedFigures,
    UsageDays,
};
use companion::secrets::Secret;
use testkit::code;
use testkit::world::{World, paying};

fn calls(days: &[UsageDays]) -> Vec<(u32, Option<u64>, Origin)> {
    days.iter().map(|day| (day.days, day.calls, day.origin)).collect()
}

#[tokio::test]
async fn readings_of_past_days_become_calls_of_days() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id) = world.connected(&companion).await;
    assert_eq!(companion.get_usage_days(&account).await.unwrap(), []);
    for count in [3, 1, 6] {
        world.next_day().await;
        world.customers(&app_id, count).await;
        companion.sync_usage(&account).await.unwrap();
    }
    let days = companion.get_usage_days(&account).await.unwrap();
    assert_eq!(days.len(), 2, "{days:?}");
    assert!(
        calls(&days)
            .iter()
            .all(|(days, calls, origin)| { (*days, *origin) == (1, Origin::Derived) && calls.is_some() })
    );
    // What was read stays, whatever becomes of the cache.
    companion.close().await;
    std::fs::remove_file(world.home.path().join("app/cache.db")).unwrap();
    let companion = world.open().await;
    assert_eq!(companion.get_usage_days(&account).await.unwrap(), days);
}

#[tokio::test]
async fn all_accounts_keep_their_histories_when_synced_at_once() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (first, app_id, secret) = world.ready_to_connect(&companion).await;
    let accounts = [first, paying(&companion).await, paying(&companion).await];
    for account in &accounts {
        companion.connect_app_secret(account, &app_id, Secret::from(secret.as_str())).await.unwrap();
    }
    for _ in 0..2 {
        world.next_day().await;
        world.customers(&app_id, 4).await;
        assert_eq!(companion.sync_all().await.unwrap().failed, 0);
    }
    for account in &accounts {
        let days = companion.get_usage_days(account).await.unwrap();
        assert_eq!(days.len(), 1, "{days:?}");
    }
}

#[tokio::test]
async fn a_failed_reading_leaves_no_trace_in_the_history() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    world.next_day().await;
    world
        .fault("/wxa/charge/usage/get", serde_json::json!({ "kind": "errcode", "errcode": 48001 }), None)
        .await;
    companion.sync_usage(&account).await.unwrap_err();
    assert_eq!(companion.get_usage_days(&account).await.unwrap(), []);
}

#[tokio::test]
async fn what_is_typed_in_again_becomes_a_history_too() {
    let world = World::new().await;
    let companion = world.open().await;
    let account = paying(&companion).await;
    let typed = |used| TypedFigures { used, remaining: 1_000 - used, total: 1_000 };
    companion.connect_typed_in(&account, typed(100)).await.unwrap();
    world.next_day().await;
    companion.connect_typed_in(&account, typed(130)).await.unwrap();
    world.next_day().await;
    companion.connect_typed_in(&account, typed(160)).await.unwrap();
    let days = companion.get_usage_days(&account).await.unwrap();
    assert_eq!(calls(&days), [(1, Some(30), Origin::TypedIn)]);
}

#[tokio::test]
async fn a_table_is_saved_inside_the_home_and_found_again() {
    let world = World::new().await;
    let companion = world.open().await;
    let table = ExportTable {
        name: "用量".to_owned(),
        columns: vec![ExportColumn { head: "次数".to_owned(), kind: ExportKind::Count }],
        rows: vec![vec![Some(ExportValue::Count(7))]],
    };
    let csv = companion.export_table(ExportFormat::Csv, table.clone()).await.unwrap();
    let again = companion.export_table(ExportFormat::Csv, table.clone()).await.unwrap();
    let xlsx = companion.export_table(ExportFormat::Xlsx, table).await.unwrap();
    assert_eq!([&csv.name, &again.name, &xlsx.name], ["用量.csv", "用量 (2).csv", "用量.xlsx"]);
    let home = world.home.path().join("app/exports");
    assert_eq!(companion.exported(&csv.name).unwrap(), home.join("用量.csv"));
    assert_eq!(std::fs::read_to_string(&csv.path).unwrap(), "\u{feff}次数\r\n7\r\n");
    for name in ["", "..", "../ledger.db", "用量", "/etc/passwd"] {
        companion.exported(name).unwrap_err();
    }
}

#[tokio::test]
async fn a_picture_is_saved_as_it_is_and_nothing_else_is_taken_for_one() {
    let world = World::new().await;
    let companion = world.open().await;
    let picture = b"\x89PNG\r\n\x1a\nand what follows".to_vec();
    let saved = companion.export_picture("验号管家: 晋味小馆".to_owned(), picture.clone()).await.unwrap();
    assert_eq!(saved.name, "验号管家 晋味小馆.png");
    assert_eq!(std::fs::read(&saved.path).unwrap(), picture);
    for none in [Vec::new(), b"GIF89a".to_vec(), [picture.as_slice(), &vec![0; 17 << 20]].concat()] {
        assert_eq!(code(companion.export_picture("x".to_owned(), none).await), ErrorCode::Internal);
    }
    assert!(!world.home.path().join("app/exports/x.png").exists());
}
