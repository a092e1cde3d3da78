//! Pages for the application's own windows alone: other programs of this computer, and other people who use it, could
//! otherwise sign in, buy and move time here.
//!
//! A key made at every start stands in the address that a window is opened with. The first answer moves it into a cookie
//! and out of the address. Interfaces have keys of their own, and need none.

use crate::ids;
use crate::platform::Platform;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use url::{Url, form_urlencoded};

const NAME: &str = "practice-key";

/// A key of one start.
#[derive(Clone)]
pub(crate) struct PageKey(String);

impl PageKey {
    pub(crate) fn new() -> Self {
        Self(ids::secret())
    }

    /// The address with the key in it.
    pub(crate) fn put_into(&self, address: &mut Url) {
        address.query_pairs_mut().append_pair(NAME, &self.0);
    }

    fn opens(&self, given: &str) -> bool {
        ids::matches(given, &ids::digest_hex(&self.0))
    }

    fn is_in_cookies(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
        cookies
            .flat_map(|cookies| cookies.split(';'))
            .filter_map(|cookie| cookie.trim().strip_prefix(NAME)?.strip_prefix('='))
            .any(|given| self.opens(given))
    }

    /// The address without the key, where the key in it is the right one.
    fn taken_out(&self, address: &Uri) -> Option<String> {
        let pairs: Vec<_> = form_urlencoded::parse(address.query()?.as_bytes()).collect();
        let (keys, others): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == NAME);
        if !keys.iter().any(|(_, given)| self.opens(given)) {
            return None;
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(others).finish();
        let mark = if query.is_empty() { "" } else { "?" };
        Some(format!("{}{mark}{query}", address.path()))
    }
}

/// Lets requests with the key through, where there is one.
pub(crate) async fn check(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response {
    let Some(key) = &platform.page_key else { return next.run(request).await };
    if key.is_in_cookies(request.headers()) {
        return next.run(request).await;
    }
    match key.taken_out(request.uri()) {
        Some(address) if request.method() == Method::GET => {
            let cookie = format!("{NAME}={}; Path=/; HttpOnly; SameSite=Lax", key.0);
            (StatusCode::SEE_OTHER, [(header::LOCATION, address), (header::SET_COOKIE, cookie)])
                .into_response()
        }
        _ => {
            let said = "体验环境的页面只在验号管家自己的窗口里打开。\n\
                        Pages of the practice platform open in the app's own windows only.\n";
            (StatusCode::FORBIDDEN, said).into_response()
        }
    }
}
