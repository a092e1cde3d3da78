//! A mini-game: WeChat does not answer for its usage, so its figures are typed in.

use companion::Companion;
use companion::api::{
    AccountKind, AcquisitionMode, Decision, EligibilityView, Environment, ErrorCode, Origin, ShareKind,
    ShopCategory, Situation, Subject, TypedFigures, UsageSource,
};
use companion::secrets::Secret;
use testkit::code;
use testkit::world::World;

use crate::bulk::with_provider;

const TYPED: TypedFigures = TypedFigures { used: 36, remaining: 964, total: 1_000 };

/// An account of practice's mini-game that chose the authorised way, and the game's AppID.
async fn game(world: &World, companion: &Companion) -> (String, String) {
    let game = world.practice.mini_games().remove(0);
    let started = companion.start_account(Environment::Practice, AccountKind::MiniGame, &game.name).await;
    let account = started.unwrap().account;
    let decided =
        companion.decide_eligibility(&account, Subject::Enterprise, ShopCategory::Other, true).await.unwrap();
    assert_eq!(pays_since(&decided).as_deref(), Some("2025-08-04T00:00:00+08:00"));
    companion.choose_way(&account, AcquisitionMode::Authorized, 40).await.unwrap();
    (account, game.app_id)
}

fn pays_since(decided: &EligibilityView) -> Option<String> {
    match &decided.decision {
        Decision::Pays { charging_since, .. } => Some(charging_since.to_string()),
        Decision::Free { .. } | Decision::NotEligible { .. } => None,
    }
}

#[tokio::test]
async fn the_figures_of_a_mini_game_are_typed_in_where_wechat_does_not_answer() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id) = game(&world, &companion).await;
    world.set_login(&app_id).await;
    world.sign_in().await;
    let secret = world.app_secret().await;
    let refused = companion.connect_app_secret(&account, &app_id, Secret::from(secret)).await;
    let view = companion.report(&refused.unwrap_err());
    assert_eq!((view.code, view.params["errcode"].as_str()), (ErrorCode::MiniGameNotRead, "48001"));
    let key = world.access_key(&app_id).await;
    let refused = companion.connect_member_card_usage(&account, Secret::from(key)).await;
    assert_eq!(code(refused), ErrorCode::MiniGameNotRead);
    let (authorisation, _) = world.authorisation(&app_id, &[18]).await;
    let refused = companion.connect_authorisation(&account, authorisation).await;
    assert_eq!(code(refused), ErrorCode::MiniGameNotRead);
    assert_eq!(companion.get_usage(&account).await.unwrap(), None, "nothing was stored");

    companion.connect_typed_in(&account, TYPED).await.unwrap();
    let usage = companion.get_usage(&account).await.unwrap().unwrap();
    assert_eq!((usage.source, usage.used.origin), (UsageSource::TypedIn, Origin::TypedIn));
    assert_eq!((usage.used.value, usage.remaining.value, usage.total.value), (36, 964, 1_000));
    let overview = companion.get_overview(&account).await.unwrap();
    assert_ne!(overview.situation.kind, Situation::NotConnected);
    let row = companion.get_accounts().await.unwrap().accounts.remove(0);
    assert_eq!((row.kind, row.typed_in, row.remaining), (AccountKind::MiniGame, true, Some(964)));
}

#[tokio::test]
async fn the_kind_of_an_account_can_be_changed_while_nothing_depends_on_it() {
    let world = World::new().await;
    let companion = world.open().await;
    let (account, _) = game(&world, &companion).await;
    let to = async |kind| companion.rename_account(&account, Environment::Practice, kind, "晋味大厨").await;
    let changed = to(AccountKind::MiniProgram).await.unwrap();
    assert_eq!(changed.kind, AccountKind::MiniProgram);
    // What follows from the answers follows from the kind, too.
    let since = changed.eligibility.as_ref().and_then(pays_since);
    assert_eq!(since.as_deref(), Some("2023-08-28T00:00:00+08:00"));
    to(AccountKind::MiniGame).await.unwrap();
    companion.connect_typed_in(&account, TYPED).await.unwrap();
    assert_eq!(code(to(AccountKind::MiniProgram).await), ErrorCode::StepNotReady);
    companion.close().await;
    let again = world.open().await;
    let kinds: Vec<_> = again.get_app().await.unwrap().accounts.into_iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [AccountKind::MiniGame], "a restart keeps it");
}

/// Bulk purchase has no product for mini-games (docs/billing-rules.md §2).
#[tokio::test]
async fn a_mini_game_gets_nothing_of_a_bulk_order() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (provider, order, _) = with_provider(&mut world, &companion).await;
    let (account, _) = game(&world, &companion).await;
    companion
        .connect_typed_in(&account, TypedFigures { used: 1_000, remaining: 0, total: 1_000 })
        .await
        .unwrap();
    let plan = companion.plan_allocations(&provider, &order, None).await.unwrap();
    let shares: Vec<_> = plan.shares.iter().map(|share| (share.account.as_str(), share.kind)).collect();
    assert_eq!(shares.len(), 1, "{shares:?}");
    assert!(shares[0].0 != account && shares[0].1 == ShareKind::Enough, "{shares:?}");
}
