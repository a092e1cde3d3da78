//! Packs against each other, whatever the shop uses: which are never worth buying, and from how many calls one pays.

use crate::Yuan;
use crate::plan::PlanPack;
use serde::Serialize;

/// A pack that another choice beats or equals at any volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dominated {
    /// The pack.
    pub pack: String,
    /// Buying this one instead, as often as needed, never costs more.
    pub by: String,
    /// How often it takes to have as many calls.
    pub times: u64,
}

/// From how many calls a pack pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BreakEven {
    /// The pack.
    pub pack: String,
    /// The smaller pack with the cheapest calls, bother included; of equally cheap ones the largest.
    pub against: String,
    /// With more calls than this within its validity, the pack costs less than any mix of smaller ones. Nothing where even
    /// all of its calls are no cheaper than that: then it only means fewer errands.
    pub above: Option<u64>,
}

/// Of a pack that is far too large, fewer calls than one in so many are used before it ends **A**.
const FAR_BEYOND: u64 = 10;

/// Returns whether so little of a pack would be used within its validity that it is no choice: less than a tenth.
pub fn is_far_beyond(pack: &PlanPack, daily: &[u64]) -> bool {
    let days = usize::from(pack.days.get());
    let used = daily.iter().take(days).fold(0_u64, |sum, calls| sum.saturating_add(*calls));
    used.saturating_mul(FAR_BEYOND) < pack.calls.get()
}

/// Packs that another choice never costs more than, whatever the volume: at least as long a validity, and so many of
/// them as give as many calls cost no more, bother included. Of two that equal each other the later one is named.
pub fn dominated(packs: &[PlanPack], bother: Yuan) -> Vec<Dominated> {
    let beats = |other: &PlanPack, pack: &PlanPack| -> Option<u64> {
        if other.calls.is_zero() {
            return None;
        }
        let times = pack.calls.get().div_ceil(other.calls.get());
        let cost = |pack: &PlanPack, times: u64| {
            Some(u128::from(pack.price.checked_add(bother)?.fen()?).saturating_mul(times.into()))
        };
        (other.days >= pack.days && cost(other, times)? <= cost(pack, 1)?).then_some(times)
    };
    packs
        .iter()
        .enumerate()
        .filter_map(|(index, pack)| {
            packs
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index)
                .filter_map(|(place, other)| Some((place, other, beats(other, pack)?)))
                .find(|(place, other, _)| *place < index || beats(pack, other).is_none())
                .map(|(_, other, times)| Dominated { pack: pack.id.clone(), by: other.id.clone(), times })
        })
        .collect()
}

/// From how many calls each pack pays against smaller ones. A pack than which none is smaller, or whose smaller ones are
/// free, is left out.
///
/// Above the break-even the calls cost more at the rate of the cheapest smaller pack than the pack does; whole packs, and
/// dearer or shorter ones among them, can only cost more than that rate.
pub fn break_even(packs: &[PlanPack], bother: Yuan) -> Vec<BreakEven> {
    let cost = |pack: &PlanPack| pack.price.checked_add(bother)?.fen().map(u128::from);
    let mut found = Vec::new();
    for pack in packs {
        let smaller = packs.iter().filter(|other| other.calls < pack.calls && !other.calls.is_zero());
        let rated = smaller.filter_map(|other| Some((other, cost(other)?)));
        // At most 2 × 10^19 cents × 10^12 calls.
        let times = |cost: u128, calls: crate::Calls| cost.saturating_mul(calls.get().into());
        let cheapest = rated.min_by(|(a, a_cost), (b, b_cost)| {
            times(*a_cost, b.calls).cmp(&times(*b_cost, a.calls)).then(b.calls.cmp(&a.calls))
        });
        let (Some((against, rate)), Some(price)) = (cheapest, cost(pack)) else { continue };
        let Some(above) = times(price, against.calls).checked_div(rate) else { continue };
        let above = u64::try_from(above).ok().filter(|above| *above < pack.calls.get());
        found.push(BreakEven { pack: pack.id.clone(), against: against.id.clone(), above });
    }
    found
}
