//! An empty Tauri window: what `cargo xtask bench startup` compares the app's start with.
//!
//! Writes the instant of its first painted content (milliseconds since 1970) to the file named by
//! `COMPANION_REPORT_FIRST_CONTENT` and ends.

use std::{borrow::Cow, time::SystemTime};

use tauri::{
    WebviewUrl, WebviewWindowBuilder,
    http::{Request, Response, StatusCode},
};

/// Asks for `/shown` after the second frame, as the app's own start does.
const PAGE: &str = "<!doctype html><meta charset=utf-8><p>·</p><script>\
    requestAnimationFrame(() => requestAnimationFrame(() => fetch('/shown')))</script>";

fn answer(request: &Request<Vec<u8>>) -> Response<Cow<'static, [u8]>> {
    let shown = request.uri().path() == "/shown";
    if shown && let Some(file) = std::env::var_os("COMPANION_REPORT_FIRST_CONTENT") {
        let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_millis());
        std::process::exit(i32::from(std::fs::write(file, now.to_string()).is_err()));
    }
    let mut response = Response::new(Cow::Borrowed(PAGE.as_bytes()));
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert("Content-Type", "text/html".parse().unwrap_or_else(|_| unreachable!()));
    response
}

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .register_uri_scheme_protocol("empty", |_, request| answer(&request))
        .setup(|app| {
            let url = "empty://localhost/".parse()?;
            WebviewWindowBuilder::new(app, "main", WebviewUrl::CustomProtocol(url))
                .inner_size(1280.0, 800.0) // as the app's: a larger window takes longer to paint
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
}
