use companion::Companion;
use companion::api::{
    AccountKind, AcquisitionMode, Advice, ChangeState, ConsolePage, Decision, Environment, FreeRuleName,
    Instant, LoginField, Origin, PurchaseDecision, PurchaseState, PurchaseView, ShopCategory, Step,
    StepState, Subject, Tag, UsageSource, WizardView,
};
use companion::secrets::Secret;
use testkit::world::{EMAIL, PASSWORD, World};
use testkit::{files_with, until};

fn state(wizard: &WizardView, step: Step) -> StepState {
    wizard.steps.iter().find(|view| view.step == step).unwrap().state
}

/// Steps 1 to 11 as a shop walks them, and not one secret in any file of the home directory.
#[tokio::test]
async fn a_shop_goes_all_the_way() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let mut changes = companion.subscribe();
    let app_id = world.app_id(0);

    let wizard = companion
        .start_account(Environment::Practice, AccountKind::MiniProgram, " 晋味小馆会员中心 ")
        .await
        .unwrap();
    let account = wizard.account.clone();
    assert_eq!((wizard.name.as_str(), wizard.at), ("晋味小馆会员中心", Step::Eligibility));
    let heard = changes.recv().await.unwrap();
    assert_eq!(heard.account.as_deref(), Some(account.as_str()));
    assert!(heard.tags.contains(&Tag::Wizard));

    decides(&companion, &account).await;
    signs_in(&mut world, &companion, &account, &app_id).await;
    let secret = world.app_secret().await;
    connects(&companion, &account, &app_id, &secret).await;
    let arrived = buys(&mut world, &companion, &account).await;
    let key = world.access_key(&app_id).await;
    switches(&companion, &account, &key).await;

    let wizard = companion.go_to_step(&account, Step::Done).await.unwrap();
    assert_eq!(state(&wizard, Step::Done), StepState::Open);
    let wizard = companion.finish_wizard(&account).await.unwrap();
    assert!(wizard.steps.iter().all(|view| view.state == StepState::Done), "{:?}", wizard.steps);
    let summary = companion.get_summary(&account).await.unwrap();
    assert_eq!((summary.remaining, summary.mode), (Some(1_806), Some(AcquisitionMode::Manual)));
    assert_eq!(summary.bought.unwrap().lot, arrived.lot);
    assert_eq!(companion.get_app().await.unwrap().accounts[0].wizard_at, None);
    let overview = companion.get_overview(&account).await.unwrap();
    assert_eq!(overview.usage.unwrap().remaining.value, 1_806);
    let next = overview.next_expiry.unwrap();
    assert_eq!((Some(next.expires_at), next.lots, next.calls), (arrived.expires_at, 1, 1_000));

    companion.close().await;
    let files = files_with(&world.home.path().join("app"), &[EMAIL, PASSWORD, &secret, &key]);
    assert_eq!(files, Vec::<String>::new());
    assert_eq!(world.secrets.names().len(), 3);
}

/// Steps 2 and 3.
async fn decides(companion: &Companion, account: &str) {
    let verdict = companion
        .decide_eligibility(account, Subject::Enterprise, ShopCategory::Catering, true)
        .await
        .unwrap();
    let Decision::Pays { unit_price, charging_since } = verdict.decision else { unreachable!("{verdict:?}") };
    assert_eq!(unit_price, "0.03");
    assert_eq!(charging_since, "2023-08-28T00:00:00+08:00");

    let ways = companion.compare_ways(200).await.unwrap();
    assert_eq!(ways.authorised_year, "72.00");
    assert_eq!(ways.authorised_first_year, "42.00");
    assert_eq!(ways.manual_year, "0.00");
    assert_eq!((ways.trial_months, ways.trial_calls), (Some(5), 1_000));
    companion.choose_way(account, AcquisitionMode::Authorized, 200).await.unwrap();
}

/// Steps 4 and 5.
async fn signs_in(world: &mut World, companion: &Companion, account: &str, app_id: &str) {
    let wizard = companion.save_login(account, Secret::from(EMAIL), Secret::from(PASSWORD)).await.unwrap();
    assert_eq!((wizard.login_saved, wizard.login_confirmed), (true, false));
    world.set_login(app_id).await;
    companion.confirm_login_set(account).await.unwrap();
    assert_eq!(companion.login_secret(account, LoginField::Email).await.unwrap().expose(), EMAIL);
    assert_eq!(companion.login_secret(account, LoginField::Password).await.unwrap().expose(), PASSWORD);

    let address = companion.console_address(account, ConsolePage::Charge).await.unwrap();
    assert!(address.as_str().ends_with("/cgi-bin/loginpage?redirect_url=/wxamp/wxacharge"), "{address}");
    assert!(!companion.console_reached(account, &address).await.unwrap());
    assert!(
        !companion
            .console_reached(account, &"http://127.0.0.1:1/wxamp/wxacharge".parse().unwrap())
            .await
            .unwrap()
    );
    assert_eq!(companion.get_wizard(account).await.unwrap().signed_in_at, None);
    let landed = world.sign_in().await;
    assert!(companion.console_reached(account, &landed).await.unwrap());
}

/// Steps 6 and 7.
async fn connects(companion: &Companion, account: &str, app_id: &str, secret: &str) {
    let wizard = companion.connect_app_secret(account, app_id, Secret::from(secret)).await.unwrap();
    assert!(wizard.signed_in_at.is_some());
    let connection = wizard.connection.unwrap();
    assert_eq!((connection.source, connection.app_id.as_deref()), (UsageSource::AppSecret, Some(app_id)));
    let usage = companion.get_usage(account).await.unwrap().unwrap();
    assert_eq!((usage.used.value, usage.remaining.value, usage.total.value), (194, 806, 1_000));
    assert_eq!((usage.used.origin, usage.remaining.origin), (Origin::Platform, Origin::Derived));
    assert_eq!((usage.lots.len(), usage.lots[0].id.as_str(), usage.lots[0].remaining), (1, "trial", 806));
    assert_eq!(usage.run_out.unwrap().origin, Origin::Estimated);
    assert_eq!((usage.sync.running, usage.sync.error, usage.sync.stale), (false, None, false));
    companion.confirm_usage_seen(account).await.unwrap();
}

/// Steps 8 and 9.
async fn buys(world: &mut World, companion: &Companion, account: &str) -> PurchaseView {
    let packs = companion.get_packs(account, None).await.unwrap();
    assert!(matches!(packs.advice, Advice::BuyNothing { .. }), "{:?}", packs.advice);
    assert_eq!(packs.remaining, 806);
    let pack = packs.packs.iter().find(|pack| pack.calls == 1_000 && pack.days == 365).unwrap();
    assert_eq!(
        (pack.price.to_string(), pack.price_per_call.to_string()),
        ("30.00".to_owned(), "0.03".to_owned())
    );

    companion.pick_pack(account, &pack.id).await.unwrap();
    let begun = companion.begin_purchase(account).await.unwrap();
    assert_eq!(begun.state, PurchaseState::Waiting);
    assert_eq!(companion.check_arrival(account).await.unwrap().state, PurchaseState::Waiting);
    world.buy(&pack.id).await;
    // Nobody asks: the watch in the background finds it.
    until("arrival", || async {
        let wizard = companion.get_wizard(account).await.unwrap();
        matches!(wizard.purchase, Some(PurchaseDecision::Pack { purchase }) if purchase.state == PurchaseState::Arrived)
    })
    .await;
    let arrived = companion.check_arrival(account).await.unwrap();
    assert_eq!((arrived.arrived_calls, arrived.price.to_string()), (None, "30.00".to_owned()));
    let until_when = |at: Option<Instant>| at.unwrap().0;
    let paid = until_when(arrived.effective_at);
    assert_eq!(until_when(arrived.refundable_until) - paid, chrono::TimeDelta::days(7));
    assert_eq!(until_when(arrived.expires_at) - paid, chrono::TimeDelta::days(365));
    assert_eq!(companion.get_usage(account).await.unwrap().unwrap().remaining.value, 1_806);
    arrived
}

/// Step 10.
async fn switches(companion: &Companion, account: &str, key: &str) {
    let card = companion.connect_member_card(account, Secret::from(key)).await.unwrap();
    assert_eq!(card.mode.unwrap().value, AcquisitionMode::Authorized);
    assert_eq!((card.issued.unwrap().value, card.sms_balance.unwrap().value), (646, 550));
    let card = companion.set_mode(account, AcquisitionMode::Manual).await.unwrap();
    assert_eq!(card.mode.unwrap().value, AcquisitionMode::Manual);
    assert_eq!((card.history.len(), card.history[0].state), (1, ChangeState::Confirmed));
}

/// A school pays nothing: nothing to buy, and usage can be connected all the same.
#[tokio::test]
async fn a_free_account_ends_early() {
    let world = World::new().await;
    let companion = world.open().await;
    let account = companion
        .start_account(Environment::Practice, AccountKind::MiniProgram, "和平街小学家校通")
        .await
        .unwrap()
        .account;
    let verdict = companion
        .decide_eligibility(&account, Subject::PublicInstitution, ShopCategory::FormalEducation, true)
        .await
        .unwrap();
    assert_eq!(
        verdict.decision,
        Decision::Free { rule: FreeRuleName::MedicalOrEducation, needs_check: true }
    );
    let wizard = companion.get_wizard(&account).await.unwrap();
    for step in [Step::Way, Step::Login, Step::Console, Step::Pack, Step::Payment, Step::Mode] {
        assert_eq!(state(&wizard, step), StepState::Skipped, "{step:?}");
    }
    assert_eq!(state(&wizard, Step::Done), StepState::Open);
    companion.go_to_step(&account, Step::Connect).await.unwrap();
    companion.finish_wizard(&account).await.unwrap();
    assert!(companion.get_overview(&account).await.unwrap().free);
}

/// Members type their number: no pack, but usage can still be looked at.
#[tokio::test]
async fn the_manual_way_needs_no_pack() {
    let world = World::new().await;
    let companion = world.open().await;
    let account = testkit::world::paying(&companion).await;
    let wizard = companion.choose_way(&account, AcquisitionMode::Manual, 200).await.unwrap();
    assert_eq!(
        (state(&wizard, Step::Pack), state(&wizard, Step::Payment)),
        (StepState::Skipped, StepState::Skipped)
    );
    assert_eq!(state(&wizard, Step::Mode), StepState::Open);
    let wizard = companion.keep_mode(&account).await.unwrap();
    assert_eq!(wizard.mode, Some(AcquisitionMode::Manual));
    let figures = companion::api::TypedFigures { used: 194, remaining: 806, total: 1_000 };
    let wizard = companion.connect_typed_in(&account, figures).await.unwrap();
    assert_eq!(
        (state(&wizard, Step::Connect), state(&wizard, Step::Usage)),
        (StepState::Done, StepState::Open)
    );
    companion.confirm_usage_seen(&account).await.unwrap();
    companion.finish_wizard(&account).await.unwrap();
}

/// The member-card platform passes WeChat's figures on; its key serves both pages.
#[tokio::test]
async fn usage_through_the_member_card_platform() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let account = testkit::world::paying(&companion).await;
    let app_id = world.app_id(0);
    let key = world.access_key(&app_id).await;
    let wizard = companion.connect_member_card_usage(&account, Secret::from(key)).await.unwrap();
    assert_eq!(wizard.connection.unwrap().app_id.as_deref(), Some(app_id.as_str()));
    assert!(companion.get_member_card(&account).await.unwrap().connected);
    world.customers(&app_id, 6).await;
    let usage = companion.sync_usage(&account).await.unwrap();
    assert_eq!((usage.used.value, usage.remaining.value), (200, 800));
}
