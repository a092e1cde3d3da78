//! The keyboard alone: keys go to whatever has the focus, and every stop on the way has to be seen.

use std::time::{Duration, Instant};

use fantoccini::{
    actions::{InputSource as _, KeyAction, KeyActions},
    key::Key,
};
use serde::Deserialize;
use serde_json::json;

use super::{Driver, Hand, LOOK_AGAIN};
use crate::support::window;

/// Where the keyboard stands, and the key that leads nearer.
const STOP: &str = include_str!("stop.js");
/// Keys a person would press at most on the way from one thing on a page to another.
const REACH: usize = 60;
/// For what has just been scrolled or opened.
const SETTLE: Duration = Duration::from_secs(2);

/// One place where the focus stood.
#[derive(Debug, Deserialize)]
struct Stop {
    /// What stands there.
    name: String,
    next: Next,
    /// Why a person would not see the focus there.
    problem: String,
}

/// What to press next on the way to what is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Next {
    There,
    /// What is wanted is not on the page.
    Absent,
    Tab,
    Down,
    Up,
    Right,
    Left,
}

impl Next {
    fn keys(self) -> String {
        let key = match self {
            Self::There | Self::Absent => return String::new(),
            Self::Tab => Key::Tab,
            Self::Down => Key::Down,
            Self::Up => Key::Up,
            Self::Right => Key::Right,
            Self::Left => Key::Left,
        };
        char::from(key).to_string()
    }
}

impl Driver {
    /// Lets the window in front have the keyboard, as it would where a person goes from window to window.
    pub(super) async fn take_keyboard(&self) {
        let Hand::Keyboard { display } = &self.hand else { return };
        self.until("the window to have the keyboard", async || {
            if let Some(display) = display {
                window::focus(display, !self.is_own(&self.client.current_url().await?));
            }
            let has = self.client.execute("return document.hasFocus()", vec![]).await?;
            Ok((has == json!(true)).then_some(()))
        })
        .await;
    }

    /// Presses keys one after another, for whatever has the focus. A modifier holds until [`Key::Null`] or the end.
    pub(crate) async fn keys(&self, keys: &str) {
        let modifiers = [Key::Control, Key::Shift, Key::Alt, Key::Meta].map(char::from);
        let mut held = Vec::new();
        let mut actions = KeyActions::new("keyboard".to_owned());
        for value in keys.chars().chain([char::from(Key::Null)]) {
            if value == char::from(Key::Null) {
                for value in held.drain(..).rev() {
                    actions = actions.then(KeyAction::Up { value });
                }
            } else if modifiers.contains(&value) {
                held.push(value);
                actions = actions.then(KeyAction::Down { value });
            } else {
                actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
            }
        }
        self.call("keys", self.client.perform_actions(actions)).await;
    }

    /// Goes by Tab, and by arrows between choices that are one stop, until the focus is on it. Every stop has a ring and
    /// lies in sight.
    pub(crate) async fn tab_to(&self, testid: &str) {
        self.visible(testid).await;
        let mut stops = Vec::new();
        while stops.len() < REACH {
            let Stop { name, next, .. } = self.stop(testid).await;
            stops.push(name);
            if next == Next::There {
                return;
            }
            self.keys(&next.keys()).await;
            self.see_the_focus(testid).await;
        }
        self.give_up(&format!("{REACH} keys do not lead to {testid}: {}", stops.join(" → "))).await;
    }

    /// Goes there, one stop on, and back by Shift+Tab.
    pub(crate) async fn tab_past_and_back_to(&self, testid: &str) {
        self.tab_to(testid).await;
        self.keys(&Key::Tab.to_string()).await;
        self.until(&format!("the keyboard to leave {testid}"), async || {
            Ok((self.stop(testid).await.next != Next::There).then_some(()))
        })
        .await;
        self.keys(&format!("{}{}", Key::Shift, Key::Tab)).await;
        self.until(&format!("the keyboard to be back at {testid}"), async || {
            Ok((self.stop(testid).await.next == Next::There).then_some(()))
        })
        .await;
        self.see_the_focus(testid).await;
    }

    /// Goes there and presses it, by the key that does that.
    pub(super) async fn activate(&self, testid: &str) {
        self.tab_to(testid).await;
        let element = self.visible(testid).await;
        let role = self.call(testid, element.attr("role")).await;
        let kind = self.call(testid, element.attr("type")).await;
        let ticks = ["radio", "checkbox"].map(Some);
        let by_space = ticks.contains(&role.as_deref()) || ticks.contains(&kind.as_deref());
        self.keys(&if by_space { " ".to_owned() } else { Key::Enter.to_string() }).await;
    }

    /// Goes through a list by arrows until it stands on the option with this value.
    pub(super) async fn arrow_to(&self, testid: &str, value: &str) {
        self.tab_to(testid).await;
        let away = format!(
            "const list = document.activeElement; \
             arguments[0](String([...list.options].findIndex((one) => one.value === {}) - list.selectedIndex))",
            json!(value)
        );
        let away = self.execute_async(&away).await;
        let away: isize = away.as_str().and_then(|steps| steps.parse().ok()).expect("a list has the focus");
        let key = if away < 0 { Key::Up } else { Key::Down };
        self.keys(&char::from(key).to_string().repeat(away.unsigned_abs())).await;
        self.see_value(testid, value).await;
    }

    async fn stop(&self, testid: &str) -> Stop {
        let answer = self.call(testid, self.client.execute_async(STOP, vec![json!(testid)])).await;
        serde_json::from_value(answer).expect("a stop of the keyboard")
    }

    /// Fails unless a person sees where the keyboard stands now.
    async fn see_the_focus(&self, testid: &str) {
        let deadline = Instant::now() + SETTLE;
        loop {
            let Stop { name, problem, .. } = self.stop(testid).await;
            if problem.is_empty() {
                return;
            }
            if Instant::now() > deadline {
                self.give_up(&format!("on the way to {testid} the keyboard stands on {name}: {problem}"))
                    .await;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
}
