//! Who speaks to WeChat, and what proves it.

use crate::api::{Environment, UsageSource};
use crate::store::accounts::Account;
use crate::store::connections::Connection;

/// Who speaks to WeChat: a mini-program, or a service provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) environment: Environment,
    /// Names the caller's secrets and its token.
    pub(crate) id: String,
    pub(crate) app_id: String,
    pub(crate) credential: Credential,
}

/// What a caller gets its token for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credential {
    /// Its own AppSecret.
    AppSecret,
    /// The authorisation it gave a third-party platform.
    Authorisation,
}

impl Caller {
    pub(crate) fn new(account: &Account, app_id: &str, credential: Credential) -> Self {
        Self {
            environment: account.environment,
            id: account.id.clone(),
            app_id: app_id.to_owned(),
            credential,
        }
    }

    /// Who speaks to WeChat for a connected account; nobody where figures come another way.
    pub(crate) fn of(account: &Account, connection: &Connection) -> Option<Self> {
        let credential = match connection.source {
            UsageSource::AppSecret => Credential::AppSecret,
            UsageSource::Authorisation => Credential::Authorisation,
            UsageSource::MemberCard | UsageSource::TypedIn => return None,
        };
        Some(Self::new(account, connection.app_id.as_deref()?, credential))
    }
}
