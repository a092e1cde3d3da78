//! What the settings page changes: the name of an account, putting it aside, and removing it with everything it has.

use std::sync::Arc;

use crate::accounts::start::given_name;
use crate::api::{
    ErrorCode, Instant, ManagedAccountView, Money, ProxyChoice, QuietHoursView, SettingsView, Tag,
};
use crate::context::{Context, JobKey};
use crate::error::Error;
use crate::guard::lease::end_with_account;
use crate::infra::jobs::Attempt;
use crate::purchasing::purchase::watch_if_waiting;
use crate::settings::{backup, proxy};
use crate::store::accounts::{self, Account};
use crate::store::answers::{self, Answers};
use crate::store::connections::{self, Connection};
use crate::store::settings::{
    READ_EVERY, WARN_DAYS, errand_price, forget_active, quiet_hours, read_every, warn_days,
};
use crate::store::{StoreError, parting};
use crate::usage::state::Usage;
use crate::wechat_auth::token_cache::Tokens;

/// What the pages of one account show comes from these.
const OF_AN_ACCOUNT: [Tag; 5] = [Tag::App, Tag::Wizard, Tag::Usage, Tag::Purchase, Tag::MemberCard];

/// Accounts, archived ones too, the proxy, and where the files are.
pub(crate) async fn get_settings(context: &Context) -> Result<SettingsView, Error> {
    let home = context.setup.paths.home().display().to_string();
    let read = context.store.ledger(|db| {
        let (mut answers, mut connections) = (answers::all(db)?, connections::all(db)?);
        let with_member_card = connections::with_member_card(db)?;
        let accounts = accounts::stored(db)?.into_iter().map(|account| {
            let answers = answers.remove(&account.id).unwrap_or_else(|| Answers::fresh(&account.id));
            let has_member_card = with_member_card.contains(&account.id);
            let connection = connections.remove(&account.id);
            managed(account, &answers, connection, has_member_card)
        });
        Ok((
            accounts.collect(),
            proxy::stored(db)?,
            errand_price(db)?,
            read_every(db)?,
            warn_days(db)?,
            quiet_hours(db)?,
        ))
    });
    let (accounts, proxy, errand_price, read_every, warn_days, quiet) = read.await?;
    Ok(SettingsView {
        accounts,
        proxy: ProxyChoice::from(&proxy),
        errand_price: Money(errand_price),
        read_every,
        read_every_choices: READ_EVERY.to_vec(),
        warn_days: u32::from(warn_days),
        warn_days_choices: WARN_DAYS.map(u32::from).to_vec(),
        quiet_hours: quiet.map(|hours| QuietHoursView { from: hours.from, to: hours.to }),
        home,
    })
}

/// Calls an account something else. Errors: `name_empty`, `not_found`.
pub(crate) async fn set_account_name(
    context: &Context,
    account: &str,
    name: &str,
) -> Result<SettingsView, Error> {
    let name = given_name(name)?;
    let found = context.account(account).await?;
    let write = context.store.write_ledger(move |db| accounts::rename(db, &found.id, &name));
    write.await?;
    context.changed(account, &OF_AN_ACCOUNT);
    get_settings(context).await
}

/// Puts an account aside, or takes it up again. Archived, it is in no list and no sync; nothing of it is lost.
pub(crate) async fn archive_account(
    context: &Context,
    account: &str,
    archived: bool,
) -> Result<SettingsView, Error> {
    let found = context.account(account).await?;
    let (id, at) = (found.id.clone(), archived.then(|| context.setup.clock.now()));
    context.store.write_ledger(move |db| accounts::archive(db, &id, at)).await?;
    if archived {
        end_with_account(context, &found).await?;
    }
    context.changed(account, &OF_AN_ACCOUNT);
    get_settings(context).await
}

/// Takes an account out of sight. Nothing is destroyed before [`finish_removal`] is called, or the
/// application starts again. Errors: `not_found`.
pub(crate) async fn remove_account(context: &Context, account: &str) -> Result<SettingsView, Error> {
    let found = context.account(account).await?;
    let (id, now) = (account.to_owned(), context.setup.clock.now());
    let was_there = context.store.write_ledger(move |db| accounts::set_leaving(db, &id, Some(now))).await?;
    if !was_there {
        return Err(Error::refused(ErrorCode::NotFound));
    }
    end_with_account(context, &found).await?;
    context.changed(account, &OF_AN_ACCOUNT);
    get_settings(context).await
}

/// Brings a removed account back as it was. Errors: `not_found` when it is too late.
pub(crate) async fn restore_account(
    context: &Context,
    usage: &Arc<Usage>,
    account: &str,
) -> Result<SettingsView, Error> {
    // Whoever destroys it is either done or has not begun.
    let _lock = context.lock_for(account).await;
    let id = account.to_owned();
    let was_there = context.store.write_ledger(move |db| accounts::set_leaving(db, &id, None)).await?;
    if !was_there {
        return Err(Error::refused(ErrorCode::NotFound));
    }
    watch_if_waiting(context, usage, account).await;
    context.changed(account, &OF_AN_ACCOUNT);
    get_settings(context).await
}

/// Destroys a removed account: what the keyring holds for it, its console's profile, its readings, and last its
/// place in the ledger, so that an interruption is made up for at the next start. An account that is not on its way
/// out is left alone.
///
/// # Errors
/// `keyring_…`, `disk_…`; everything that was left is still removed later.
pub(crate) async fn finish_removal(
    context: &Context,
    tokens: &Arc<Tokens>,
    account: &str,
) -> Result<(), Error> {
    let _lock = context.lock_for(account).await;
    let leaving = context.store.ledger(|db| accounts::leaving(db)).await?;
    let Some(found) = leaving.into_iter().find(|one| one.id == account) else { return Ok(()) };
    destroy(context, tokens, &found).await
}

async fn destroy(context: &Context, tokens: &Arc<Tokens>, account: &Account) -> Result<(), Error> {
    context.remove_secrets(account.environment, &account.id).await?;
    tokens.forget(&account.id);
    let profile = context.setup.paths.profile(&account.id);
    let gone = tokio::task::spawn_blocking(move || std::fs::remove_dir_all(profile)).await;
    match gone.map_err(|stopped| StoreError::Unexpected(stopped.to_string()))? {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(StoreError::from(error).into());
        }
        _ => {}
    }
    let id = account.id.clone();
    context.store.cache(move |db| parting::forget(db, &id)).await?;
    let id = account.id.clone();
    let write = context.store.write_ledger(move |db| {
        parting::forget(db, &id)?;
        forget_active(db, &id)?;
        accounts::delete(db, &id)
    });
    write.await?;
    context.store.empty_logs().await?;
    backup::replace(context).await?;
    tracing::info!(account = %account.id, "removed with everything it had");
    context.changed(&account.id, &OF_AN_ACCOUNT);
    Ok(())
}

/// Makes up for removals that were interrupted, and for readings that came in after their account had gone.
pub(crate) async fn resume_removals(context: &Context, tokens: &Arc<Tokens>) -> Result<(), Error> {
    let (ids, leaving) = context.store.ledger(|db| Ok((accounts::ids(db)?, accounts::leaving(db)?))).await?;
    context.store.cache(move |db| parting::keep_only(db, &ids)).await?;
    // The keyring may ask the person to unlock it: the start does not wait for that.
    for account in leaving {
        let backoff = context.backoff(account.environment, context.now(account.environment));
        let tokens = Arc::clone(tokens);
        context.start_job(JobKey::Removal(account.id.clone()), backoff, move |context| {
            let (id, tokens) = (account.id.clone(), Arc::clone(&tokens));
            async move {
                match finish_removal(&context, &tokens, &id).await {
                    Ok(()) => Attempt::Done,
                    Err(error) => Attempt::Again(Some(error)),
                }
            }
        });
    }
    Ok(())
}

fn managed(
    account: Account,
    answers: &Answers,
    connection: Option<Connection>,
    has_member_card: bool,
) -> ManagedAccountView {
    ManagedAccountView {
        name: account.name,
        environment: account.environment,
        created_at: Instant(account.created_at),
        archived_at: account.archived_at.map(Instant),
        wizard_at: answers.finished_at.is_none().then_some(answers.at),
        source: connection.as_ref().map(|connection| connection.source),
        app_id: connection.and_then(|connection| connection.app_id),
        has_login: answers.login_saved_at.is_some(),
        has_member_card,
        id: account.id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{AccountKind, Environment, Language};
    use crate::app::Companion;
    use crate::clients::wechat::Token;
    use crate::context::{Platforms, Setup};
    use crate::paths::Paths;
    use crate::ports::{Clock as _, SystemClock, SystemRandomness, SystemTimer};
    use crate::secrets::{MemorySecrets, Secret};
    use crate::wechat_auth::token_cache::Held;
    use std::time::Duration;

    /// It works for two hours, and nothing outside shows that it is there.
    #[tokio::test]
    async fn the_token_of_a_removed_account_goes_from_memory() {
        let home = tempfile::tempdir().unwrap();
        let setup = Setup {
            paths: Paths::new(home.path()),
            platforms: Platforms::default(),
            secrets: Arc::new(MemorySecrets::default()),
            clock: Arc::new(SystemClock),
            timer: Arc::new(SystemTimer),
            randomness: Arc::new(SystemRandomness),
            tables: Arc::new(crate::infra::tables::InProcess),
            language: Language::Zh,
            words: crate::channels::words::MessageWords::default(),
            version: "0.0.0-test".to_owned(),
        };
        let companion = Companion::open(setup).await.unwrap();
        let account = companion
            .start_account(Environment::Live, AccountKind::MiniProgram, "晋味小馆")
            .await
            .unwrap()
            .account;
        let token = Token { value: Secret::from("token-1"), expires_in: Duration::from_hours(2) };
        let tokens = &companion.tokens;
        tokens.hold(&account, Held::new(token, SystemClock.now()));
        companion.remove_account(&account).await.unwrap();
        assert!(tokens.usable(&account, SystemClock.now()).is_some(), "it can come back");
        companion.finish_removal(&account).await.unwrap();
        assert!(tokens.usable(&account, SystemClock.now()).is_none());
    }
}
