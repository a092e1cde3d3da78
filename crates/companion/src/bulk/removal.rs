//! Removing a service provider: its AppSecret leaves the keyring, what it handed on stays on record.

use std::sync::Arc;

use crate::api::{ErrorCode, ProviderView, Tag};
use crate::bulk::allocation::is_unsettled;
use crate::bulk::provider::{find_provider, get_providers};
use crate::context::Context;
use crate::error::Error;
use crate::keychain::intent_of;
use crate::secrets::SecretKind;
use crate::store::{allocations, secret_intents};
use crate::wechat_auth::token_cache::Tokens;

/// Removes a provider, and answers with those that are left. Connected once more it is another one.
///
/// # Errors
/// `not_found`; `allocations_open` while the outcome of one of its allocations is not known; `keyring_…`. It is still there
/// then.
pub(crate) async fn remove_provider(
    context: &Context,
    tokens: &Arc<Tokens>,
    provider: &str,
) -> Result<Vec<ProviderView>, Error> {
    // Nothing is handed on or taken back meanwhile.
    let _lock = context.lock_for(provider).await;
    let found = find_provider(context, provider).await?;
    let (environment, now) = (found.environment, context.now(found.environment));
    let intent = intent_of(environment, &found.id, SecretKind::AppSecret);
    let (id, noted) = (found.id.clone(), intent.clone());
    let write = context.store.write_ledger(move |db| {
        if allocations::of(db, &id)?.iter().any(|one| is_unsettled(one.state)) {
            return Ok(false);
        }
        secret_intents::note(db, &noted)?;
        allocations::set_provider_removed(db, &id, Some(now))?;
        Ok(true)
    });
    if !write.await? {
        return Err(Error::refused(ErrorCode::AllocationsOpen));
    }
    if let Err(error) = context.remove_secrets(environment, &found.id).await {
        let id = found.id;
        let back = context.store.write_ledger(move |db| {
            secret_intents::settle(db, &intent)?;
            allocations::set_provider_removed(db, &id, None)
        });
        back.await?;
        return Err(error);
    }
    context.settle(intent).await;
    tokens.forget(&found.id);
    context.changed_everywhere(&[Tag::Bulk]);
    get_providers(context).await
}
