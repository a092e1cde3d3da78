//! How a page is laid out, and whether everybody can use it: asked in the page itself.

use std::{fs, path::Path};

use fantoccini::Locator;

use super::Driver;

/// What axe finds, one line a violation.
const RUN_AXE: &str = "const done = arguments[arguments.length - 1]; \
    axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => done( \
        violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.html.slice(0, 200)).join(' | '))), \
        (error) => done([String(error)]));";

/// What reaches further to the right than the window, if the page scrolls that way, and what makes the document higher
/// than the window: a page has one scroller of its own, and the document is never scrolled.
const OUTSIDE_WINDOW: &str = "const done = arguments[arguments.length - 1]; \
    const page = document.scrollingElement; \
    if (page.scrollHeight > innerHeight) done(['height ' + page.scrollHeight + ' > ' + innerHeight, \
        ...[...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().bottom > innerHeight + 1 \
            && (!one.offsetParent || one.offsetParent === document.body)).slice(0, 3).map((one) => one.outerHTML.slice(0, 200))]); \
    done(page.scrollWidth <= page.clientWidth ? [] : [page.scrollWidth + ' > ' + page.clientWidth, \
        ...[...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > page.clientWidth + 1) \
        .slice(0, 3).map((one) => one.outerHTML.slice(0, 200))]);";

/// How many pixels of the page lie below the window, or below the part of it that scrolls furthest.
const BELOW: &str = "const scrolls = (one) => /auto|scroll/.test(getComputedStyle(one).overflowY); \
    const parts = [document.scrollingElement, ...[...document.querySelectorAll('body *')].filter(scrolls)]; \
    arguments[0]([String(Math.max(...parts.map((one) => one.scrollHeight - one.clientHeight)))]);";
/// No page is higher, and no display of ours.
const HIGHEST: u32 = 12_000;

impl Driver {
    /// Makes the window as high as its page, so that nothing is left to scroll to.
    pub(crate) async fn show_whole(&self, (width, mut height): (u32, u32)) {
        let mut before = u32::MAX;
        loop {
            let below = self.lines(BELOW).await.concat().parse().unwrap_or_default();
            // What stays as it is has a height of its own.
            if below == 0 || below >= before {
                return;
            }
            before = below;
            height = (height + below).min(HIGHEST);
            self.show_room((width, height)).await;
        }
    }

    /// Violations that axe-core finds on the page in front, each with the elements.
    pub(crate) async fn axe(&self) -> Vec<String> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/node_modules/axe-core/axe.min.js");
        let axe = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.lines(&format!("if (!window.axe) {{ {axe}; }} {RUN_AXE}")).await
    }

    /// What makes the document scroll, to any side.
    pub(crate) async fn outside_window(&self) -> Vec<String> {
        self.lines(OUTSIDE_WINDOW).await
    }

    /// The first test id that begins so.
    pub(crate) async fn find_like(&self, beginning: &str) -> String {
        self.all_like(beginning).await.into_iter().next().expect("a test id")
    }

    /// Every test id that begins so.
    pub(crate) async fn all_like(&self, beginning: &str) -> Vec<String> {
        self.lines(&format!(
            "arguments[0]([...document.querySelectorAll('[data-testid^=\"{beginning}\"]')] \
             .map((one) => one.dataset.testid))"
        ))
        .await
    }

    /// The lines that a script answers.
    pub(crate) async fn lines(&self, script: &str) -> Vec<String> {
        serde_json::from_value(self.execute_async(script).await).expect("lines")
    }

    /// Gives the page this much room, whatever the frame around it takes.
    pub(crate) async fn show_room(&self, (width, height): (u32, u32)) {
        let frame = self.lines("arguments[0]([innerWidth, innerHeight, outerWidth - innerWidth, outerHeight - innerHeight].map(String))").await;
        let [now_wide, now_high, wide, high] =
            [0, 1, 2, 3].map(|place| frame[place].parse::<u32>().unwrap_or_default());
        if (now_wide, now_high) == (width, height) {
            return;
        }
        self.resize(width + wide, height + high).await;
        self.see_room((width, height)).await;
    }

    /// Waits until the page has this much room, in its own pixels.
    async fn see_room(&self, (width, height): (u32, u32)) {
        let room = format!("innerWidth === {width} && innerHeight === {height}");
        self.see_true(&format!("room of {width} x {height}"), &room).await;
    }

    /// The same for its width alone, which zooming rounds.
    pub(crate) async fn see_wide(&self, width: u32) {
        self.see_true(&format!("room {width} wide"), &format!("Math.abs(innerWidth - {width}) < 2")).await;
    }

    async fn see_true(&self, what: &str, condition: &str) {
        let script = format!("arguments[0]({condition})");
        self.until(what, async || {
            Ok(self.client.execute_async(&script, vec![]).await?.as_bool().and_then(|is| is.then_some(())))
        })
        .await;
    }

    /// Leaves the page for another.
    pub(crate) async fn go_to(&self, address: &str) {
        self.call(address, self.client.goto(address)).await;
    }

    /// Waits until a dialog is open.
    pub(crate) async fn see_dialog(&self) {
        self.until("a dialog", async || {
            Ok(self.client.find_all(Locator::Css("[role=dialog]")).await?.pop().map(drop))
        })
        .await;
    }
}
