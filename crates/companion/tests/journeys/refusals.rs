use companion::api::{ErrorCode, Retry, Step, TypedFigures};
use companion::secrets::{Failure, Secret, SecretError, SecretKind};
use serde_json::json;
use testkit::code;
use testkit::world::{EMAIL, PASSWORD, World, paying};

#[tokio::test]
async fn a_wrong_secret_leaves_nothing_behind() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id, _) = world.ready_to_connect(&companion).await;
    let wrong = Secret::from("0123456789abcdef0123456789abcdef");
    let refused = companion.connect_app_secret(&account, &app_id, wrong).await;
    assert_eq!(code(refused), ErrorCode::AppSecretWrong);
    assert_eq!(companion.get_wizard(&account).await.unwrap().connection, None);
    assert_eq!(companion.get_usage(&account).await.unwrap(), None);
    assert!(world.secrets.names().is_empty());
    // Never by the call that would cut off the shop's other systems.
    assert_eq!(world.calls("/cgi-bin/token").await, 0);
    assert!(world.calls("/cgi-bin/stable_token").await > 0);
}

#[tokio::test]
async fn what_is_typed_is_checked_before_anybody_is_asked() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id, secret) = world.ready_to_connect(&companion).await;
    for bad in ["", "wx123", "wy0123456789abcdef", "wx0123456789abcdeg"] {
        let refused = companion.connect_app_secret(&account, bad, Secret::from(secret.as_str())).await;
        assert_eq!(code(refused), ErrorCode::AppIdInvalid, "{bad}");
    }
    let refused = companion.connect_app_secret(&account, &app_id, Secret::from("short")).await;
    assert_eq!(code(refused), ErrorCode::AppSecretInvalid);
    assert_eq!(world.calls("/cgi-bin/stable_token").await, 0);
    let figures = TypedFigures { used: 194, remaining: 806, total: 1_001 };
    assert_eq!(code(companion.connect_typed_in(&account, figures).await), ErrorCode::FiguresInvalid);
    let figures = TypedFigures { used: u64::MAX, remaining: 1, total: 0 };
    assert_eq!(code(companion.connect_typed_in(&account, figures).await), ErrorCode::FiguresInvalid);
    assert_eq!(
        code(
            companion
                .start_account(
                    companion::api::Environment::Practice,
                    companion::api::AccountKind::MiniProgram,
                    "  "
                )
                .await
        ),
        ErrorCode::NameEmpty
    );
    assert_eq!(code(companion.get_wizard("no such account").await), ErrorCode::NotFound);
    assert_eq!(code(companion.go_to_step(&account, Step::Pack).await), ErrorCode::StepNotReady);
    let bad_key = companion.connect_member_card(&account, Secret::from("nobody's key")).await;
    assert_eq!(code(bad_key), ErrorCode::MemberCardKeyWrong);
}

/// At each step that writes a secret, a keyring that fails leaves everything as it was; once it works, so does the step.
#[tokio::test]
async fn a_failing_keyring_leaves_no_half_state() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id, secret) = world.ready_to_connect(&companion).await;
    let key = world.access_key(&app_id).await;
    for (error, expected) in [
        (SecretError::Locked, ErrorCode::KeyringLocked),
        (SecretError::Absent, ErrorCode::KeyringAbsent),
        (SecretError::Failed, ErrorCode::KeyringFailed),
    ] {
        for failure in [
            Failure::Always(error),
            Failure::Writing(SecretKind::Login, error),
            Failure::Writing(SecretKind::AppSecret, error),
            Failure::Writing(SecretKind::MemberCardKey, error),
        ] {
            let before = companion.get_wizard(&account).await.unwrap();
            let hit =
                |kind| matches!(failure, Failure::Always(_)) || failure == Failure::Writing(kind, error);
            world.secrets.fail(Some(failure));
            if hit(SecretKind::Login) {
                let refused =
                    companion.save_login(&account, Secret::from(EMAIL), Secret::from(PASSWORD)).await;
                let refused = companion.report(&refused.unwrap_err());
                assert_eq!((refused.code, refused.retry), (expected, Retry::Now));
            }
            if hit(SecretKind::AppSecret) {
                let refused =
                    companion.connect_app_secret(&account, &app_id, Secret::from(secret.as_str())).await;
                assert_eq!(code(refused), expected);
            }
            if hit(SecretKind::MemberCardKey) {
                let refused = companion.connect_member_card_usage(&account, Secret::from(key.as_str())).await;
                assert_eq!(code(refused), expected);
                let refused = companion.connect_member_card(&account, Secret::from(key.as_str())).await;
                assert_eq!(code(refused), expected);
            }
            assert!(world.secrets.names().is_empty());
            assert_eq!(companion.get_wizard(&account).await.unwrap(), before);
            assert_eq!(companion.get_usage(&account).await.unwrap(), None);
            assert!(!companion.get_member_card(&account).await.unwrap().connected);
        }
    }
    world.secrets.fail(None);
    companion.save_login(&account, Secret::from(EMAIL), Secret::from(PASSWORD)).await.unwrap();
    companion.connect_app_secret(&account, &app_id, Secret::from(secret)).await.unwrap();
    companion.connect_member_card(&account, Secret::from(key)).await.unwrap();
    assert_eq!(world.secrets.names().len(), 3);
}

#[tokio::test]
async fn a_failed_sync_keeps_the_figures_and_says_what_happened() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    world.fault("/wxa/charge/usage/get", json!({ "kind": "errcode", "errcode": 48001 }), None).await;
    let refused = companion.report(&companion.sync_usage(&account).await.unwrap_err());
    assert_eq!(refused.code, ErrorCode::NotPermitted);
    let usage = companion.get_usage(&account).await.unwrap().unwrap();
    assert_eq!(usage.remaining.value, 806);
    // The same reference on the page and in the log.
    assert_eq!(usage.sync.error, Some(refused));
    assert!(usage.sync.last_ok.is_some());
    world.no_faults().await;
    let usage = companion.sync_usage(&account).await.unwrap();
    assert_eq!(usage.sync.error, None);
}

#[tokio::test]
async fn a_stale_token_is_renewed_once() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    let before = world.calls("/cgi-bin/stable_token").await;
    world.fault("/wxa/charge/usage/get", json!({ "kind": "errcode", "errcode": 42001 }), Some(1)).await;
    companion.sync_usage(&account).await.unwrap();
    assert_eq!(world.calls("/cgi-bin/stable_token").await, before + 1);
    // Still stale after the renewal: no loop.
    world.fault("/wxa/charge/usage/get", json!({ "kind": "errcode", "errcode": 40001 }), None).await;
    assert_eq!(code(companion.sync_usage(&account).await), ErrorCode::TokenStale);
    assert_eq!(world.calls("/cgi-bin/stable_token").await, before + 2);
}

#[tokio::test]
async fn many_who_ask_at_once_share_one_reading() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    let before = world.calls("/wxa/charge/usage/get").await;
    let tokens = world.calls("/cgi-bin/stable_token").await;
    world.fault("/wxa/charge/usage/get", json!({ "kind": "delay", "millis": 200 }), Some(1)).await;
    let asked: Vec<_> = (0..20)
        .map(|_| {
            let (companion, account) = (companion.clone(), account.clone());
            tokio::spawn(async move { companion.sync_usage(&account).await })
        })
        .collect();
    for answer in asked {
        assert_eq!(answer.await.unwrap().unwrap().remaining.value, 806);
    }
    assert_eq!(world.calls("/wxa/charge/usage/get").await, before + 1);
    assert_eq!(world.calls("/cgi-bin/stable_token").await, tokens);
}

#[tokio::test]
async fn the_login_is_refused_before_it_is_kept() {
    let world = World::new().await;
    let companion = world.open().await;
    let account = paying(&companion).await;
    let weak = companion.save_login(&account, Secret::from(EMAIL), Secret::from("password1")).await;
    assert_eq!(code(weak), ErrorCode::PasswordWeak);
    let bad = companion.save_login(&account, Secret::from("jinwei"), Secret::from(PASSWORD)).await;
    assert_eq!(code(bad), ErrorCode::EmailInvalid);
    assert_eq!(code(companion.confirm_login_set(&account).await), ErrorCode::LoginMissing);
    let missing = companion.login_secret(&account, companion::api::LoginField::Email).await;
    assert_eq!(code(missing), ErrorCode::LoginMissing);
    assert!(world.secrets.names().is_empty());
}
