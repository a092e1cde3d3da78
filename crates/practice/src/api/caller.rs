//! Who calls: by AppID and AppSecret where tokens are handed out, by token everywhere else.

use super::call::Call;
use super::context::Context;
use super::error::{ApiError, Stop};
use crate::assumed::{FROZEN_ACCOUNT_CALLS, wrong_secret};
use crate::ids;
use crate::model::Kind;
use crate::store::agents;
use crate::store::credentials::{self, Restriction};
use crate::store::error::invalid_row;
use crate::store::tokens::{self, Presented};

/// An account that showed a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) app_id: String,
    pub(crate) kind: Kind,
    /// The third-party platform that acts for it, if one does.
    pub(crate) agent: Option<String>,
}

/// Who may call an interface **W**.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaks {
    /// A mini-program, or a third-party platform for it with [`PERMISSION_SET`].
    MiniProgram,
    /// A service provider itself; no platform calls for it.
    Provider,
    /// A third-party platform itself.
    Platform,
    /// Any account, also through a third-party platform with any permission set.
    Anyone,
}

/// What a mini-program has to grant a third-party platform for figures and numbers **W**.
pub(crate) const PERMISSION_SET: u32 = 18;

impl Speaks {
    pub(super) fn serves(self, kind: Kind) -> bool {
        match self {
            Self::MiniProgram => kind == Kind::MiniProgram,
            Self::Provider => kind == Kind::Provider,
            Self::Platform => kind == Kind::Platform,
            Self::Anyone => true,
        }
    }

    /// Lets a caller in, or says why not: 48001 for the wrong kind of token, 61003 and 61007 for a third-party platform
    /// without the authorisation **W**.
    pub(super) fn admit(self, context: &Context<'_>, caller: &Caller) -> Result<(), Stop> {
        if !self.serves(caller.kind) {
            return Err(ApiError::of(48_001).into());
        }
        if let Some(agent) = &caller.agent {
            let granted = agents::authorisation(context.connection, agent, &caller.app_id)?;
            let granted = granted.ok_or_else(|| ApiError::of(61_003))?;
            if self == Self::MiniProgram && !granted.permission_sets.contains(&PERMISSION_SET) {
                return Err(ApiError::of(61_007).into());
            }
        }
        if credentials::guard(context.connection, &caller.app_id)?.restriction == Some(Restriction::Frozen) {
            return Err(ApiError::of(FROZEN_ACCOUNT_CALLS).into());
        }
        Ok(())
    }
}

/// The account that the presented token speaks for.
pub(super) fn identify(context: &mut Context<'_>, call: &Call) -> Result<Caller, Stop> {
    let (held, refused) = match tokens::present(context.connection, call.token()?, context.now)? {
        Presented::Valid(held) => (held, None),
        Presented::Expired(held) => (held, Some(42_001)),
        Presented::Superseded(held) => (held, Some(40_001)),
        Presented::Unknown => return Err(ApiError::of(40_001).into()),
    };
    context.account = Some(held.app_id.clone());
    if let Some(errcode) = refused {
        return Err(ApiError::of(errcode).into());
    }
    let credential = credentials::find(context.connection, &held.app_id)?;
    let kind = credential.ok_or_else(|| invalid_row("a token of nobody"))?.kind;
    Ok(Caller { app_id: held.app_id, kind, agent: held.agent })
}

/// Who asks with an AppSecret, as far as they say.
pub(super) struct Asked {
    pub(super) app_id: Option<String>,
    pub(super) secret: Option<String>,
}

/// Checks AppID, IP whitelist and AppSecret, in this order; the answer is the AppID. The account has to be one of
/// the kinds that the interface at `path` is for.
pub(super) fn check_secret(
    context: &mut Context<'_>,
    call: &Call,
    path: &str,
    kinds: &[Kind],
    asked: Asked,
) -> Result<String, Stop> {
    let app_id = asked.app_id.ok_or_else(|| ApiError::of(41_002))?;
    let secret = asked.secret.ok_or_else(|| ApiError::of(41_004))?;
    let credential = credentials::find(context.connection, &app_id)?;
    let Some(credential) = credential.filter(|credential| kinds.contains(&credential.kind)) else {
        return Err(ApiError::of(40_013).into());
    };
    context.account = Some(app_id.clone());
    let guard = credentials::guard(context.connection, &app_id)?;
    if !guard.lets_in(call.peer) {
        return Err(not_in_whitelist(credential.kind, call).into());
    }
    match guard.restriction {
        Some(Restriction::Frozen) => return Err(ApiError::of(50_007).into()),
        Some(Restriction::TokensForbidden) => return Err(ApiError::of(50_004).into()),
        None => {}
    }
    if guard.is_secret_frozen(context.now) {
        return Err(ApiError::of(40_243).into());
    }
    // Before the first AppSecret is generated, every AppSecret is wrong.
    match credential.secret_hash {
        Some(stored) if ids::matches(&secret, &stored) => Ok(app_id),
        _ => Err(ApiError::of(wrong_secret(path, &secret)).into()),
    }
}

/// 40164 with the address, in the form seen **C**; 61004 for a third-party platform **W**.
fn not_in_whitelist(kind: Kind, call: &Call) -> ApiError {
    match kind {
        Kind::Platform => ApiError::of(61_004),
        Kind::MiniProgram | Kind::Provider => {
            ApiError::with(40_164, format!("invalid ip {0} ipv6 ::ffff:{0}, not in whitelist", call.peer))
        }
    }
}
