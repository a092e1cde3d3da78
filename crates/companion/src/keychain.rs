//! Secrets, stored so that nothing is half done: a secret and the ledger's word about it come and go together. Before the
//! keyring is touched the ledger notes the entry, so that what an interruption leaves there is removed at the next start.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use crate::api::Environment;
use crate::context::{Context, JobKey};
use crate::error::Error;
use crate::infra::backoff::Backoff;
use crate::infra::blocking::run_blocking;
use crate::infra::jobs::Attempt;
use crate::secrets::{Secret, SecretError, SecretKind, SecretName, SecretStore};
use crate::store::accounts::{self, Account};
use crate::store::secret_intents::{self, SecretIntent};
use crate::store::secret_owners::{self, SecretOwners};
use crate::store::{Db, StoreError, allocations, channels};

impl Context {
    /// The keyring may ask the person to unlock it, so it is spoken to on a blocking thread.
    async fn at_keyring<T: Send + 'static>(
        &self,
        act: impl FnOnce(&dyn SecretStore) -> Result<T, SecretError> + Send + 'static,
    ) -> Result<T, Error> {
        let secrets = Arc::clone(&self.setup.secrets);
        Ok(run_blocking(move || act(secrets.as_ref())).await??)
    }

    pub(crate) async fn secret(
        &self,
        account: &Account,
        kind: SecretKind,
    ) -> Result<Option<Secret<String>>, Error> {
        self.secret_named(SecretName::new(account.environment, &account.id, kind)).await
    }

    pub(crate) async fn secret_named(&self, name: SecretName) -> Result<Option<Secret<String>>, Error> {
        self.at_keyring(move |secrets| secrets.get(&name)).await
    }

    /// Writes a secret, also over one that is there.
    pub(crate) async fn set_secret(&self, name: SecretName, secret: Secret<String>) -> Result<(), Error> {
        self.at_keyring(move |secrets| secrets.set(&name, &secret)).await
    }

    pub(crate) async fn remove_secret(&self, name: SecretName) -> Result<(), Error> {
        self.at_keyring(move |secrets| secrets.remove(&name)).await
    }

    /// Removes everything the keyring holds for an account.
    pub(crate) async fn remove_secrets(&self, environment: Environment, owner: &str) -> Result<(), Error> {
        let names = SecretKind::ALL.map(|kind| SecretName::new(environment, owner, kind));
        self.at_keyring(move |secrets| names.iter().try_for_each(|name| secrets.remove(name))).await
    }

    /// Keeps a secret, then runs `record`; when that fails, what was there before comes back. A caller that goes away
    /// does not stop it half-way, and what the end of the process leaves is removed at the next start.
    pub(crate) async fn keep_secret<F>(
        &self,
        account: &Account,
        kind: SecretKind,
        secret: Secret<String>,
        record: impl FnOnce(Context) -> F + Send + 'static,
    ) -> Result<(), Error>
    where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let context = self.clone();
        let intent = intent_of(account.environment, &account.id, kind);
        let name = SecretName::new(account.environment, &account.id, kind);
        let work = tokio::spawn(async move {
            let noted = intent.clone();
            context.store.write_ledger(move |db| secret_intents::note(db, &noted)).await?;
            let target = name.clone();
            let written = context
                .at_keyring(move |secrets| {
                    let before = secrets.get(&target)?;
                    secrets.set(&target, &secret)?;
                    Ok(before)
                })
                .await;
            let before = match written {
                Ok(before) => before,
                Err(error) => {
                    if !may_have_written(&error) {
                        context.settle(intent).await;
                    }
                    return Err(error);
                }
            };
            let Err(error) = record(context.clone()).await else {
                context.settle(intent).await;
                return Ok(());
            };
            let restored = context
                .at_keyring(move |secrets| match before {
                    Some(before) => secrets.set(&name, &before),
                    None => secrets.remove(&name),
                })
                .await;
            if restored.is_ok() {
                context.settle(intent).await;
            } else {
                tracing::error!(kind = ?kind, "the keyring could not be put back");
            }
            Err(error)
        });
        work.await.map_err(|stopped| Error::from(StoreError::Unexpected(stopped.to_string())))?
    }

    /// What was noted has come to its end. One that stays noted is looked at again at the next start.
    pub(crate) async fn settle(&self, intent: SecretIntent) {
        if let Err(error) = self.store.write_ledger(move |db| secret_intents::settle(db, &intent)).await {
            self.report(&error.into());
        }
    }
}

/// A keyring that is locked or absent has written nothing.
pub(crate) fn may_have_written(error: &Error) -> bool {
    !matches!(error, Error::Secrets(SecretError::Locked | SecretError::Absent))
}

pub(crate) fn intent_of(environment: Environment, owner: &str, kind: SecretKind) -> SecretIntent {
    let (owner, kind) = (owner.to_owned(), kind.name().to_owned());
    SecretIntent { owner, kind, environment: Some(environment) }
}

pub(crate) fn intent_of_channel(channel: &str) -> SecretIntent {
    let (owner, kind) = (channel.to_owned(), SecretKind::Channel.name().to_owned());
    SecretIntent { owner, kind, environment: None }
}

fn name_of(intent: &SecretIntent) -> Result<SecretName, StoreError> {
    let Some(environment) = intent.environment else { return Ok(SecretName::of_channel(&intent.owner)) };
    match SecretKind::named(&intent.kind) {
        Some(kind) => Ok(SecretName::new(environment, &intent.owner, kind)),
        None => Err(StoreError::UnknownWord { table: "secret_intents", row: intent.owner.clone() }),
    }
}

/// Removes from the keyring what an interruption left there, in the background: a locked keyring asks the person to unlock
/// it, and the start does not wait for that. While it stays locked, the rest waits for the next start.
pub(crate) async fn resume(context: &Context) -> Result<(), Error> {
    // Read before anything new is noted: those are not left over.
    let left = context.store.ledger(|db| secret_intents::all(db)).await?;
    if left.is_empty() {
        return Ok(());
    }
    let clock = Arc::clone(&context.setup.clock);
    context.start_job(JobKey::LeftSecrets, Backoff::since(clock.now(), clock), move |context| {
        let left = left.clone();
        async move {
            match remove_left(&context, left).await {
                Ok(()) => Attempt::Done,
                Err(error) if error.is_of_keyring() => {
                    context.report(&error);
                    Attempt::Done
                }
                Err(error) => Attempt::Again(Some(error)),
            }
        }
    });
    Ok(())
}

/// What belongs to an owner that is there is left alone: the owner's own removal takes it along.
async fn remove_left(context: &Context, left: Vec<SecretIntent>) -> Result<(), Error> {
    let write = context.store.write_ledger(move |db| {
        let known = known_owners(db)?;
        let (settled, orphans): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|intent| known.contains(&intent.owner));
        settled.iter().try_for_each(|intent| secret_intents::settle(db, intent))?;
        Ok(orphans)
    });
    for intent in write.await? {
        let name = name_of(&intent)?;
        context.at_keyring(move |secrets| secrets.remove(&name)).await?;
        context.store.write_ledger(move |db| secret_intents::settle(db, &intent)).await?;
        tracing::info!("a secret that an interruption left in the keyring was removed");
    }
    Ok(())
}

/// Ids of everybody whose secrets the application may still need; those of accounts on their way out too.
fn known_owners(db: &Db<'_>) -> Result<HashSet<String>, StoreError> {
    let mut known = accounts::ids(db)?;
    known.extend(allocations::providers(db)?.into_iter().map(|provider| provider.id));
    known.extend(channels::all(db)?.into_iter().map(|channel| channel.id));
    Ok(known)
}

/// Removes every entry of this home from the keyring, before the home itself goes: of accounts, archived ones and those on
/// their way out too, of service providers, removed ones too, of channels, and what an interruption left; also of those
/// that stand in a backup alone. Changes no file. Answers how many owners that were.
///
/// # Errors
/// `keyring_…`: the others are removed all the same, unless the keyring stays locked or is absent. `disk_…`,
/// `database_damaged`.
pub(crate) async fn forget_secrets(context: &Context) -> Result<usize, Error> {
    let paths = context.setup.paths.clone();
    let mut ledgers = run_blocking(move || secret_owners::of_backups(&paths)).await??;
    ledgers.push(context.store.ledger(|db| secret_owners::all(db)).await?);
    let mut entries: BTreeMap<String, BTreeSet<SecretName>> = BTreeMap::new();
    for (owner, name) in ledgers.iter().map(entries_of).collect::<Result<Vec<_>, _>>()?.into_iter().flatten()
    {
        entries.entry(owner).or_default().insert(name);
    }
    let owners = entries.len();
    let remove_all = move |secrets: &dyn SecretStore| {
        let mut outcome = Ok(());
        for name in entries.values().flatten() {
            match secrets.remove(name) {
                Err(SecretError::Failed) => outcome = Err(SecretError::Failed),
                removed => removed?,
            }
        }
        outcome
    };
    context.at_keyring(remove_all).await?;
    Ok(owners)
}

/// Every name that the keyring may know, with its owner.
fn entries_of(owners: &SecretOwners) -> Result<Vec<(String, SecretName)>, StoreError> {
    let of_accounts = owners.accounts.iter().map(|account| (&account.id, account.environment));
    let of_providers = owners.providers.iter().map(|provider| (&provider.id, provider.environment));
    let mut entries = Vec::new();
    for (owner, environment) in of_accounts.chain(of_providers) {
        let names = SecretKind::ALL.map(|kind| SecretName::new(environment, owner, kind));
        entries.extend(names.into_iter().map(|name| (owner.clone(), name)));
    }
    let channels = owners.channels.iter();
    entries.extend(channels.map(|channel| (channel.id.clone(), SecretName::of_channel(&channel.id))));
    for intent in &owners.intents {
        entries.push((intent.owner.clone(), name_of(intent)?));
    }
    Ok(entries)
}

#[cfg(test)]
mod tests;
