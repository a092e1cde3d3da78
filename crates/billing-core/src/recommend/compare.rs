//! Every pack that could be bought first, each with the best plan from there on, compared with each other and with buying
//! nothing at all.

use super::{Advice, RecommendInput, advice, expected_daily, nothing_yet, problem};
use crate::Yuan;
use crate::plan::{self, Plan, PlanError, PlanPack, Planner, Purchases};
use crate::stock::{self, RunOut, dated_lots};
use serde::Serialize;

/// One way to go on over the horizon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The pack bought first; `None` where nothing is bought.
    pub first: Option<String>,
    /// Money plus bother over the horizon.
    pub cost: Yuan,
    /// Money alone.
    pub money: Yuan,
    /// Calls of packs and lots that end unused within the horizon.
    pub wasted: u64,
    /// Calls still usable after the horizon.
    pub left_at_end: u64,
    /// Calls that are used after the horizon, before they end, as far as usage is known.
    pub used_later: u64,
    /// Every purchase, in time order; each is made when nothing usable is left.
    pub purchases: Vec<plan::Purchase>,
    /// The cost less the value of what is used later, in units of its rate.
    net: i128,
}

/// What is worse about a choice than about the best one: the first that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Drawback {
    /// It costs more money.
    CostsMore(Yuan),
    /// It means more purchases, which are worth what it saves.
    MoreErrands(usize),
    /// More calls end unused.
    MoreWaste(u64),
    /// Fewer calls are left to use after the horizon.
    LessLeft(u64),
    /// Nothing.
    Nothing,
}

impl Choice {
    fn new(plan: Purchases, used_later: u64, worth: &Worth) -> Self {
        Self {
            first: plan.purchases.first().map(|first| first.pack.clone()),
            cost: plan.cost,
            money: plan.money,
            wasted: plan.wasted,
            left_at_end: plan.left_at_end,
            used_later,
            net: worth.net(plan.cost, used_later),
            purchases: plan.purchases,
        }
    }

    /// Lower is better: the net cost, then fewer purchases, then less waste.
    fn rank(&self) -> (i128, usize, u64) {
        (self.net, self.purchases.len(), self.wasted)
    }

    /// Returns the packs and how many of each, in the order in which they are bought first.
    pub fn packs(&self) -> Vec<(&str, usize)> {
        packs_of(&self.purchases)
    }

    /// Returns whether both buy the same packs, in whatever order.
    pub fn has_packs_of(&self, other: &Self) -> bool {
        let sorted = |choice: &Self| {
            let mut packs: Vec<_> = choice.purchases.iter().map(|bought| bought.pack.clone()).collect();
            packs.sort_unstable();
            packs
        };
        sorted(self) == sorted(other)
    }

    /// Returns what is worse than with `best`.
    pub fn drawback(&self, best: &Self) -> Drawback {
        let yuan = self.money.checked_sub(best.money).unwrap_or_default();
        let times = self.purchases.len().saturating_sub(best.purchases.len());
        let wasted = self.wasted.saturating_sub(best.wasted);
        let left = best.used_later.saturating_sub(self.used_later);
        match (yuan, times, wasted, left) {
            (yuan, _, _, _) if yuan > Yuan::ZERO => Drawback::CostsMore(yuan),
            // It saves more than its errands are worth, and is worse all the same.
            (_, _, _, left) if left > 0 && self.cost < best.cost => Drawback::LessLeft(left),
            (_, times, _, _) if times > 0 => Drawback::MoreErrands(times),
            (_, _, wasted, _) if wasted > 0 => Drawback::MoreWaste(wasted),
            (_, _, _, left) if left > 0 => Drawback::LessLeft(left),
            _ => Drawback::Nothing,
        }
    }
}

/// Returns the packs of a plan and how many of each, in the order in which they are bought first.
pub fn packs_of(purchases: &[plan::Purchase]) -> Vec<(&str, usize)> {
    let mut packs: Vec<(&str, usize)> = Vec::new();
    for bought in purchases {
        match packs.iter_mut().find(|(pack, _)| *pack == bought.pack) {
            Some((_, times)) => *times = times.saturating_add(1),
            None => packs.push((&bought.pack, 1)),
        }
    }
    packs
}

/// The advice and what it was chosen from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// When the account runs out, if nothing is bought.
    pub run_out: RunOut,
    /// What we would do, as [`recommend`](super::recommend) says.
    pub advice: Advice,
    /// Nothing is bought within the horizon, whatever that means for the customers.
    pub nothing: Choice,
    /// The best plan for each pack that could be bought first, best first: the lowest cost less the value of what is used
    /// after the horizon, among equals the fewest purchases, then the least waste. Empty where nothing has to be bought
    /// within the horizon, or nothing can be.
    pub plans: Vec<Choice>,
}

/// Works out the advice together with every other way to go on.
pub fn compare(input: &RecommendInput) -> Result<Comparison, PlanError> {
    let problem = problem(input)?;
    let nothing = nothing(input);
    let run_out = input.run_out;
    let planner = Planner::new(&problem)?;
    let Plan::Optimal(cheapest) = planner.best()? else {
        let advice = nothing_yet(run_out, input.today).unwrap_or(Advice::Cannot);
        return Ok(Comparison { run_out, advice, nothing, plans: Vec::new() });
    };
    let plans = choices(input, &planner, &cheapest)?;
    let advice = match nothing_yet(run_out, input.today) {
        Some(nothing) => nothing,
        None => advice(input, &problem, &cheapest, &plans)?,
    };
    Ok(Comparison { run_out, advice, nothing, plans })
}

/// Returns the best choice for each pack that could be bought first, best first; of equals the earlier on the list.
///
/// The cheapest purchases for the horizon alone would end it with the smallest packs that just last. So of each pack the
/// plan that buys nothing else is looked at too: what it has left is worth its price.
fn choices(
    input: &RecommendInput,
    planner: &Planner<'_>,
    cheapest: &Purchases,
) -> Result<Vec<Choice>, PlanError> {
    let Some(first) = cheapest.purchases.first() else { return Ok(Vec::new()) };
    let worth = Worth::new(input);
    let daily = expected_daily(input, input.likely.len());
    let lots = dated_lots(&input.lots);
    let choice = |plan: Purchases| {
        let used_later =
            plan::served_from_day(input.horizon_days, &daily, &lots, &input.packs, &plan.purchases);
        Choice::new(plan, used_later, &worth)
    };
    let mut found = Vec::new();
    for pack in &input.packs {
        let best =
            if pack.id == first.pack { Some(cheapest.clone()) } else { planner.starting_with(pack)? };
        let plans = [best, planner.only(pack)?].into_iter().flatten().map(choice);
        found.extend(plans.min_by_key(Choice::rank));
    }
    found.sort_by_key(Choice::rank);
    Ok(found)
}

/// What calls that are used after the horizon are worth: they need not be bought then.
struct Worth {
    /// Cents of this many calls.
    fen: i128,
    calls: i128,
}

impl Worth {
    /// The rate of the cheapest calls among packs that a horizon uses up; where none is as small, of the smallest pack.
    fn new(input: &RecommendInput) -> Self {
        let year =
            input.likely.iter().take(input.horizon_days).fold(0_u64, |sum, calls| sum.saturating_add(*calls));
        let rate = |pack: &PlanPack| {
            let calls = i128::from(pack.calls.get());
            pack.price.fen().filter(|_| calls > 0).map(|fen| Self { fen: i128::from(fen), calls })
        };
        let used_up = input.packs.iter().filter(|pack| pack.calls.get() <= year).filter_map(rate);
        // At most 2 × 10^19 cents × 10^12 calls.
        let cheapest =
            used_up.min_by(|a, b| a.fen.saturating_mul(b.calls).cmp(&b.fen.saturating_mul(a.calls)));
        let smallest = || input.packs.iter().min_by_key(|pack| pack.calls).and_then(rate);
        cheapest.or_else(smallest).unwrap_or(Self { fen: 0, calls: 1 })
    }

    fn net(&self, cost: Yuan, used_later: u64) -> i128 {
        let cost = cost.fen().map_or(i128::MAX, i128::from).saturating_mul(self.calls);
        cost.saturating_sub(i128::from(used_later).saturating_mul(self.fen))
    }
}

fn nothing(input: &RecommendInput) -> Choice {
    let daily: Vec<u64> = input.likely.iter().take(input.horizon_days).copied().collect();
    let course = stock::course(&daily, &input.lots);
    let lots = dated_lots(&input.lots);
    let unused = plan::unused_of_lots(&expected_daily(input, input.horizon_days), &lots);
    let wasted = course.wasted.into_iter().flatten().fold(0_u64, u64::saturating_add);
    let all = unused.into_iter().fold(0_u64, u64::saturating_add);
    Choice {
        first: None,
        cost: Yuan::ZERO,
        money: Yuan::ZERO,
        wasted,
        left_at_end: all.saturating_sub(wasted),
        used_later: 0,
        purchases: Vec::new(),
        net: 0,
    }
}
