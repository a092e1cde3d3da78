//! Practice time, moved by hand.

use crate::customers::time;
use crate::pages::{Page, PageError, go_to};
use crate::platform::{NotMoved, Platform};
use axum::extract::{Form, State};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

const HOUR: u64 = 3_600;

/// Steps of practice time: seconds, words, test id.
const STEPS: [(u64, &str, &str); 4] = [
    (HOUR, "1 小时", "hour"),
    (24 * HOUR, "1 天", "day"),
    (7 * 24 * HOUR, "7 天", "week"),
    (30 * 24 * HOUR, "30 天", "month"),
];

/// Buttons that move practice time; the page they stand on comes again.
pub(super) fn clock_form(here: &str) -> Markup {
    html! {
        form class="inline" method="post" action="/practice/clock" {
            input type="hidden" name="back" value=(here);
            span { "往前拨" }
            @for (seconds, name, id) in STEPS {
                button class="small" name="seconds" value=(seconds) data-testid={ "dashboard.clock." (id) } { (name) }
            }
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Step {
    seconds: u64,
    #[serde(default)]
    back: String,
}

/// Moves practice time.
pub(super) async fn clock(State(platform): State<Arc<Platform>>, Form(step): Form<Step>) -> Page {
    let own = step.back.starts_with("/practice/account/") && !step.back.contains("//");
    let back = if own { step.back.as_str() } else { "/" };
    match time::advance(&platform, Duration::from_secs(step.seconds)).await {
        // Too far: the clock stays, and the page shows it.
        Ok(_) | Err(NotMoved::TooFar(_)) => Ok(go_to(back)),
        Err(NotMoved::Store(error)) => Err(PageError::from(error)),
    }
}
