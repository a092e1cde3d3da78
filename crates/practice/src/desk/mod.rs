//! The start page and the page of each account: what there is, where it is, and how to bring things about by hand.
//!
//! For whoever tries the app, and for people who develop mini-programs and want to see 1400001 before they have used up
//! a thousand calls of their own.

mod account;
mod provider;
mod start;

use crate::pages::{Page, PageError, go_to};
use crate::platform::{NotMoved, Platform};
use axum::Router;
use axum::extract::{Form, State};
use axum::routing::{get, post};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

pub(crate) fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/", get(start::page))
        .route("/practice/clock", post(clock))
        .route("/practice/provider", get(provider::page))
        .route("/practice/provider/secret", post(provider::secret))
        .route("/practice/provider/order", post(provider::order))
        .route("/practice/account/{app_id}", get(account::page))
        .route("/practice/account/{app_id}/customers", post(account::customers))
        .route("/practice/account/{app_id}/use-up", post(account::use_up))
        .route("/practice/account/{app_id}/traffic", post(account::traffic))
}

const HOUR: u64 = 3_600;

/// Steps of practice time: seconds, words, test id.
const STEPS: [(u64, &str, &str); 4] = [
    (HOUR, "1 小时", "hour"),
    (24 * HOUR, "1 天", "day"),
    (7 * 24 * HOUR, "7 天", "week"),
    (30 * 24 * HOUR, "30 天", "month"),
];

/// Buttons that move practice time; the page they stand on comes again.
fn clock_form(here: &str) -> Markup {
    html! {
        form class="inline" method="post" action="/practice/clock" {
            input type="hidden" name="back" value=(here);
            span { "往前拨" }
            @for (seconds, name, id) in STEPS {
                button class="small" name="seconds" value=(seconds) data-testid={ "desk.clock." (id) } { (name) }
            }
        }
    }
}

#[derive(Debug, Deserialize)]
struct Step {
    seconds: u64,
    #[serde(default)]
    back: String,
}

async fn clock(State(platform): State<Arc<Platform>>, Form(step): Form<Step>) -> Page {
    let own = step.back.starts_with("/practice/account/") && !step.back.contains("//");
    let back = if own { step.back.as_str() } else { "/" };
    match platform.advance(Duration::from_secs(step.seconds)).await {
        // Too far: the clock stays, and the page shows it.
        Ok(_) | Err(NotMoved::TooFar(_)) => Ok(go_to(back)),
        Err(NotMoved::Store(error)) => Err(PageError::from(error)),
    }
}
