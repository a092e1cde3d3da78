//! Taking an allocation back: one call, and what its answer tells.

use std::sync::Arc;

use crate::api::ErrorCode;
use crate::bulk::provider::caller;
use crate::bulk::state::Bulk;
use crate::clients::wechat::ALLOCATION_PENDING;
use crate::clients::{ClientError, Wechat};
use crate::context::Context;
use crate::error::Error;
use crate::secrets::Secret;
use crate::store::allocations::{Allocation, Provider};
use crate::wechat_auth::token_cache::Tokens;
use crate::wechat_auth::tokens::ask_wechat;

/// What WeChat says to taking an allocation back.
pub(super) enum TakingBack {
    /// It was asked a moment ago for the first time in this run, and has not had the time for it.
    JustAsked,
    Asked,
    /// It has something under way with the allocation.
    UnderWay(Error),
    Refused(Error),
}

/// Asks WeChat to take an allocation back. Errors: those that leave open whether it heard of it.
pub(super) async fn ask_to_cancel(
    context: &Context,
    bulk: &Arc<Bulk>,
    provider: &Provider,
    allocation: &Allocation,
) -> Result<TakingBack, Error> {
    match send_cancel(context, &bulk.usage.tokens, provider, allocation).await {
        Ok(()) if bulk.is_just_asked(&allocation.id, context.now(provider.environment)) => {
            Ok(TakingBack::JustAsked)
        }
        Ok(()) => Ok(TakingBack::Asked),
        Err(error) if is_under_way(&error) => Ok(TakingBack::UnderWay(error)),
        Err(error) if refuses_the_call(&error) => Ok(TakingBack::Refused(error)),
        Err(error) => Err(error),
    }
}

async fn send_cancel(
    context: &Context,
    tokens: &Arc<Tokens>,
    provider: &Provider,
    allocation: &Allocation,
) -> Result<(), Error> {
    let (order, id) = (allocation.order_id.as_str(), allocation.id.as_str());
    let ask = |wechat: Wechat, token: Arc<Secret<String>>| async move {
        wechat.cancel_assign(&token, order, id).await
    };
    ask_wechat(context, tokens, &caller(provider), ask).await
}

/// WeChat has looked at the call and refuses it, by an errcode of the allocation interface.
pub(super) fn refuses_the_call(error: &Error) -> bool {
    let Error::Client { source: ClientError::Refused(refusal), .. } = error else { return false };
    matches!(
        refusal.code(),
        ErrorCode::NoRelationship
            | ErrorCode::OrderWrong
            | ErrorCode::PackNotAllocatable
            | ErrorCode::AllocationRefused
            | ErrorCode::AllocationCancelled
    )
}

/// "Under way" (docs/wechat.md §2.5), which is also the answer to a second call that takes back.
fn is_under_way(error: &Error) -> bool {
    let Error::Client { source: ClientError::Refused(refusal), .. } = error else { return false };
    refusal.errcode() == ALLOCATION_PENDING
}
