//! Every pack that could be bought first, each with the best plan from there on, beside each other and beside buying
//! nothing at all.

use super::{Advice, RecommendInput, advice, dated_lots, expected_daily, nothing_yet, problem, run_out_of};
use crate::Yuan;
use crate::plan::{self, Plan, PlanError, Planner, Purchases};
use crate::recommend::RunOut;

/// One way to go on over the horizon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The pack bought first; nothing where nothing is bought.
    pub first: Option<String>,
    /// Money plus bother over the horizon.
    pub cost: Yuan,
    /// Money alone.
    pub money: Yuan,
    /// Calls of packs and lots that end unused within the horizon.
    pub wasted: u64,
    /// Calls still usable after the horizon.
    pub left_at_end: u64,
    /// Every purchase, in time order; each is made when nothing usable is left.
    pub purchases: Vec<plan::Purchase>,
}

impl Choice {
    fn of(plan: Purchases) -> Self {
        Self {
            first: plan.purchases.first().map(|first| first.pack.clone()),
            cost: plan.cost,
            money: plan.money,
            wasted: plan.wasted,
            left_at_end: plan.left_at_end,
            purchases: plan.purchases,
        }
    }

    fn rank(&self) -> (Yuan, usize, u64) {
        (self.cost, self.purchases.len(), self.wasted)
    }
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
    /// The best plan for each pack that could be bought first, best first: the cheapest, among equals with the fewest
    /// purchases, then the least waste. Empty where nothing has to be bought within the horizon, or nothing can be.
    pub plans: Vec<Choice>,
}

/// Works out the advice together with every other way to go on. About as much work as a recommendation to buy.
pub fn compare(input: &RecommendInput) -> Result<Comparison, PlanError> {
    let problem = problem(input)?;
    let run_out = run_out_of(input);
    let nothing = nothing(input);
    let planner = Planner::new(&problem)?;
    let Plan::Optimal(best) = planner.best()? else {
        let advice = nothing_yet(run_out, input.today).unwrap_or(Advice::Cannot);
        return Ok(Comparison { run_out, advice, nothing, plans: Vec::new() });
    };
    let mut plans = others(input, &planner, &best)?;
    let advice = match nothing_yet(run_out, input.today) {
        Some(nothing) => nothing,
        None => advice(input, &problem, &best, &plans)?,
    };
    if !best.purchases.is_empty() {
        plans.insert(0, Choice::of(best));
    }
    Ok(Comparison { run_out, advice, nothing, plans })
}

/// The best plan for each pack but the best plan's own first one, best first; of equals the earlier on the list.
pub(super) fn others(
    input: &RecommendInput,
    planner: &Planner<'_>,
    best: &Purchases,
) -> Result<Vec<Choice>, PlanError> {
    let Some(first) = best.purchases.first() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for pack in input.packs.iter().filter(|pack| pack.id != first.pack) {
        found.extend(planner.starting_with(pack)?.map(Choice::of));
    }
    found.sort_by_key(Choice::rank);
    Ok(found)
}

fn nothing(input: &RecommendInput) -> Choice {
    let lots = dated_lots(&input.lots);
    let unused = plan::unused_of_lots(&expected_daily(input, input.horizon_days), &lots);
    let horizon = u64::try_from(input.horizon_days).unwrap_or(u64::MAX);
    let mut choice = Choice {
        first: None,
        cost: Yuan::ZERO,
        money: Yuan::ZERO,
        wasted: 0,
        left_at_end: 0,
        purchases: Vec::new(),
    };
    for (lot, calls) in lots.iter().zip(unused) {
        let sum = if lot.usable_days <= horizon { &mut choice.wasted } else { &mut choice.left_at_end };
        *sum = sum.saturating_add(calls);
    }
    choice
}
