//! The cheapest purchases for a known demand: a provable optimum.
//!
//! A pack's validity starts when it is paid, so buying at the moment of running out is never worse than earlier. Then at
//! most one pack is usable at any moment, and a plan is a path over the calls: bought at call `k`, pack *p* reaches the
//! smaller of `k + calls` and the last call within its days. Reaching further is never worse (a later purchase also
//! ends later), so of two ways of equal cost only the one that leaves less to do is kept: a shortest path.
//!
//! | file | job |
//! |---|---|
//! | `demand` | which call arrives on which day, and how far a pack reaches |
//! | `wire` | plan files, read strictly |
//! | `bound` | what a plan spends at the very least |
//! | `search` | least cost, then fewest purchases, backwards from the last call |
//! | `trace` | among those the path that wastes least, forwards |

mod bound;
mod demand;
mod search;
mod trace;
mod wire;

pub use wire::parse;

use crate::input::InputError;
use crate::{Calls, Days, Yuan};
use bound::Bound;
use demand::Demand;
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
    /// Every plan has more than [`PURCHASES_MAX`] purchases, or finding the cheapest takes too many steps.
    #[error("the packs are too small for so many calls: a plan would need too many steps")]
    TooLong,
    /// The cost leaves what money can hold.
    #[error("the cost leaves its range")]
    CostTooLarge,
}

/// What the lots do before anything is bought.
struct Prefix {
    /// Calls they serve: the first call a pack must serve.
    served: u64,
    wasted: u64,
    left_at_end: u64,
}

/// Finds the cheapest purchases.
pub fn solve(input: &PlanInput) -> Result<Plan, PlanError> {
    solve_with_patience(input, search::PATIENCE)
}

fn solve_with_patience(input: &PlanInput, patience: usize) -> Result<Plan, PlanError> {
    wire::check(input)?;
    let demand = Demand::new(&input.daily_demand);
    let prefix = consume_lots(&demand, &input.lots);
    if prefix.served == demand.total() {
        return Ok(Plan::Optimal(Purchases {
            cost: Yuan::ZERO,
            money: Yuan::ZERO,
            purchases: Vec::new(),
            served: demand.total(),
            bought: 0,
            wasted: prefix.wasted,
            left_at_end: prefix.left_at_end,
        }));
    }
    let offers = offers(input)?;
    let start = prefix.served;
    let Some(mut bound) = Bound::new(&demand, &offers, start)? else { return Ok(Plan::Infeasible) };
    let Some(mut search) = search::cheapest(&demand, &offers, &mut bound, input.max_purchases, patience)?
    else {
        return Ok(Plan::Infeasible);
    };
    let mut path = trace::least_waste(&demand, &offers, start, &search);
    if path.iter().any(|step| step.wasted > 0) {
        search.find_all_ties(&demand, &offers, &bound);
        path = trace::least_waste(&demand, &offers, start, &search);
    }
    statement(input, &demand, &prefix, &path).map(Plan::Optimal)
}

/// The cheapest purchases that start with a given pack; nothing if nothing must be bought or no such plan exists.
pub fn solve_starting_with(input: &PlanInput, first: &PlanPack) -> Result<Option<Purchases>, PlanError> {
    wire::check(input)?;
    let demand = Demand::new(&input.daily_demand);
    let prefix = consume_lots(&demand, &input.lots);
    let Some(rest_allowed) = input.max_purchases.map_or(Some(u64::MAX), |max| max.checked_sub(1)) else {
        return Ok(None);
    };
    if prefix.served == demand.total() {
        return Ok(None);
    }
    let only_first = PlanInput { packs: vec![first.clone()], ..input.clone() };
    let offer = offers(&only_first)?.into_iter().next();
    let Some(offer) = offer else { return Ok(None) };
    let step = trace::step(&demand, prefix.served, 0, &offer);
    let started = statement(&only_first, &demand, &prefix, &[step])?;
    let reach = demand.reach(prefix.served, &offer);
    if reach == demand.total() {
        return Ok(Some(started));
    }
    let rest = PlanInput {
        daily_demand: demand.daily_from(reach),
        lots: Vec::new(),
        max_purchases: input.max_purchases.map(|_| rest_allowed),
        ..input.clone()
    };
    let Plan::Optimal(rest) = solve(&rest)? else { return Ok(None) };
    let too_large = PlanError::CostTooLarge;
    Ok(Some(Purchases {
        cost: started.cost.checked_add(rest.cost).ok_or(too_large.clone())?,
        money: started.money.checked_add(rest.money).ok_or(too_large)?,
        purchases: [started.purchases, rest.purchases].concat(),
        served: demand.total(),
        bought: started.bought.saturating_add(rest.bought),
        wasted: started.wasted.saturating_add(rest.wasted),
        left_at_end: started.left_at_end.saturating_add(rest.left_at_end),
    }))
}

/// The first day with a call that the lots cannot serve; nothing if they serve all.
pub fn first_unserved_day(daily_demand: &[u32], lots: &[PlanLot]) -> Option<usize> {
    first_unserved_day_after(daily_demand, lots, &[], &[])
}

/// The same after purchases of a plan, each made when nothing else is left.
pub fn first_unserved_day_after(
    daily_demand: &[u32],
    lots: &[PlanLot],
    packs: &[PlanPack],
    purchases: &[Purchase],
) -> Option<usize> {
    let demand = Demand::new(daily_demand);
    let mut call = consume_lots(&demand, lots).served;
    for pack in purchases.iter().filter_map(|bought| packs.iter().find(|pack| pack.id == bought.pack)) {
        let offer = Offer { calls: pack.calls.get(), days: pack.days.get().into(), cost: 0 };
        call = demand.reach(call, &offer);
    }
    (call < demand.total()).then(|| demand.day_of(call))
}

/// A pack as the search sees it: what it costs with the bother, in cents.
#[derive(Debug, Clone, Copy)]
struct Offer {
    calls: u64,
    days: usize,
    cost: u128,
}

fn offers(input: &PlanInput) -> Result<Vec<Offer>, PlanError> {
    input
        .packs
        .iter()
        .map(|pack| {
            let cost =
                pack.price.checked_add(input.bother).and_then(Yuan::fen).ok_or(PlanError::CostTooLarge)?;
            Ok(Offer { calls: pack.calls.get(), days: pack.days.get().into(), cost: cost.into() })
        })
        .collect()
}

/// Lots are all usable from day 0 on, so they serve the calls up to the first one that none of them can serve – and from
/// then on nothing of them is left.
fn consume_lots(demand: &Demand, lots: &[PlanLot]) -> Prefix {
    let mut lots: Vec<(u64, u64)> = lots.iter().map(|lot| (lot.usable_days, lot.calls.get())).collect();
    lots.sort_unstable();
    let mut served = 0_u64;
    let mut wasted = 0_u64;
    let mut left_at_end = 0_u64;
    for (usable_days, calls) in lots {
        // Serves on from `served` until its calls or its days end.
        let days = usize::try_from(usable_days).unwrap_or(usize::MAX);
        let reach = served.saturating_add(calls).min(demand.before_day(days)).max(served);
        let unused = calls.saturating_sub(reach.saturating_sub(served));
        served = reach;
        if days > demand.days() {
            left_at_end = left_at_end.saturating_add(unused);
        } else {
            wasted = wasted.saturating_add(unused);
        }
    }
    Prefix { served, wasted, left_at_end }
}

fn statement(
    input: &PlanInput,
    demand: &Demand,
    prefix: &Prefix,
    path: &[trace::Step],
) -> Result<Purchases, PlanError> {
    let mut plan = Purchases {
        cost: Yuan::ZERO,
        money: Yuan::ZERO,
        purchases: Vec::with_capacity(path.len()),
        served: demand.total(),
        bought: 0,
        wasted: prefix.wasted,
        left_at_end: prefix.left_at_end,
    };
    for step in path {
        let Some(pack) = input.packs.get(step.offer) else { continue };
        let money = plan.money.checked_add(pack.price).ok_or(PlanError::CostTooLarge)?;
        let price = pack.price.checked_add(input.bother).ok_or(PlanError::CostTooLarge)?;
        plan.cost = plan.cost.checked_add(price).ok_or(PlanError::CostTooLarge)?;
        plan.money = money;
        plan.bought = plan.bought.saturating_add(pack.calls.get());
        plan.wasted = plan.wasted.saturating_add(step.wasted);
        plan.left_at_end = plan.left_at_end.saturating_add(step.left_at_end);
        plan.purchases.push(Purchase { day: step.day, pack: pack.id.clone() });
    }
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;
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
        /// The sharper bound must not change the answer. (That the answer is right is proved in `tests/laws`.)
        #[test]
        fn a_search_without_patience_finds_the_same(
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
            let patient = solve_with_patience(&input, usize::MAX).unwrap();
            let impatient = solve_with_patience(&input, 0).unwrap();
            prop_assert_eq!(score(patient), score(impatient));
        }

        /// From any call, the bound is at most what the cheapest plan for the calls before it costs.
        #[test]
        fn the_sharper_bound_never_overestimates(
            daily in 1_u32..60,
            days in 1_usize..30,
            packs in prop::collection::vec(any_pack(), 1..6),
        ) {
            let daily_demand = vec![daily; days];
            let input = PlanInput { daily_demand, lots: vec![], packs, bother: Yuan::ZERO, max_purchases: None };
            let demand = Demand::new(&input.daily_demand);
            let offers = offers(&input).unwrap();
            let mut bound = Bound::new(&demand, &offers, 0).unwrap().unwrap();
            let plain = bound.up_to(demand.total());
            bound.sharpen(&offers);
            let sharp = bound.up_to(demand.total());
            let Plan::Optimal(plan) = solve(&input).unwrap() else { panic!("packs serve everything") };
            let best = (u128::from(plan.cost.fen().unwrap()), u64::try_from(plan.purchases.len()).unwrap());
            prop_assert!((sharp.cost, sharp.purchases) <= best, "{:?} {:?}", sharp, best);
            prop_assert!(plain.cost <= sharp.cost);
        }
    }
}
