//! What a person does to the window in front, by pointer or by keyboard alone: the same verbs for both.

use fantoccini::{elements::Element, error::CmdError, key::Key};

use super::{Driver, passes};

/// What a person works the windows with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hand {
    Pointer,
    /// No click, no key sent to an element, no focus given by a script: only keys for whatever has the focus.
    Keyboard {
        /// Where the windows are that take turns at having it; without one, each thinks that it has it.
        display: Option<String>,
    },
}

impl Driver {
    /// Presses it, as soon as it is there and can be pressed.
    pub(crate) async fn click(&self, testid: &str) {
        if self.hand != Hand::Pointer {
            self.until(&format!("{testid} to take a key"), async || self.pressable(testid).await).await;
            return self.activate(testid).await;
        }
        self.until(&format!("{testid} to take a click"), async || {
            let Some(element) = self.pressable(testid).await? else { return Ok(None) };
            self.press_pointer(&element).await.map(Some)
        })
        .await;
    }

    /// Presses what closes its own window.
    pub(crate) async fn click_away(&self, testid: &str) {
        self.until(&format!("{testid} to take a click"), async || {
            let Some(element) = self.pressable(testid).await? else { return Ok(None) };
            match self.press_pointer(&element).await {
                Err(error) if error.is_no_such_window() => Ok(Some(())),
                other => other.map(Some),
            }
        })
        .await;
    }

    /// Clicks if it is there now: what it does the app may just have done by itself.
    pub(crate) async fn click_if_there(&self, testid: &str) {
        let click = async {
            let Some(element) = self.pressable(testid).await? else { return Ok(()) };
            self.press_pointer(&element).await
        };
        let forgiven = async {
            match click.await {
                Err(error) if passes(&error) => Ok(()),
                other => other,
            }
        };
        self.call(testid, forgiven).await;
    }

    /// Replaces what stands in a field by typing.
    pub(crate) async fn fill(&self, testid: &str, text: &str) {
        let everything = format!("{}a{}", Key::Control, Key::Null);
        let delete = Key::Delete.to_string();
        if self.hand != Hand::Pointer {
            self.tab_to(testid).await;
            let field = self.visible(testid).await;
            if self.call(testid, field.prop("value")).await.as_deref() != Some(text) {
                self.keys(&[&everything, &delete, text].concat()).await;
            }
            return self.see_value(testid, text).await;
        }
        self.until(&format!("{testid} to take its text"), async || {
            let Some(field) = self.shown(testid).await? else { return Ok(None) };
            if field.prop("value").await?.as_deref() == Some(text) {
                return Ok(Some(()));
            }
            self.press_pointer(&field).await?;
            field.send_keys(&everything).await?;
            field.send_keys(&delete).await?;
            field.send_keys(text).await?;
            Ok((field.prop("value").await?.as_deref() == Some(text)).then_some(()))
        })
        .await;
    }

    /// Chooses an option of a list by its value.
    pub(crate) async fn choose(&self, testid: &str, value: &str) {
        if self.hand != Hand::Pointer {
            return self.arrow_to(testid, value).await;
        }
        self.until(&format!("{testid} to offer {value}"), async || {
            let Some(list) = self.shown(testid).await? else { return Ok(None) };
            list.select_by_value(value).await?;
            Ok((list.prop("value").await?.as_deref() == Some(value)).then_some(()))
        })
        .await;
    }

    /// Sends keys to an element.
    pub(crate) async fn press(&self, testid: &str, keys: &str) {
        if self.hand != Hand::Pointer {
            self.tab_to(testid).await;
            return self.keys(keys).await;
        }
        let element = self.visible(testid).await;
        self.call(testid, element.send_keys(keys)).await;
    }

    /// Ticks a box if it is not ticked.
    pub(crate) async fn tick(&self, testid: &str) {
        if self.hand != Hand::Pointer {
            self.tab_to(testid).await;
            let field = self.visible(testid).await;
            if !self.call(testid, field.is_selected()).await {
                self.keys(" ").await;
            }
        }
        self.until(&format!("{testid} to be ticked"), async || {
            let Some(field) = self.shown(testid).await? else { return Ok(None) };
            if !field.is_selected().await? && self.hand == Hand::Pointer {
                self.press_pointer(&field).await?;
            }
            Ok(field.is_selected().await?.then_some(()))
        })
        .await;
    }

    async fn pressable(&self, testid: &str) -> Result<Option<Element>, CmdError> {
        let Some(element) = self.shown(testid).await? else { return Ok(None) };
        let refuses = element.attr("aria-disabled").await?.as_deref() == Some("true");
        Ok((!refuses && element.is_enabled().await?).then_some(element))
    }

    /// A click on what is first scrolled into view: the driver scrolls only what lies outside the window, not what
    /// lies under the page's own foot.
    async fn press_pointer(&self, element: &Element) -> Result<(), CmdError> {
        let argument = serde_json::to_value(element)?;
        self.client.execute("arguments[0].scrollIntoView({ block: 'center' })", vec![argument]).await?;
        element.click().await
    }
}
