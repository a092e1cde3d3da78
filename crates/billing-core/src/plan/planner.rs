//! A problem made ready, so that several questions about it share the work.

use super::bound::{Bounds, EFFORTS, Effort};
use super::demand::Demand;
use super::offer::{self, Offer};
use super::search::{self, Problem};
use super::{Plan, PlanError, PlanInput, PlanPack, Prefix, Purchases, consume_lots, statement, wire};

/// Most purchases of a plan with a single pack: more is no plan for anybody.
pub const ONE_PACK_MAX: usize = 1_000;

/// Answers for one input: its best plan, and the best one that starts with a given pack.
///
/// What is still to be spent from a call on does not depend on what was bought before, so the bounds that one answer
/// needed serve the others.
#[derive(Debug)]
pub struct Planner<'a> {
    input: &'a PlanInput,
    demand: Demand,
    prefix: Prefix,
    offers: Vec<Offer>,
    bounds: Bounds,
}

impl<'a> Planner<'a> {
    /// Refuses what leaves the limits of this module.
    pub fn new(input: &'a PlanInput) -> Result<Self, PlanError> {
        Self::with(input, &EFFORTS)
    }

    pub(super) fn with(input: &'a PlanInput, efforts: &[Effort]) -> Result<Self, PlanError> {
        wire::check(input)?;
        let demand = Demand::of(input);
        let prefix = consume_lots(&demand, &input.lots);
        let bounds = Bounds::new(prefix.served, efforts);
        Ok(Self { input, offers: offer::offers(input)?, demand, prefix, bounds })
    }

    /// The cheapest purchases.
    pub fn best(&self) -> Result<Plan, PlanError> {
        match self.rest(self.prefix.served, self.input.max_purchases)? {
            Some(bought) => self.statement(&bought).map(Plan::Optimal),
            None => Ok(Plan::Infeasible),
        }
    }

    /// The cheapest purchases that start with a given pack of the price list; nothing if nothing must be bought or no such
    /// plan exists.
    pub fn starting_with(&self, first: &PlanPack) -> Result<Option<Purchases>, PlanError> {
        let Some(pack) = self.input.packs.iter().position(|pack| pack == first) else { return Ok(None) };
        let max_purchases = self.input.max_purchases;
        if self.prefix.served == self.demand.total() || max_purchases == Some(0) {
            return Ok(None);
        }
        let first = Offer { calls: first.calls.get(), days: first.days.get().into(), cost: 0, pack };
        let reach = self.demand.reach(self.prefix.served, &first);
        let left = max_purchases.map(|max| max.saturating_sub(1));
        let Some(rest) = self.rest(reach, left)? else { return Ok(None) };
        self.statement(&[vec![first], rest].concat()).map(Some)
    }

    /// Returns the purchases of one pack and no other; `None` if nothing must be bought, it cannot serve, or it takes more
    /// than [`ONE_PACK_MAX`] of them.
    pub fn only(&self, pack: &PlanPack) -> Result<Option<Purchases>, PlanError> {
        let Some(index) = self.input.packs.iter().position(|known| known == pack) else { return Ok(None) };
        let offer = Offer { calls: pack.calls.get(), days: pack.days.get().into(), cost: 0, pack: index };
        let most = self.input.max_purchases.and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX);
        let mut call = self.prefix.served;
        let mut bought = Vec::new();
        while call < self.demand.total() {
            let reach = self.demand.reach(call, &offer);
            if reach <= call || bought.len() >= most.min(ONE_PACK_MAX) {
                return Ok(None);
            }
            bought.push(offer);
            call = reach;
        }
        if bought.is_empty() { Ok(None) } else { self.statement(&bought).map(Some) }
    }

    /// The best purchases for the calls from one on.
    fn rest(&self, start: u64, max_purchases: Option<u64>) -> Result<Option<Vec<Offer>>, PlanError> {
        let problem = Problem { demand: &self.demand, offers: &self.offers, start, max_purchases };
        search::best(problem, &self.bounds)
    }

    fn statement(&self, bought: &[Offer]) -> Result<Purchases, PlanError> {
        statement(self.input, &self.demand, &self.prefix, bought)
    }
}
