//! Secrets, stored so that nothing is half done: a secret and the ledger's word about it come and go together.

use std::sync::Arc;

use crate::api::Environment;
use crate::context::Context;
use crate::error::Error;
use crate::infra::blocking::run_blocking;
use crate::secrets::{Secret, SecretError, SecretKind, SecretName, SecretStore};
use crate::store::StoreError;
use crate::store::accounts::Account;

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
        self.secret_of(account.environment, &account.id, kind).await
    }

    pub(crate) async fn secret_of(
        &self,
        environment: Environment,
        owner: &str,
        kind: SecretKind,
    ) -> Result<Option<Secret<String>>, Error> {
        let name = SecretName::new(environment, owner, kind);
        self.at_keyring(move |secrets| secrets.get(&name)).await
    }

    /// Writes a secret over the one that is there.
    pub(crate) async fn replace_secret(
        &self,
        environment: Environment,
        owner: &str,
        kind: SecretKind,
        secret: Secret<String>,
    ) -> Result<(), Error> {
        let name = SecretName::new(environment, owner, kind);
        self.at_keyring(move |secrets| secrets.set(&name, &secret)).await
    }

    /// Removes everything the keyring holds for an account.
    pub(crate) async fn remove_secrets(&self, environment: Environment, owner: &str) -> Result<(), Error> {
        let names = SecretKind::ALL.map(|kind| SecretName::new(environment, owner, kind));
        self.at_keyring(move |secrets| names.iter().try_for_each(|name| secrets.remove(name))).await
    }

    /// What the keyring holds for a channel.
    pub(crate) async fn channel_secret(&self, channel: &str) -> Result<Option<Secret<String>>, Error> {
        let name = SecretName::of_channel(channel);
        self.at_keyring(move |secrets| secrets.get(&name)).await
    }

    pub(crate) async fn set_channel_secret(
        &self,
        channel: &str,
        secret: Secret<String>,
    ) -> Result<(), Error> {
        let name = SecretName::of_channel(channel);
        self.at_keyring(move |secrets| secrets.set(&name, &secret)).await
    }

    pub(crate) async fn remove_channel_secret(&self, channel: &str) -> Result<(), Error> {
        let name = SecretName::of_channel(channel);
        self.at_keyring(move |secrets| secrets.remove(&name)).await
    }

    /// Keeps a secret, then runs `record`; when that fails, what was there before comes back. A caller that goes away
    /// does not stop it half-way.
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
        let name = SecretName::new(account.environment, &account.id, kind);
        let work = tokio::spawn(async move {
            let target = name.clone();
            let before = context
                .at_keyring(move |secrets| {
                    let before = secrets.get(&target)?;
                    secrets.set(&target, &secret)?;
                    Ok(before)
                })
                .await?;
            let Err(error) = record(context.clone()).await else { return Ok(()) };
            let restored = context
                .at_keyring(move |secrets| match before {
                    Some(before) => secrets.set(&name, &before),
                    None => secrets.remove(&name),
                })
                .await;
            if restored.is_err() {
                tracing::error!(kind = ?kind, "the keyring could not be put back");
            }
            Err(error)
        });
        work.await.map_err(|stopped| Error::from(StoreError::Unexpected(stopped.to_string())))?
    }
}
