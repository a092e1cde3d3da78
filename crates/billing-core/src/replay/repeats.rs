//! Which ids of a history occur again.
//!
//! Keeping every id to look it up costs more memory than anything else in a long history, and a look-up at a random place
//! in memory costs more time than charging does. So one pass gathers a hash of each id – eight bytes, in order – and
//! sorts them: only ids whose hash occurs twice have to be compared as text, and as a rule there are none.

use crate::account::EventId;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Gathers the ids of a history.
#[derive(Debug, Default)]
pub(super) struct Ids {
    hashes: Vec<u64>,
}

fn hash(id: &EventId) -> u64 {
    // Two equal hashes of different ids only cost a comparison, so nobody gains from making them.
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

impl Ids {
    pub(super) fn add(&mut self, id: &EventId) {
        self.hashes.push(hash(id));
    }

    pub(super) fn repeats(self) -> Repeats {
        let Self { mut hashes } = self;
        hashes.sort_unstable();
        let mut doubtful: Vec<u64> = hashes
            .windows(2)
            .filter_map(|pair| {
                if let [a, b] = pair
                    && a == b
                {
                    Some(*a)
                } else {
                    None
                }
            })
            .collect();
        doubtful.dedup();
        Repeats { doubtful }
    }
}

/// The ids of a history that may occur more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repeats {
    /// Their hashes, sorted.
    doubtful: Vec<u64>,
}

impl Repeats {
    /// Walks through the history from its beginning.
    pub(super) fn walk(&self) -> Walk<'_> {
        Walk { doubtful: &self.doubtful, seen: HashSet::new() }
    }
}

/// A walk through a history, in the order in which events are applied.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    doubtful: &'a [u64],
    seen: HashSet<EventId>,
}

impl Walk<'_> {
    /// Whether the next event has an id that came before.
    #[inline]
    pub(super) fn is_repeat(&mut self, id: &EventId) -> bool {
        !self.doubtful.is_empty() && self.was_seen(id)
    }

    #[inline(never)]
    fn was_seen(&mut self, id: &EventId) -> bool {
        self.doubtful.binary_search(&hash(id)).is_ok() && !self.seen.insert(id.clone())
    }
}
