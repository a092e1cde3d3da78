//! The guard and the pool that it may allocate from.

use std::time::Duration;

use companion::api::{ErrorCode, GuardAct, GuardActState, GuardPool, GuardRule};
use companion::secrets::Secret;
use testkit::world::World;
use testkit::{code, until};

use crate::bulk::with_provider;
use crate::guard::{START, acts, look, mode, on};

#[tokio::test]
async fn the_pool_comes_first_where_the_shop_allows_it() {
    let mut world = World::from(START).await;
    let companion = world.open().await;
    let (provider, _, app_id) = with_provider(&mut world, &companion).await;
    let account = companion.get_app().await.unwrap().accounts[0].id.clone();
    let key = world.access_key(&app_id).await;
    companion.connect_member_card(&account, Secret::from(key)).await.unwrap();
    let rule = |calls_a_day| GuardRule {
        back_at: 400,
        pool: Some(GuardPool { provider: provider.clone(), calls_a_day }),
        ..on()
    };
    let other = GuardRule { pool: Some(GuardPool { provider: "nobody".to_owned(), calls_a_day: 1 }), ..on() };
    assert_eq!(code(companion.set_guard(&account, other).await), ErrorCode::NotFound);
    companion.set_guard(&account, rule(250)).await.unwrap();
    world.customers(&app_id, 650).await;
    let view = look(&companion, &account).await;
    assert_eq!(acts(&view), [(GuardAct::Allocate, GuardActState::Open, 156)]);
    assert_eq!(view.acts[0].calls, Some(250));
    until("the pack arrives, and the guard has seen it", || async {
        world.practice.advance(Duration::from_mins(5)).await.unwrap();
        let view = look(&companion, &account).await;
        view.acts.iter().all(|act| act.state == GuardActState::Done)
    })
    .await;
    assert_eq!(mode(&world, &app_id).await, "authorized");
    let allocations = companion.get_allocations(&provider).await.unwrap();
    assert_eq!(allocations.len(), 1);
    // The day's calls are given out: customers come next.
    let left = companion.sync_usage(&account).await.unwrap().remaining.value;
    world.customers(&app_id, u32::try_from(left).unwrap() - 150).await;
    let view = look(&companion, &account).await;
    assert_eq!(acts(&view)[0], (GuardAct::ToManual, GuardActState::Done, 150));
    assert_eq!(companion.get_allocations(&provider).await.unwrap().len(), 1);
    // On the next day the pool ends the wait.
    world.next_day().await;
    until("the second pack arrives, and customers authorise again", || async {
        world.practice.advance(Duration::from_mins(5)).await.unwrap();
        look(&companion, &account).await;
        mode(&world, &app_id).await == "authorized"
    })
    .await;
    assert_eq!(companion.get_allocations(&provider).await.unwrap().len(), 2);
}

#[tokio::test]
async fn nothing_is_allocated_while_nobody_knows_what_is_on_its_way() {
    let mut world = World::from(START).await;
    let companion = world.open().await;
    let (provider, _, app_id) = with_provider(&mut world, &companion).await;
    let account = companion.get_app().await.unwrap().accounts[0].id.clone();
    let key = world.access_key(&app_id).await;
    companion.connect_member_card(&account, Secret::from(key)).await.unwrap();
    let pool = Some(GuardPool { provider: provider.clone(), calls_a_day: 250 });
    companion.set_guard(&account, GuardRule { back_at: 400, pool, ..on() }).await.unwrap();
    companion.wait_for_forecasts_and_alerts().await;
    // Another provider's allocation to the same mini-program, in a word of a later version.
    let ledger = rusqlite::Connection::open(world.setup().paths.ledger()).unwrap();
    let row =
        "INSERT INTO allocations (id, provider, order_id, sku_id, receiver_app_id, state, tries, asked_at, done_at)
        VALUES ('later', ?1, 'o', 's', ?2, 'of_a_later_version', 1, ?3, ?3)";
    let second = "INSERT INTO providers (id, name, environment, app_id, connected_at)
        SELECT 'p', name, environment, 'wx', connected_at FROM providers";
    ledger.execute(second, ()).unwrap();
    let now = world.practice.clock().now().timestamp_millis();
    ledger.execute(row, ("p", &app_id, now)).unwrap();
    world.customers(&app_id, 650).await;
    let view = look(&companion, &account).await;
    assert_eq!((acts(&view), mode(&world, &app_id).await.as_str()), (vec![], "authorized"));
    assert_eq!(view.trouble.unwrap().code, ErrorCode::StoredWordUnknown);
    assert_eq!(companion.get_allocations(&provider).await.unwrap(), []);
    // What stands there is readable again.
    ledger.execute("DELETE FROM allocations WHERE id = 'later'", ()).unwrap();
    let view = look(&companion, &account).await;
    assert_eq!(acts(&view), [(GuardAct::Allocate, GuardActState::Open, 156)]);
    assert_eq!(view.trouble, None);
}
