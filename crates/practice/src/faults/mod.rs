//! Fault switches and call counters, for tests of the other side.
//!
//! Here is what can go wrong and how often; [`wire`] does it.

pub(crate) mod wire;

use axum::http::Uri;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What goes wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Fault {
    /// The answer is this error; nothing is done.
    Errcode { errcode: i64 },
    /// The answer is this HTTP status with a page that is no JSON; nothing is done.
    Status { status: u16 },
    /// The answer is 200 with a page that is no JSON; nothing is done.
    NotJson,
    /// The call is done, but the connection ends half-way through its answer.
    Truncated,
    /// The call is done; its answer arrives whole, but its JSON ends half-way.
    CutJson,
    /// The call is done; its answer says to be of this type.
    ContentType { content_type: String },
    /// The call is done, later: the first byte is slow.
    Delay { millis: u64 },
    /// The call is done; its answer takes that long, in pieces.
    SlowBody { millis: u64 },
    /// The answer is this much text; nothing is done.
    Huge { megabytes: u64 },
    /// The connection is reset; nothing is done.
    Reset,
    /// The connection is reset; the call arrives all the same, that much later, and is done.
    Adrift { millis: u64 },
    /// The call arrives twice and is done twice; the second answer is given.
    Twice,
    /// The call is done; the `Date` of its answer is that far off.
    Date { seconds: i64 },
    /// A token is handed out that says to live that long, whatever is true.
    ExpiresIn { seconds: i64 },
    /// The last row of a page stands in it twice; `total` may count it.
    DuplicateRows { counted: bool },
    /// From the second page on, rows have moved: forwards where one was added before (`by` is 1), backwards where one
    /// went (`by` is -1); `total` may show it. In lists asked for by address, first pages are passed over.
    MovingRows { by: i8, counted: bool },
    /// The allocation asked for is done that much later, by practice time.
    LateAllocation { seconds: u32 },
    /// The result of the allocation asked for is announced twice.
    AllocationToldTwice,
    /// The platform has no such call, as one that keeps to an older contract.
    NotOffered,
    /// The change of mode is answered as made, but nothing is changed.
    NoEffect,
}

impl Fault {
    /// Whether the shop's own backend gets a usable answer all the same.
    const fn passes(&self) -> bool {
        matches!(
            self,
            Self::Delay { .. } | Self::SlowBody { .. } | Self::ContentType { .. } | Self::Date { .. }
        )
    }

    /// Whether it can meet this call.
    fn meets(&self, uri: &Uri) -> bool {
        let first_page = || {
            let query = uri.query().unwrap_or_default();
            url::form_urlencoded::parse(query.as_bytes()).any(|pair| pair == ("offset".into(), "0".into()))
        };
        !matches!(self, Self::MovingRows { .. }) || !first_page()
    }
}

/// Longest delay and largest answer that can be asked for.
const DELAY_MAX: Duration = Duration::from_mins(10);
const MEGABYTES_MAX: u64 = 256;

#[derive(Debug)]
struct Switch {
    path: String,
    fault: Fault,
    /// How many calls it still meets; nothing means all.
    times: Option<u32>,
}

#[derive(Debug)]
pub(crate) struct Faults {
    /// Interfaces whose calls are counted and can fail.
    paths: Vec<&'static str>,
    switches: Mutex<Vec<Switch>>,
    calls: Mutex<BTreeMap<&'static str, u64>>,
}

impl Faults {
    /// Switches and counters of the interfaces at these paths.
    pub(crate) fn new(paths: impl IntoIterator<Item = &'static str>) -> Self {
        Self { paths: paths.into_iter().collect(), switches: Mutex::default(), calls: Mutex::default() }
    }

    /// The path as a constant, if calls of it are counted and can fail.
    pub(crate) fn known(&self, path: &str) -> Option<&'static str> {
        self.paths.iter().find(|known| **known == path).copied()
    }

    /// Adds a switch. Switches of one path act one after the other.
    pub(crate) fn add(&self, path: String, fault: Fault, times: Option<u32>) {
        let mut switches = self.switches.lock().unwrap_or_else(PoisonError::into_inner);
        switches.push(Switch { path, fault, times });
    }

    /// Removes every switch.
    pub(crate) fn clear(&self) {
        self.switches.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The fault of this call, which uses it up by one.
    fn take(&self, uri: &Uri) -> Option<Fault> {
        let mut switches = self.switches.lock().unwrap_or_else(PoisonError::into_inner);
        let meets = |switch: &Switch| switch.path == uri.path() && switch.fault.meets(uri);
        let index = switches.iter().position(meets)?;
        let switch = switches.get_mut(index)?;
        let fault = switch.fault.clone();
        if let Some(times) = &mut switch.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                switches.remove(index);
            }
        }
        Some(fault)
    }

    fn count(&self, path: &str) {
        if let Some(path) = self.known(path) {
            *self.calls.lock().unwrap_or_else(PoisonError::into_inner).entry(path).or_default() += 1;
        }
    }

    /// How often each path was called.
    pub(crate) fn calls(&self) -> Vec<(&'static str, u64)> {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.iter().map(|(path, count)| (*path, *count)).collect()
    }

    /// The same for practice traffic, which does not wait: a delayed answer arrives.
    pub(crate) fn backend_call_at_once(&self, path: &'static str) -> bool {
        self.count(path);
        self.take(&Uri::from_static(path)).is_none_or(|fault| fault.passes())
    }

    /// A call that the practice shop's own backend makes: counted, and subject to the same faults. Whether it gets
    /// its answer.
    pub(crate) async fn backend_call(&self, path: &'static str) -> bool {
        self.count(path);
        let fault = self.take(&Uri::from_static(path));
        if let Some(Fault::Delay { millis } | Fault::SlowBody { millis }) = fault {
            tokio::time::sleep(Duration::from_millis(millis).min(DELAY_MAX)).await;
        }
        fault.is_none_or(|fault| fault.passes())
    }
}
