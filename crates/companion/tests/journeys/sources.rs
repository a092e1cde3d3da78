//! Where figures come from: the mini-program's AppSecret, an authorised third-party platform, the member-card platform, or
//! the shop's own typing. Each is as good as the others.

use companion::Companion;
use companion::api::{ErrorCode, Origin, PurchaseState, TypedFigures, UsageSource};
use companion::secrets::Secret;
use testkit::code;
use testkit::world::{World, arrival, paying};

const PACK: &str = "q-365-1000";
const TYPED: TypedFigures = TypedFigures { used: 194, remaining: 806, total: 1_000 };

/// An account by each source, all of one mini-program that is signed in to the console.
async fn one_by_each(world: &mut World, companion: &Companion) -> [(UsageSource, String); 4] {
    let (by_secret, app_id, secret) = world.ready_to_connect(companion).await;
    companion.connect_app_secret(&by_secret, &app_id, Secret::from(secret)).await.unwrap();
    let by_authorisation = paying(companion).await;
    let (authorisation, _) = world.authorisation(&app_id, &[18]).await;
    companion.connect_authorisation(&by_authorisation, authorisation).await.unwrap();
    let by_card = paying(companion).await;
    let key = world.access_key(&app_id).await;
    companion.connect_member_card_usage(&by_card, Secret::from(key)).await.unwrap();
    let typed = paying(companion).await;
    companion.connect_typed_in(&typed, TYPED).await.unwrap();
    [
        (UsageSource::AppSecret, by_secret),
        (UsageSource::Authorisation, by_authorisation),
        (UsageSource::MemberCard, by_card),
        (UsageSource::TypedIn, typed),
    ]
}

#[tokio::test]
async fn every_source_shows_the_same_figures_and_sees_a_pack_arrive() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let accounts = one_by_each(&mut world, &companion).await;
    for (source, account) in &accounts {
        let usage = companion.get_usage(account).await.unwrap().unwrap();
        assert_eq!(usage.source, *source);
        let figures = (usage.used.value, usage.remaining.value, usage.total.value);
        assert_eq!(figures, (194, 806, 1_000), "{source:?}");
        let origin = if *source == UsageSource::TypedIn { Origin::TypedIn } else { Origin::Platform };
        assert_eq!(usage.used.origin, origin, "{source:?}");
        assert!(usage.run_out.is_some(), "{source:?}");
        companion.pick_pack(account, PACK).await.unwrap();
        companion.begin_purchase(account).await.unwrap();
    }
    // One pack, which each of them sees on its own way.
    world.buy(PACK).await;
    let more = TypedFigures { remaining: 1_806, total: 2_000, ..TYPED };
    companion.connect_typed_in(&accounts[3].1, more).await.unwrap();
    for (source, account) in &accounts {
        let arrived = arrival(&companion, account).await;
        assert_eq!(arrived.state, PurchaseState::Arrived, "{source:?}");
        let usage = companion.sync_usage(account).await.unwrap();
        assert_eq!((usage.remaining.value, usage.total.value), (1_806, 2_000), "{source:?}");
    }
    let view = companion.sync_all().await.unwrap();
    assert_eq!((view.total, view.failed), (3, 0), "what is typed in is nobody's to read");
}

#[tokio::test]
async fn an_authorisation_reaches_as_far_as_it_was_given_and_ends_when_it_is_taken_back() {
    let world = World::new().await;
    let companion = world.open().await;
    let app_id = world.app_id(0);
    let account = paying(&companion).await;
    let (narrow, _) = world.authorisation(&app_id, &[1]).await;
    let refused = companion.connect_authorisation(&account, narrow).await;
    assert_eq!(code(refused), ErrorCode::NotPermitted);
    assert_eq!(companion.get_usage(&account).await.unwrap(), None);

    let (authorisation, platform) = world.authorisation(&app_id, &[18]).await;
    companion.connect_authorisation(&account, authorisation).await.unwrap();
    world.customers(&app_id, 6).await;
    assert_eq!(companion.sync_usage(&account).await.unwrap().remaining.value, 800);
    world.withdraw(&platform, &app_id).await;
    assert_eq!(code(companion.sync_usage(&account).await), ErrorCode::NotAuthorised);
    let kept = companion.get_usage(&account).await.unwrap().unwrap();
    assert_eq!(kept.remaining.value, 800, "the last figures stay");
    // The shop is not stuck: it can type its figures in.
    companion.connect_typed_in(&account, TYPED).await.unwrap();
    assert_eq!(companion.get_usage(&account).await.unwrap().unwrap().source, UsageSource::TypedIn);
}
