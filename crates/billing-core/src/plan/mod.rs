//! The cheapest purchases for a known demand: a provable optimum.
//!
//! A pack's validity starts when it is paid, so buying at the moment of running out is never worse than earlier. Then at
//! most one pack is usable at any moment, and a plan is a path over the calls: bought at call `k`, pack *p* reaches the
//! smaller of `k + calls` and the first call after its days.
//!
//! **Why the shortest path is the best plan.** *Later and cheaper dominates.* Where the next purchase is made at call `k`
//! or at a later call `l`, whatever is bought from `k` on can be bought from `l` on: by induction each purchase then comes
//! at the same call or a later one, so it ends at the same call or a later one – `min(l + calls, first call after its
//! days)` never falls as `l` rises – until every call is served, with no more purchases, no more cost and no more waste.
//! So of two ways to serve the calls up to some point, one that has come as far or further and spent no more makes the
//! other useless, and what remains is a shortest path over the few calls at which a purchase may be due.
//! Where purchases may overlap a plan can be beaten; [`least_cost`] says by how much at most.
//!
//! | file | job |
//! |---|---|
//! | `demand` | which call arrives on which day, and how far a pack reaches |
//! | `wire` | plan files, read strictly |
//! | `offer`, `spent` | packs worth buying, and what is minimised |
//! | `planner` | a problem made ready: for its best plan, and for the best one with a given first pack |
//! | `bound` | what is still to be spent at the very least, by `knapsack` and `grid` |
//! | `search` | the best plan, with `front`: which ways are worth following |
//! | `overlap` | what any purchases cost at the very least, even where they overlap |

mod bound;
mod demand;
mod front;
mod grid;
mod knapsack;
mod offer;
mod overlap;
mod planner;
mod search;
mod spent;
mod wire;

pub use overlap::{Gap, gap, least_cost};
pub use planner::{ONE_PACK_MAX, Planner};
pub use wire::parse;

use crate::input::InputError;
use crate::{Calls, Days, Yuan};
use demand::Demand;
use offer::{Offer, Step};
use serde::Serialize;

/// Longest horizon in days.
pub const DAYS_MAX: usize = 3_650;
/// Most calls a day.
pub const CALLS_A_DAY_MAX: u32 = 1_000_000_000;
/// Most packs on a price list.
pub const PACKS_MAX: usize = 64;
/// Most purchases in a plan: nobody reads, let alone makes, more.
pub const PURCHASES_MAX: usize = 1_000_000;

/// What is to be planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanInput {
    /// Calls that arrive on day 0, 1, …; at most [`DAYS_MAX`] days of at most [`CALLS_A_DAY_MAX`].
    pub daily_demand: Vec<u32>,
    /// What the account has. It is consumed first, earliest end first.
    pub lots: Vec<PlanLot>,
    /// What can be bought, at most [`PACKS_MAX`] packs.
    pub packs: Vec<PlanPack>,
    /// What the bother of one purchase is worth to the shop.
    pub bother: Yuan,
    /// At most so many purchases.
    pub max_purchases: Option<u64>,
}

/// Calls the account has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanLot {
    /// Calls left; may be 0.
    pub calls: Calls,
    /// Usable on days 0 to `usable_days` − 1; may be 0. A lot without end has `u64::MAX`.
    pub usable_days: u64,
}

/// A pack that can be bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanPack {
    /// Its name.
    pub id: String,
    /// Calls in it, at least one.
    pub calls: Calls,
    /// Its validity. The day of purchase counts as one: the cautious side.
    pub days: Days,
    /// Its price.
    pub price: Yuan,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Plan {
    /// The cheapest purchases; among equals the fewest, then those that waste least.
    Optimal(Purchases),
    /// No purchases serve every call.
    Infeasible,
}

/// A plan that serves every call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Purchases {
    /// Money plus bother.
    pub cost: Yuan,
    /// Σ price.
    pub money: Yuan,
    /// What to buy when, in time order.
    pub purchases: Vec<Purchase>,
    /// Σ demand.
    pub served: u64,
    /// Calls of the packs bought.
    pub bought: u64,
    /// Calls of lots and packs that ended unused before the horizon did.
    pub wasted: u64,
    /// Calls of lots and packs still usable on the first day after the horizon.
    pub left_at_end: u64,
}

/// One purchase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Purchase {
    /// On which day, from 0.
    pub day: usize,
    /// Which pack.
    pub pack: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The input leaves a limit of this module.
    #[error(transparent)]
    Input(#[from] InputError),
    /// Every plan has more than [`PURCHASES_MAX`] purchases.
    #[error("the packs are too small for so many calls: every plan has more than {PURCHASES_MAX} purchases")]
    TooManyPurchases,
    /// Which plan is the best could not be decided in a few seconds.
    #[error(
        "the best plan cannot be found in reasonable time: it has very many purchases, or very many plans are almost as good"
    )]
    TooHard,
    /// The cost leaves what money can hold.
    #[error("the cost leaves its range")]
    CostTooLarge,
}

/// What the lots do before anything is bought.
#[derive(Debug)]
struct Prefix {
    /// Calls they serve: the first call a pack must serve.
    served: u64,
    wasted: u64,
    left_at_end: u64,
}

/// Finds the cheapest purchases.
pub fn solve(input: &PlanInput) -> Result<Plan, PlanError> {
    Planner::new(input)?.best()
}

/// The first day with a call that the lots cannot serve; nothing if they serve all.
pub fn first_unserved_day(daily_demand: &[u64], lots: &[PlanLot]) -> Option<usize> {
    first_unserved_day_after(daily_demand, lots, &[], &[])
}

/// Returns the same after purchases of a plan, each made when nothing else is left.
pub fn first_unserved_day_after(
    daily_demand: &[u64],
    lots: &[PlanLot],
    packs: &[PlanPack],
    purchases: &[Purchase],
) -> Option<usize> {
    let demand = Demand::new(daily_demand.iter().copied());
    let call = served_by(&demand, lots, packs, purchases);
    (call < demand.total()).then(|| demand.day_of(call))
}

/// Returns how many of the calls from `day` on the lots and the purchases of a plan still serve.
pub(crate) fn served_from_day(
    day: usize,
    daily_demand: &[u64],
    lots: &[PlanLot],
    packs: &[PlanPack],
    purchases: &[Purchase],
) -> u64 {
    let demand = Demand::new(daily_demand.iter().copied());
    served_by(&demand, lots, packs, purchases).saturating_sub(demand.before_day(day))
}

fn served_by(demand: &Demand, lots: &[PlanLot], packs: &[PlanPack], purchases: &[Purchase]) -> u64 {
    let mut call = consume_lots(demand, lots).served;
    for pack in purchases.iter().filter_map(|bought| packs.iter().find(|pack| pack.id == bought.pack)) {
        let offer = Offer { calls: pack.calls.get(), days: pack.days.get().into(), cost: 0, pack: 0 };
        call = demand.reach(call, &offer);
    }
    call
}

/// Lots are all usable from day 0 on, so they serve the calls up to the first one that none of them can serve – and from
/// then on nothing of them is left.
fn consume_lots(demand: &Demand, lots: &[PlanLot]) -> Prefix {
    let (served, ends) = ends_of_lots(demand, lots);
    let mut prefix = Prefix { served, wasted: 0, left_at_end: 0 };
    for end in ends {
        let sum = if end.within { &mut prefix.wasted } else { &mut prefix.left_at_end };
        *sum = sum.saturating_add(end.unused);
    }
    prefix
}

/// What becomes of a lot.
struct LotEnd {
    /// Its place in the input.
    place: usize,
    /// Calls left when its days, or those of the horizon, are over.
    unused: u64,
    /// Whether it ends before the horizon does.
    within: bool,
}

/// Calls served, and the end of each lot, earliest first.
fn ends_of_lots(demand: &Demand, lots: &[PlanLot]) -> (u64, Vec<LotEnd>) {
    let mut order: Vec<(u64, u64, usize)> =
        lots.iter().enumerate().map(|(place, lot)| (lot.usable_days, lot.calls.get(), place)).collect();
    order.sort_unstable();
    let mut served = 0_u64;
    let ends = order.into_iter().map(|(usable_days, calls, place)| {
        // Serves on from `served` until its calls or its days end.
        let days = usize::try_from(usable_days).unwrap_or(usize::MAX);
        let reach = served.saturating_add(calls).min(demand.before_day(days)).max(served);
        let unused = calls.saturating_sub(reach.saturating_sub(served));
        served = reach;
        LotEnd { place, unused, within: days <= demand.days() }
    });
    let ends = ends.collect();
    (served, ends)
}

/// For each lot, in the order given, the calls it does not serve.
pub(crate) fn unused_of_lots(daily_demand: &[u64], lots: &[PlanLot]) -> Vec<u64> {
    let (_, mut ends) = ends_of_lots(&Demand::new(daily_demand.iter().copied()), lots);
    ends.sort_unstable_by_key(|end| end.place);
    ends.into_iter().map(|end| end.unused).collect()
}

fn statement(
    input: &PlanInput,
    demand: &Demand,
    prefix: &Prefix,
    bought: &[Offer],
) -> Result<Purchases, PlanError> {
    let mut plan = Purchases {
        cost: Yuan::ZERO,
        money: Yuan::ZERO,
        purchases: Vec::with_capacity(bought.len()),
        served: demand.total(),
        bought: 0,
        wasted: prefix.wasted,
        left_at_end: prefix.left_at_end,
    };
    let mut call = prefix.served;
    for offer in bought {
        let Some(pack) = input.packs.get(offer.pack) else { continue };
        let Step { day, reach, wasted, left_at_end } = offer.step(demand, call);
        let price = pack.price.checked_add(input.bother).ok_or(PlanError::CostTooLarge)?;
        plan.cost = plan.cost.checked_add(price).ok_or(PlanError::CostTooLarge)?;
        plan.money = plan.money.checked_add(pack.price).ok_or(PlanError::CostTooLarge)?;
        plan.bought = plan.bought.saturating_add(offer.calls);
        plan.wasted = plan.wasted.saturating_add(wasted);
        plan.left_at_end = plan.left_at_end.saturating_add(left_at_end);
        plan.purchases.push(Purchase { day, pack: pack.id.clone() });
        call = reach;
    }
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bound::{Bound, EFFORTS, Effort, Fewest, Sharpness};
    use proptest::prelude::*;

    prop_compose! {
        fn any_pack()(calls in 1_u64..40, grain in 1_u64..4, days in 1_u64..20, fen in 0_u64..90) -> PlanPack {
            PlanPack {
                id: format!("{calls}x{grain}-{days}-{fen}"),
                calls: Calls::new(calls * grain).unwrap(),
                days: Days::new(days).unwrap(),
                price: Yuan::from_fen(fen),
            }
        }
    }

    proptest! {
        /// A sharper bound must not change the answer. (That the answer is right is proved in `tests/laws`.)
        #[test]
        fn every_effort_finds_the_same(
            daily_demand in prop::collection::vec(0_u32..60, 1..40),
            packs in prop::collection::vec(any_pack(), 1..6),
            bother in 0_u64..20,
            max_purchases in prop::option::of(0_u64..60),
        ) {
            let bother = Yuan::from_fen(bother);
            let input = PlanInput { daily_demand, lots: Vec::new(), packs, bother, max_purchases };
            let score = |plan: Plan| match plan {
                Plan::Optimal(plan) => Some((plan.cost, plan.purchases.len(), plan.wasted)),
                Plan::Infeasible => None,
            };
            let tries = usize::MAX;
            let found = EFFORTS.map(|effort| score(Planner::with(&input, &[Effort { tries, ..effort }]).unwrap().best().unwrap()));
            prop_assert!(found.iter().all(|other| *other == found[0]), "{:?}", found);
        }

        /// From any call on, a bound is at most what the cheapest plan for the calls from there on spends.
        #[test]
        fn no_bound_overestimates(
            daily_demand in prop::collection::vec(0_u32..60, 1..30),
            packs in prop::collection::vec(any_pack(), 1..6),
            points in 0_u64..50,
            entries in 0_u64..200,
            from in 0_u64..1_000,
        ) {
            let input = PlanInput { daily_demand, lots: vec![], packs, bother: Yuan::ZERO, max_purchases: None };
            let demand = Demand::of(&input);
            prop_assume!(demand.total() > 0);
            let from = from % demand.total();
            let offers = offer::offers(&input).unwrap();
            let sharp = Sharpness { points, entries };
            let bound = Bound::new(&demand, &offers, 0, sharp).unwrap();
            let fewest = Fewest::new(&demand, &offers, 0, None).unwrap().unwrap();
            let bound = bound.from(&demand, &fewest, demand.day_of(from), from);
            let served = PlanLot { calls: Calls::new(from).unwrap(), usable_days: u64::MAX };
            let Plan::Optimal(plan) = solve(&PlanInput { lots: vec![served], ..input }).unwrap() else {
                panic!("packs serve everything")
            };
            let best = (u128::from(plan.cost.fen().unwrap()), u64::try_from(plan.purchases.len()).unwrap());
            prop_assert!((bound.cost, bound.purchases) <= best, "{:?} {:?}", bound, best);
        }
    }
}
