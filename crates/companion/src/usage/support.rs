//! What WeChat's support asks for: how often the interface may be called, and what became of a call.

use std::sync::Arc;

use crate::api::{ApiQuotaView, CallReportView, ErrorCode, Instant};
use crate::context::Context;
use crate::error::Error;
use crate::wechat_auth::caller::Caller;
use crate::wechat_auth::token_cache::Tokens;
use crate::wechat_auth::tokens::ask_wechat;

/// The interface the application lives on.
const USAGE_PATH: &str = "/wxa/charge/usage/get";

/// How often usage may still be read today. Errors: `no_usage_yet` where WeChat is not asked for this account,
/// everything WeChat can say, `keyring_…`.
pub(crate) async fn get_api_quota(
    context: &Context,
    tokens: &Arc<Tokens>,
    account: &str,
) -> Result<ApiQuotaView, Error> {
    let caller = caller(context, account).await?;
    let asked = ask_wechat(context, tokens, &caller, |wechat, token| async move {
        wechat.api_quota(&token, USAGE_PATH).await
    });
    let quota = asked.await?;
    Ok(ApiQuotaView {
        daily: quota.daily,
        used: quota.used,
        remaining: quota.remaining,
        read_at: Instant(context.now(caller.environment)),
    })
}

/// What became of the call with WeChat's reference `rid`, which stands in the error it ended with. WeChat keeps its
/// records for seven days. Errors: `call_unknown`, and those of [`get_api_quota`].
pub(crate) async fn get_call_report(
    context: &Context,
    tokens: &Arc<Tokens>,
    account: &str,
    rid: &str,
) -> Result<CallReportView, Error> {
    let caller = caller(context, account).await?;
    let rid = rid.trim();
    let asked =
        ask_wechat(
            context,
            tokens,
            &caller,
            |wechat, token| async move { wechat.call_report(&token, rid).await },
        );
    let report = asked.await?;
    Ok(CallReportView {
        rid: rid.to_owned(),
        called_at: Instant(report.called_at),
        took_millis: report.took.and_then(|took| u64::try_from(took.as_millis()).ok()),
        path: report.path,
        errcode: report.errcode,
        client_ip: report.client_ip.map(|ip| ip.to_string()),
    })
}

async fn caller(context: &Context, account: &str) -> Result<Caller, Error> {
    let account = context.account(account).await?;
    let connection = context.snapshot(&account.id).await?.connection;
    let caller = connection.and_then(|connection| Caller::of(&account, &connection));
    caller.ok_or_else(|| Error::refused(ErrorCode::NoUsageYet))
}
