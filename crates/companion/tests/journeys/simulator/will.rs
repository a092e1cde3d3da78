//! What the shop wanted, and what it was told.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use companion::api::AcquisitionMode;

/// How long after a press a change may still be made: ten minutes, and what a call that is under way takes.
const WANTED_FOR: TimeDelta = TimeDelta::minutes(11);

/// A press of the button that switches.
#[derive(Debug, Clone)]
pub(super) struct Press {
    pub(super) mode: AcquisitionMode,
    pub(super) at: DateTime<Utc>,
    /// When the shop wanted something else.
    pub(super) until: Option<DateTime<Utc>>,
}

#[derive(Debug, Default)]
pub(super) struct Will {
    pub(super) presses: Vec<Press>,
    /// Changes of mode that were said to be made.
    pub(super) switched: BTreeSet<String>,
    /// By batch: how many packs were picked.
    pub(super) batches: BTreeMap<String, u64>,
    /// Allocations that were said to be written down, by batch.
    pub(super) sent: BTreeMap<String, BTreeSet<String>>,
    /// Allocations that the shop took back or dropped.
    pub(super) taken_back: BTreeSet<String>,
    /// Allocations that were said to be dropped before they were sent.
    pub(super) dropped: BTreeSet<String>,
    /// Purchases that were said to be waited for.
    pub(super) begun: BTreeSet<String>,
    /// The one that is waited for was paid.
    pub(super) paid: Option<String>,
    /// The last name that was said to be kept, and those of which nothing was heard since.
    pub(super) names: Vec<String>,
}

impl Will {
    pub(super) fn press(&mut self, mode: AcquisitionMode, at: DateTime<Utc>) {
        self.changes_mind(at);
        self.presses.push(Press { mode, at, until: None });
    }

    /// Nothing that was wanted before is wanted any more.
    pub(super) fn changes_mind(&mut self, at: DateTime<Utc>) {
        for press in self.presses.iter_mut().filter(|press| press.until.is_none()) {
            press.until = Some(at);
        }
    }

    /// Whether a change that the platform made then was wanted then.
    pub(super) fn wanted(&self, mode: AcquisitionMode, at: DateTime<Utc>) -> bool {
        self.presses.iter().any(|press| {
            press.mode == mode
                && (press.at..=press.at + WANTED_FOR).contains(&at)
                && press.until.is_none_or(|until| at <= until)
        })
    }
}
