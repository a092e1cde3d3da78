//! All accounts beside each other.

use companion::Companion;
use companion::api::{
    AccountKind, AccountRow, Environment, ErrorCode, ShopCategory, Situation, Subject, Tag, TypedFigures,
};
use companion::secrets::Secret;
use serde_json::json;
use std::time::Duration;

use Situation::{DryUsedUp, EndsSoonByUse, Enough, LastsLong, NotConnected, PaysNothing, TrialEnough};
use testkit::until;
use testkit::world::{World, paying};

fn figures(remaining: u64) -> TypedFigures {
    TypedFigures { used: 0, remaining, total: remaining }
}

async fn rows(companion: &Companion) -> Vec<AccountRow> {
    companion.get_accounts().await.unwrap().accounts
}

fn situations(rows: &[AccountRow]) -> Vec<Situation> {
    rows.iter().map(|row| row.situation.kind).collect()
}

#[tokio::test]
async fn the_worst_comes_first_and_says_why() {
    let mut world = World::new().await;
    let companion = world.open().await;
    assert_eq!(rows(&companion).await, []);
    // Each with 200 calls a month, as it was guessed.
    let typed = |calls| {
        let companion = companion.clone();
        async move {
            let account = paying(&companion).await;
            companion.connect_typed_in(&account, figures(calls)).await.unwrap();
            account
        }
    };
    let (long, lasts, soon, dry) =
        (typed(1_000_000).await, typed(2_000).await, typed(40).await, typed(0).await);
    let unconnected = paying(&companion).await;
    let free = companion
        .start_account(Environment::Practice, AccountKind::MiniProgram, "区政务服务")
        .await
        .unwrap()
        .account;
    companion.decide_eligibility(&free, Subject::Government, ShopCategory::Other, true).await.unwrap();
    let (read, _) = world.connected(&companion).await;
    let archived = typed(0).await;
    companion.archive_account(&archived, true).await.unwrap();

    // Nobody has looked at these accounts: their dates are worked out behind the table.
    until("all dates", || async { companion.get_accounts().await.unwrap().working_out == 0 }).await;
    let found = rows(&companion).await;
    let order: Vec<&str> = found.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(order, [&dry, &soon, &unconnected, &read, &lasts, &long, &free, &archived]);
    assert_eq!(
        situations(&found),
        [DryUsedUp, EndsSoonByUse, NotConnected, TrialEnough, Enough, LastsLong, PaysNothing, DryUsedUp]
    );
    assert!(found.iter().all(|row| row.archived == (row.id == archived)));
    // The line says what the account's own page says.
    for row in found.iter().filter(|row| row.remaining.is_some() && !row.archived) {
        let usage = companion.get_usage(&row.id).await.unwrap().unwrap();
        let run_out = usage.run_out.unwrap().value;
        let said =
            (usage.remaining.value, run_out.earliest, run_out.likely, run_out.latest, usage.sync.stale);
        let shown = (row.earliest, row.likely, row.latest);
        assert_eq!(said, (row.remaining.unwrap(), shown.0, shown.1, shown.2, row.stale), "{row:?}");
    }
    assert!(found[1].days_left.is_some_and(|days| days <= 14), "{:?}", found[1]);
    assert_eq!((found[3].app_id.as_deref(), found[3].typed_in), (Some(world.app_id(0).as_str()), false));
}

#[tokio::test]
async fn a_failed_reading_counts_once_the_figures_are_old() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    world.fault("/wxa/charge/usage/get", json!({ "kind": "errcode", "errcode": 48001 }), None).await;
    companion.sync_usage(&account).await.unwrap_err();
    until("all dates", || async { companion.get_accounts().await.unwrap().working_out == 0 }).await;
    let row = rows(&companion).await.remove(0);
    assert_eq!((row.error, row.stale), (Some(ErrorCode::NotPermitted), false));
    assert_eq!(row.situation.kind, TrialEnough);
    world.practice.advance(Duration::from_hours(7)).await.unwrap();
    let row = rows(&companion).await.remove(0);
    assert_eq!((row.situation.kind, row.stale), (TrialEnough, true), "old, but still good enough");
    world.practice.advance(Duration::from_hours(66)).await.unwrap();
    let row = rows(&companion).await.remove(0);
    assert_eq!((row.situation.kind, row.stale), (Situation::CannotRead, true));
    assert!(row.remaining.is_some(), "old figures stay");
}

#[tokio::test]
async fn dates_are_worked_out_again_only_for_what_changed() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (first, app_id, secret) = world.ready_to_connect(&companion).await;
    let other = paying(&companion).await;
    companion.connect_typed_in(&other, figures(500)).await.unwrap();
    companion.connect_app_secret(&first, &app_id, Secret::from(secret)).await.unwrap();
    until("all dates", || async { companion.get_accounts().await.unwrap().working_out == 0 }).await;
    // The same figures again leave the dates as they are.
    companion.sync_all().await.unwrap();
    assert_eq!(companion.get_accounts().await.unwrap().working_out, 0);
    world.customers(&app_id, 3).await;
    let mut told = companion.subscribe();
    companion.sync_all().await.unwrap();
    let told = async { while !told.recv().await.unwrap().tags.contains(&Tag::Outlooks) {} };
    tokio::time::timeout(Duration::from_secs(10), told).await.expect("the pages hear of it");
    assert_eq!(companion.get_accounts().await.unwrap().working_out, 0);
}
