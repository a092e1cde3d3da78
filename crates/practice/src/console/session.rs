//! The cookie of the console: HttpOnly, SameSite=Strict, known to the database only as a hash.

use crate::model::Program;
use crate::pages::{PageError, go_to};
use crate::platform::Platform;
use crate::store::programs;
use crate::store::sessions::{self, Stage};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

const COOKIE: &str = "practice_session";

/// Where to go when nothing better is known: 付费管理.
pub(crate) const HOME: &str = "/wxamp/wxacharge";

/// The cookie that came with a request.
pub(crate) fn cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned())
}

/// Continues at an address with this cookie. An empty one removes it.
pub(crate) fn go_with_cookie(address: &str, id: &str) -> Response {
    let mut response = go_to(address);
    let life = if id.is_empty() { "; Max-Age=0" } else { "" };
    if let Ok(value) =
        HeaderValue::from_str(&format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Strict{life}"))
    {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

/// Where to continue after signing in: a path of the console, never anything else.
pub(crate) fn safe_redirect(asked: Option<&str>) -> &str {
    match asked {
        Some(path)
            if path.starts_with("/wxamp/")
                && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
                && !path.contains("//") =>
        {
            path
        }
        Some(_) | None => HOME,
    }
}

/// An address with one query parameter.
pub(crate) fn with_redirect(path: &str, redirect: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("redirect_url", redirect);
    format!("{path}?{}", query.finish())
}

/// How far the caller's sign-in has come.
pub(crate) async fn stage(platform: &Platform, headers: &HeaderMap) -> Result<Option<Stage>, PageError> {
    let Some(id) = cookie(headers) else { return Ok(None) };
    Ok(platform.read(move |connection, _, _| sessions::find(connection, &id)).await?)
}

/// Whoever is signed in, with their mini-program. Everybody else is sent to the sign-in page.
#[derive(Debug)]
pub(crate) struct SignedIn(pub(crate) Program);

/// Why there is no session.
#[derive(Debug)]
pub(crate) enum NotSignedIn {
    SendTo(String),
    Failed(PageError),
}

impl IntoResponse for NotSignedIn {
    fn into_response(self) -> Response {
        match self {
            Self::SendTo(address) => go_to(&address),
            Self::Failed(error) => error.into_response(),
        }
    }
}

impl FromRequestParts<Arc<Platform>> for SignedIn {
    type Rejection = NotSignedIn;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, NotSignedIn> {
        let id = cookie(&parts.headers);
        let program = platform
            .read(move |connection, _, _| {
                let stage = match id {
                    Some(id) => sessions::find(connection, &id)?,
                    None => None,
                };
                match stage {
                    Some(Stage::SignedIn(app_id)) => programs::find(connection, &app_id),
                    Some(Stage::Password(_) | Stage::Scanned) | None => Ok(None),
                }
            })
            .await
            .map_err(|error| NotSignedIn::Failed(error.into()))?;
        program.map(Self).ok_or_else(|| {
            // A form cannot be continued after signing in; its page can.
            let asked = (parts.method == Method::GET).then(|| parts.uri.path());
            NotSignedIn::SendTo(with_redirect("/cgi-bin/loginpage", safe_redirect(asked)))
        })
    }
}
