//! How to hand a bulk order's calls on: to whoever runs dry first, as much as carries them through the time to cover.
//!
//! An allocation is one pack of a fixed size; there is no smaller one **W**. So an account gets as many packs of one kind
//! as leave the fewest calls over. Nobody gets part of what they need: a pool that cannot carry an account through goes
//! on to the next one that it can.

use crate::{Calls, CallsTotal, Days};

/// Days of a month, for a pace told by the month.
const MONTH_DAYS: u64 = 30;

/// Most packs one account gets in a plan: each is a call to WeChat of its own.
pub const PACKS_MAX: u64 = 20;

/// An account that could get calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receiver {
    /// Whole days until nothing is left, the cautious estimate; 0 is today. Nothing: not within any time that matters.
    pub dry_in_days: Option<u32>,
    /// Calls it makes a month, the upper end where only that is known.
    pub monthly: Calls,
}

/// A pack that the order can be turned into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetailPack {
    /// Calls of one pack, at least one.
    pub calls: Calls,
    /// Validity from allocation.
    pub days: Days,
}

/// What one account gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// It has enough for the time to cover.
    Enough,
    /// So many packs of this place in the list of packs.
    Packs {
        /// Which pack.
        pack: usize,
        /// How many, 1 to [`PACKS_MAX`].
        count: u64,
        /// Calls of all of them together.
        calls: Calls,
    },
    /// It runs dry, but what is left of the pool does not carry it through.
    PoolTooSmall,
    /// It runs dry, but no pack fits: too many would be needed, or there are none.
    NoPack,
}

/// A plan for the next `cover_days` days: each receiver's share, in the order given. Who runs dry first is served first;
/// of two on the same day, the one that needs less.
pub fn allocate(
    receivers: &[Receiver],
    packs: &[RetailPack],
    left: CallsTotal,
    cover_days: u32,
) -> Vec<Share> {
    let mut shares = vec![Share::Enough; receivers.len()];
    let mut queue: Vec<(u32, u64, usize)> = receivers
        .iter()
        .enumerate()
        .filter_map(|(place, receiver)| {
            let dry = receiver.dry_in_days.filter(|days| *days < cover_days)?;
            Some((dry, needed(receiver.monthly, cover_days.saturating_sub(dry)), place))
        })
        .collect();
    queue.sort_unstable();
    let mut left = left;
    for (_, need, place) in queue {
        let share = match best(packs, need, cover_days) {
            None => Share::NoPack,
            Some((_, _, calls)) if CallsTotal::from(calls) > left => Share::PoolTooSmall,
            Some((pack, count, calls)) => {
                left = left.saturating_sub(calls);
                Share::Packs { pack, count, calls }
            }
        };
        if let Some(slot) = shares.get_mut(place) {
            *slot = share;
        }
    }
    shares
}

/// Calls of so many days at a monthly pace, rounded up; at least one, for who runs dry is to get something.
fn needed(monthly: Calls, days: u32) -> u64 {
    monthly.get().saturating_mul(u64::from(days)).div_ceil(MONTH_DAYS).max(1)
}

/// The packs that leave the fewest calls over: of one kind, valid through the time to cover where there is such a kind.
/// Ties: fewer packs, then longer validity, then the earlier place.
fn best(packs: &[RetailPack], need: u64, cover_days: u32) -> Option<(usize, u64, Calls)> {
    let lasts = |pack: &RetailPack| u32::from(pack.days.get()) >= cover_days;
    let some_last = packs.iter().any(lasts);
    let usable = packs.iter().enumerate().filter(|(_, pack)| !some_last || lasts(pack));
    usable
        .filter_map(|(place, pack)| {
            let count = need.checked_next_multiple_of(pack.calls.get())?.checked_div(pack.calls.get())?;
            let calls = pack.calls.get().checked_mul(count).and_then(|calls| Calls::new(calls).ok())?;
            (count <= PACKS_MAX).then_some((calls, count, u16::MAX.saturating_sub(pack.days.get()), place))
        })
        .min()
        .map(|(calls, count, _, place)| (place, count, calls))
}
