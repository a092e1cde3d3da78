//! `api.weixin.qq.com`: HTTP 200 always, `errcode` in the body, `rid` at the end of every error message **W**.
//!
//! [`INTERFACES`] is the list of all of them. Every call goes the same way: the verb, who calls ([`caller`]), how often
//! ([`meter`]), the handler; a refusal is written down under its `rid` for seven days ([`crate::store::rids`]).

mod call;
mod caller;
mod context;
pub(crate) mod error;
pub(crate) mod meter;
mod openapi;
mod phone_number;
mod platform_token;
mod provider;
mod token;
pub(crate) mod usage;

use crate::faults::Fault;
use crate::ids;
use crate::model::{Kind, PHONE_NUMBER};
use crate::platform::Platform;
use crate::store::rids;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use call::Call;
use caller::{Caller, Speaks};
use context::{Context, Reply};
use error::{ApiError, Stop};
use std::sync::Arc;

/// Who answers a call.
#[derive(Clone, Copy)]
enum Handler {
    /// The handler finds out itself who calls, by AppID and AppSecret.
    Open(fn(&mut Context<'_>, &Call) -> Reply),
    /// The caller shows a token.
    Signed(Speaks, fn(&mut Context<'_>, &Call, &Caller) -> Reply),
}

/// One interface of the platform.
pub(crate) struct Interface {
    pub(crate) path: &'static str,
    verb: Method,
    handler: Handler,
}

const fn get(path: &'static str, handler: Handler) -> Interface {
    Interface { path, verb: Method::GET, handler }
}

const fn post(path: &'static str, handler: Handler) -> Interface {
    Interface { path, verb: Method::POST, handler }
}

/// Every interface, with who may call it **W** (docs/wechat.md §4.3).
pub(crate) static INTERFACES: [Interface; 19] = [
    get("/cgi-bin/token", Handler::Open(token::plain)),
    post("/cgi-bin/stable_token", Handler::Open(token::stable)),
    get("/wxa/charge/usage/get", Handler::Signed(Speaks::MiniProgram, usage::detail)),
    get("/wxa/charge/usage/get_recent_average", Handler::Signed(Speaks::MiniProgram, usage::average)),
    post(
        "/wxa/charge/service-provider/order/query_list",
        Handler::Signed(Speaks::Provider, provider::order_list),
    ),
    get("/wxa/charge/service-provider/order/get", Handler::Signed(Speaks::Provider, provider::order)),
    get(
        "/wxa/charge/service-provider/package/get_convertible_skus",
        Handler::Signed(Speaks::Provider, provider::convertible_skus),
    ),
    post(provider::ASSIGN, Handler::Signed(Speaks::Provider, provider::assign)),
    post(provider::CANCEL, Handler::Signed(Speaks::Provider, provider::cancel_assign)),
    get("/wxa/charge/service-provider/usage/get", Handler::Signed(Speaks::Provider, provider::usage)),
    post(PHONE_NUMBER, Handler::Signed(Speaks::MiniProgram, phone_number::exchange)),
    post("/cgi-bin/clear_quota", Handler::Signed(Speaks::Anyone, openapi::clear_all)),
    post("/cgi-bin/clear_quota/v2", Handler::Open(openapi::clear_all_by_secret)),
    post("/cgi-bin/openapi/quota/get", Handler::Signed(Speaks::Anyone, openapi::quota)),
    post("/cgi-bin/openapi/quota/clear", Handler::Signed(Speaks::Anyone, openapi::clear_one)),
    post("/cgi-bin/openapi/rid/get", Handler::Signed(Speaks::Anyone, openapi::rid)),
    post("/cgi-bin/callback/check", Handler::Signed(Speaks::Anyone, openapi::callback_check)),
    post(platform_token::COMPONENT_TOKEN, Handler::Open(platform_token::component)),
    post(
        "/cgi-bin/component/api_authorizer_token",
        Handler::Signed(Speaks::Platform, platform_token::authorizer),
    ),
];

/// The path of every interface.
pub(crate) fn paths() -> impl Iterator<Item = &'static str> {
    INTERFACES.iter().map(|interface| interface.path)
}

/// The interface at a path.
pub(crate) fn interface(path: &str) -> Option<&'static Interface> {
    INTERFACES.iter().find(|interface| interface.path == path)
}

pub(crate) fn routes() -> Router<Arc<Platform>> {
    INTERFACES.iter().fold(Router::new(), |router, interface| {
        let serve = move |State(platform): State<Arc<Platform>>, request: Request| async move {
            serve(platform, interface, Call::read(request).await).await
        };
        router.route(interface.path, any(serve))
    })
}

async fn serve(platform: Arc<Platform>, interface: &'static Interface, call: Call) -> Response {
    let platform_of = Arc::clone(&platform);
    let answered = platform
        .write(move |connection, accounts, now| {
            let mut context = Context { platform: &platform_of, connection, accounts, now, account: None };
            match interface.answer(&mut context, &call) {
                Ok(body) => Ok(body),
                Err(Stop::Refused(error)) => {
                    let rid = ids::rid(now);
                    let body = error.body(&rid).to_string();
                    let refused = rids::Refused {
                        app_id: context.account.as_deref(),
                        cost: call.started.elapsed(),
                        parameters: &call.parameters,
                        body: &call.body,
                        peer: call.peer,
                        response: &body,
                    };
                    rids::keep(connection, &rid, &refused, now)?;
                    Ok(body)
                }
                Err(Stop::Store(error)) => Err(error),
            }
        })
        .await;
    // Nothing can be written down when the store itself fails.
    let busy = || ApiError::of(-1).body(&ids::rid(platform.clock.now())).to_string();
    json(answered.unwrap_or_else(|_| busy()))
}

impl Interface {
    fn answer(&self, context: &mut Context<'_>, call: &Call) -> Reply {
        let planned = match call.fault {
            Some(Fault::Errcode { errcode }) => Some(ApiError::of(errcode)),
            _ => None,
        };
        if planned.is_none() && call.method != self.verb {
            return Err(ApiError::of(self.wrong_verb()).into());
        }
        match self.handler {
            Handler::Open(handle) => match planned {
                Some(planned) => Err(planned.into()),
                None => handle(context, call),
            },
            Handler::Signed(speaks, handle) => {
                let caller = caller::identify(context, call);
                if let Some(planned) = planned {
                    return Err(planned.into());
                }
                let caller = caller?;
                speaks.admit(context, &caller)?;
                context.platform.meter.count(&caller.app_id, self.path, context.now)?;
                handle(context, call, &caller)
            }
        }
    }

    fn wrong_verb(&self) -> i64 {
        match self.verb {
            // Only these two list a code of their own.
            _ if self.path == provider::ASSIGN || self.path == provider::CANCEL => 10_120_405,
            Method::GET => 43_001,
            _ => 43_002,
        }
    }

    /// Whether an account of this kind can call it at all.
    fn serves(&self, kind: Kind) -> bool {
        match self.handler {
            Handler::Open(_) => true,
            Handler::Signed(speaks, _) => speaks.serves(kind),
        }
    }
}

fn json(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
}
