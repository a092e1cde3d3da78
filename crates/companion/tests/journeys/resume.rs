use companion::Companion;
use companion::api::{
    AccountKind, AcquisitionMode, Environment, ErrorCode, ProxyChoice, ShopCategory, Step, Subject, Theme,
    WizardView,
};
use companion::secrets::Secret;
use testkit::code;
use testkit::world::{EMAIL, PASSWORD, World};

/// Ends the application as a crash would leave it (nothing is written on closing) and opens it again.
async fn again(world: &World, companion: Companion, last: &WizardView) -> Companion {
    companion.close().await;
    let companion = world.open().await;
    assert_eq!(&companion.get_wizard(&last.account).await.unwrap(), last);
    companion
}

#[tokio::test]
async fn every_step_survives_a_restart() {
    let mut world = World::new().await;
    let app_id = world.app_id(0);
    world.set_login(&app_id).await;
    world.sign_in().await;
    let secret = world.app_secret().await;
    let key = world.access_key(&app_id).await;

    let mut app = world.open().await;
    let at =
        app.start_account(Environment::Practice, AccountKind::MiniProgram, "晋味小馆会员中心").await.unwrap();
    let account = at.account.clone();
    app = again(&world, app, &at).await;
    app.decide_eligibility(&account, Subject::Enterprise, ShopCategory::Catering, true).await.unwrap();
    let at = app.go_to_step(&account, Step::Way).await.unwrap();
    app = again(&world, app, &at).await;
    let at = app.choose_way(&account, AcquisitionMode::Authorized, 200).await.unwrap();
    app = again(&world, app, &at).await;
    let at = app.save_login(&account, Secret::from(EMAIL), Secret::from(PASSWORD)).await.unwrap();
    app = again(&world, app, &at).await;
    let at = app.confirm_login_set(&account).await.unwrap();
    app = again(&world, app, &at).await;
    let at = app.confirm_signed_in(&account).await.unwrap();
    app = again(&world, app, &at).await;
    let at = app.connect_app_secret(&account, &app_id, Secret::from(secret)).await.unwrap();
    app = again(&world, app, &at).await;
    let at = app.confirm_usage_seen(&account).await.unwrap();
    app = again(&world, app, &at).await;
    let at = app.pick_pack(&account, "q-365-1000").await.unwrap();
    app = again(&world, app, &at).await;
    let at = app.buy_nothing(&account).await.unwrap();
    app = again(&world, app, &at).await;
    app.connect_member_card(&account, Secret::from(key)).await.unwrap();
    app.set_mode(&account, AcquisitionMode::Manual).await.unwrap();
    let at = app.get_wizard(&account).await.unwrap();
    app = again(&world, app, &at).await;
    app.go_to_step(&account, Step::Done).await.unwrap();
    let at = app.finish_wizard(&account).await.unwrap();
    app = again(&world, app, &at).await;
    assert_eq!(at.at, Step::Done);
    assert_eq!(app.get_usage(&account).await.unwrap().unwrap().remaining.value, 806);
}

#[tokio::test]
async fn a_second_application_in_the_same_home_is_refused() {
    let world = World::new().await;
    let first = world.open().await;
    let second = Companion::open(world.setup()).await;
    assert_eq!(second.unwrap_err().code(), ErrorCode::AlreadyRunning);
    drop(first);
    testkit::until("the home directory is free", || async { Companion::open(world.setup()).await.is_ok() })
        .await;
}

#[tokio::test]
async fn a_lost_cache_costs_only_a_sync() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    let before = companion.get_wizard(&account).await.unwrap();
    companion.close().await;
    let home = world.home.path().join("app");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(home.join(format!("cache.db{suffix}")));
    }
    std::fs::write(home.join("cache.db"), b"no database").unwrap();
    let companion = world.open().await;
    assert_eq!(companion.get_wizard(&account).await.unwrap(), before);
    assert_eq!(companion.get_usage(&account).await.unwrap(), None);
    assert_eq!(companion.sync_usage(&account).await.unwrap().remaining.value, 806);
}

#[tokio::test]
async fn settings_and_names_are_kept() {
    let world = World::new().await;
    let companion = world.open().await;
    let first = companion
        .start_account(Environment::Practice, AccountKind::MiniProgram, "青禾书店会员中心")
        .await
        .unwrap()
        .account;
    let second = companion
        .start_account(Environment::Live, AccountKind::MiniProgram, "晋味小馆")
        .await
        .unwrap()
        .account;
    companion.set_theme(Theme::Dark).await.unwrap();
    companion.select_account(&first).await.unwrap();
    companion
        .rename_account(&second, Environment::Practice, AccountKind::MiniProgram, "晋味小馆会员中心")
        .await
        .unwrap();
    companion.close().await;
    let app = world.open().await.get_app().await.unwrap();
    assert_eq!((app.theme, app.active.as_deref()), (Theme::Dark, Some(first.as_str())));
    let names: Vec<_> =
        app.accounts.iter().map(|account| (account.name.as_str(), account.environment)).collect();
    let practice = Environment::Practice;
    assert_eq!(names, [("青禾书店会员中心", practice), ("晋味小馆会员中心", practice)]);
    assert!(!app.live_member_card);
}

/// The ledger says no: the secret that was kept a moment before goes back to what it was.
#[tokio::test]
async fn a_ledger_that_cannot_be_written_takes_the_secret_back() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id, secret) = world.ready_to_connect(&companion).await;
    companion.save_login(&account, Secret::from(EMAIL), Secret::from(PASSWORD)).await.unwrap();
    let ledger = world.home.path().join("app/ledger.db");
    let blocker = rusqlite::Connection::open(&ledger).unwrap();
    // Somebody else holds the write lock: our commit cannot be made.
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = companion.connect_app_secret(&account, &app_id, Secret::from(secret.as_str())).await;
    assert!(refused.is_err());
    let refused = companion.save_login(&account, Secret::from(EMAIL), Secret::from("Qq8sN-v5Tk2-b9Mf")).await;
    assert!(refused.is_err());
    blocker.execute_batch("ROLLBACK").unwrap();
    assert_eq!(world.secrets.names().len(), 1);
    let kept = companion.login_secret(&account, companion::api::LoginField::Password).await.unwrap();
    assert_eq!(kept.expose(), PASSWORD);
    assert_eq!(companion.get_wizard(&account).await.unwrap().connection, None);
    companion.connect_app_secret(&account, &app_id, Secret::from(secret)).await.unwrap();
}

/// The proxy is kept, and practice is reached without it.
#[tokio::test]
async fn a_proxy_is_set_and_kept() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    assert_eq!(companion.get_proxy().await.unwrap(), ProxyChoice::System);
    for wrong in ["", "192.168.1.2:8080", "ftp://192.168.1.2", "http://user:word@192.168.1.2:8080"] {
        let refused = companion.set_proxy(ProxyChoice::Address(wrong.to_owned())).await;
        assert_eq!(code(refused), ErrorCode::ProxyInvalid, "{wrong}");
    }
    // Nobody listens there.
    let proxy = ProxyChoice::Address("http://127.0.0.1:9/".to_owned());
    assert_eq!(companion.set_proxy(proxy.clone()).await.unwrap(), proxy);
    companion.sync_usage(&account).await.unwrap();
    companion.close().await;
    let companion = world.open().await;
    assert_eq!(companion.get_proxy().await.unwrap(), proxy);
    assert_eq!(companion.set_proxy(ProxyChoice::Direct).await.unwrap(), ProxyChoice::Direct);
}
