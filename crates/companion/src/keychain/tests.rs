//! The end of the process between the keyring and the ledger.

use std::path::Path;

use testkit::until;

use super::*;
use crate::api::{AccountKind, ChannelKind, ErrorCode, Language};
use crate::channels::words::MessageWords;
use crate::clients::{Http, HttpLimits};
use crate::context::{Platforms, Setup};
use crate::paths::Paths;
use crate::ports::{Clock as _, SystemClock, SystemRandomness, SystemTimer};
use crate::secrets::{FailingSecrets, Failure};
use crate::store::Store;
use crate::store::allocations::Provider;
use crate::store::channels::Channel;

const PRACTICE: Environment = Environment::Practice;

fn account(id: &str) -> Account {
    Account {
        id: id.to_owned(),
        name: "晋味小馆".to_owned(),
        kind: AccountKind::MiniProgram,
        environment: PRACTICE,
        created_at: SystemClock.now(),
        archived_at: None,
    }
}

async fn opened(home: &Path, secrets: &Arc<FailingSecrets>) -> Context {
    let paths = Paths::new(home);
    // The one before may be about to free the home.
    until("the home is free", || async { Store::open(&paths).is_ok() }).await;
    let setup = Setup {
        paths: paths.clone(),
        platforms: Platforms::default(),
        secrets: Arc::clone(secrets) as Arc<_>,
        clock: Arc::new(SystemClock),
        timer: Arc::new(SystemTimer),
        randomness: Arc::new(SystemRandomness),
        tables: Arc::new(crate::infra::tables::InProcess),
        language: Language::Zh,
        words: MessageWords::default(),
        version: "0.0.0-test".to_owned(),
    };
    let store = Store::open(&paths).unwrap();
    let http = Http::new(HttpLimits::default()).unwrap();
    Context::new(setup, store, http, billing_core::Tariff::embedded().clone())
}

/// What a start does.
async fn resumed(context: &Context) {
    resume(context).await.unwrap();
    context.jobs.wait_for(&JobKey::LeftSecrets).await;
}

async fn noted(context: &Context) -> Vec<SecretIntent> {
    context.store.ledger(|db| secret_intents::all(db)).await.unwrap()
}

async fn keep(context: &Context, owner: &str, recorded: Result<(), Error>) -> Result<(), Error> {
    let record = move |_: Context| async move { recorded };
    context.keep_secret(&account(owner), SecretKind::AppSecret, Secret::from("secret"), record).await
}

/// Keeps a secret in a process that ends after the keyring has it and before the ledger does.
fn killed_before_the_record(home: &Path, secrets: &Arc<FailingSecrets>, owner: &'static str) {
    let process = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    process.block_on(async {
        let context = opened(home, secrets).await;
        tokio::spawn(async move {
            let record = |_: Context| std::future::pending();
            context.keep_secret(&account(owner), SecretKind::AppSecret, Secret::from("secret"), record).await
        });
        until("the keyring has it", || async { !secrets.names().is_empty() }).await;
    });
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(test);
}

#[test]
fn a_kill_between_keyring_and_record_leaves_no_secret() {
    let (home, secrets) = (tempfile::tempdir().unwrap(), Arc::new(FailingSecrets::new()));
    killed_before_the_record(home.path(), &secrets, "never-recorded");
    assert_eq!(secrets.names(), [SecretName::new(PRACTICE, "never-recorded", SecretKind::AppSecret)]);
    run(async {
        let context = opened(home.path(), &secrets).await;
        assert_eq!(noted(&context).await, [intent_of(PRACTICE, "never-recorded", SecretKind::AppSecret)]);
        resumed(&context).await;
        assert_eq!(secrets.names(), []);
        assert_eq!(noted(&context).await, []);
    });
}

#[test]
fn a_keyring_that_is_locked_at_the_start_is_tidied_at_the_next() {
    let (home, secrets) = (tempfile::tempdir().unwrap(), Arc::new(FailingSecrets::new()));
    killed_before_the_record(home.path(), &secrets, "never-recorded");
    run(async {
        let context = opened(home.path(), &secrets).await;
        secrets.fail(Some(Failure::Always(SecretError::Locked)));
        resumed(&context).await;
        assert_eq!((secrets.names().len(), noted(&context).await.len()), (1, 1));
        drop(context);
        secrets.fail(None);
        let context = opened(home.path(), &secrets).await;
        resumed(&context).await;
        assert_eq!((secrets.names().len(), noted(&context).await.len()), (0, 0));
    });
}

#[test]
fn what_a_known_owner_has_is_left_alone() {
    let (home, secrets) = (tempfile::tempdir().unwrap(), Arc::new(FailingSecrets::new()));
    killed_before_the_record(home.path(), &secrets, "account");
    run(async {
        let context = opened(home.path(), &secrets).await;
        let provider = Provider {
            id: "provider".to_owned(),
            name: "晋业微".to_owned(),
            environment: PRACTICE,
            app_id: "wxfacade00000000a1".to_owned(),
            connected_at: SystemClock.now(),
        };
        let channel = Channel {
            id: "channel".to_owned(),
            kind: ChannelKind::Webhook,
            label: String::new(),
            host: "hooks.example.com".to_owned(),
            is_on: true,
            added_at: SystemClock.now(),
        };
        let kinds = [("provider", Some(PRACTICE)), ("channel", None)];
        for (owner, environment) in kinds {
            let name = environment.map_or_else(
                || SecretName::of_channel(owner),
                |environment| SecretName::new(environment, owner, SecretKind::AppSecret),
            );
            secrets.set(&name, &Secret::from("secret")).unwrap();
        }
        let write = context.store.ledger(move |db| {
            accounts::insert(db, &account("account"))?;
            // On its way out, it may still be brought back.
            accounts::set_leaving(db, "account", Some(SystemClock.now()))?;
            allocations::add_provider(db, &provider)?;
            channels::insert(db, &channel)?;
            secret_intents::note(db, &intent_of(PRACTICE, "provider", SecretKind::AppSecret))?;
            secret_intents::note(db, &intent_of_channel("channel"))
        });
        write.await.unwrap();
        resumed(&context).await;
        assert_eq!(secrets.names().len(), 3, "{:?}", secrets.names());
        assert_eq!(noted(&context).await, []);
    });
}

#[tokio::test]
async fn nothing_stays_noted_of_what_came_to_its_end() {
    let (home, secrets) = (tempfile::tempdir().unwrap(), Arc::new(FailingSecrets::new()));
    let context = opened(home.path(), &secrets).await;
    keep(&context, "one", Ok(())).await.unwrap();
    let refused = keep(&context, "two", Err(Error::refused(ErrorCode::Internal))).await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::Internal);
    secrets.fail(Some(Failure::Always(SecretError::Locked)));
    assert_eq!(keep(&context, "three", Ok(())).await.unwrap_err().code(), ErrorCode::KeyringLocked);
    secrets.fail(None);
    assert_eq!(secrets.names(), [SecretName::new(PRACTICE, "one", SecretKind::AppSecret)]);
    assert_eq!(noted(&context).await, []);
}

/// The keyring may have written before it failed.
#[tokio::test]
async fn what_a_failing_keyring_may_have_written_is_removed_at_the_next_start() {
    let (home, secrets) = (tempfile::tempdir().unwrap(), Arc::new(FailingSecrets::new()));
    let context = opened(home.path(), &secrets).await;
    secrets.fail(Some(Failure::Writing(SecretKind::AppSecret, SecretError::Failed)));
    assert_eq!(keep(&context, "one", Ok(())).await.unwrap_err().code(), ErrorCode::KeyringFailed);
    secrets.fail(None);
    let name = SecretName::new(PRACTICE, "one", SecretKind::AppSecret);
    secrets.set(&name, &Secret::from("secret")).unwrap();
    resumed(&context).await;
    assert_eq!(secrets.names(), []);
    assert_eq!(noted(&context).await, []);
}
