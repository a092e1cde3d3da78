use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Day, Drawback, Instant, Money, MonthlyAverage, OrderId, PackId, PricePerCall, Reading};

/// One row of the price list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PackView {
    #[ts(as = "PackId")]
    pub id: String,
    pub calls: u64,
    pub days: u32,
    /// Yuan, two decimals.
    pub price: Money,
    pub list_price: Money,
    /// Yuan less than the list price; `None` without a discount.
    pub saves: Option<Money>,
    /// Yuan a call, up to four decimals.
    pub price_per_call: PricePerCall,
    /// Where the row was seen, and when.
    pub source: String,
    pub as_of: Day,
    /// The row is our assumption, not seen on a screen.
    pub assumed: bool,
    /// The next twelve months with what the shop has, if this pack is bought first: the same plan as in `PlansView`.
    /// `None`: it would take very many purchases, or no plan is possible.
    pub year: Option<PackYear>,
    /// Calls that would end unused because of it, were it bought today: an estimate.
    pub wasted_if_now: u64,
    /// The id of a pack that is never dearer and never more bother.
    #[ts(as = "Option<PackId>")]
    pub beaten_by: Option<String>,
    /// So little of it would be used before it ends that it is no choice.
    pub far_beyond: bool,
    /// From how many calls it pays against smaller packs; `None` for the smallest.
    pub break_even: Option<BreakEvenView>,
}

/// What twelve months come to: an estimate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PackYear {
    /// Yuan.
    pub cost: Money,
    /// Calls of packs and lots that expire unused.
    pub wasted: u64,
    /// Calls still usable afterwards.
    pub left: u64,
    pub purchases: u32,
    /// What is bought, in the order of the first purchase of each; empty where nothing has to be.
    pub packs: Vec<BoughtPacks>,
}

/// A pack and how often it is bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BoughtPacks {
    #[ts(as = "PackId")]
    pub pack: String,
    pub times: u32,
}

/// From how many calls within its validity a pack costs less than any smaller ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BreakEvenView {
    /// The smaller pack with the cheapest calls.
    #[ts(as = "PackId")]
    pub against: String,
    /// Above so many calls; `None`: its calls are no cheaper, it only means fewer errands.
    pub above: Option<u64>,
}

/// The catalogue with advice for one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PacksView {
    /// Calls a month the advice is for.
    pub monthly_calls: u64,
    /// The volume is WeChat's "50 or fewer" or a typed guess, not a reading.
    pub monthly_is_estimate: bool,
    /// WeChat's recent average, which the console shows next to its packs; `None` where it is not known.
    pub average: Option<Reading<MonthlyAverage>>,
    pub remaining: u64,
    /// What is left ends by the date of its last pack, not by use.
    pub ends_by_expiry: bool,
    pub advice: Advice,
    pub packs: Vec<PackView>,
}

/// What we would do as the shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Advice {
    /// What is there lasts; a dated pack would only age.
    BuyNothing { look_again: Day, lasts_until: Option<Day> },
    Buy {
        #[ts(as = "PackId")]
        pack: String,
        /// Yuan over the next twelve months.
        year_cost: Money,
        year_wasted: u64,
        year_purchases: u32,
        /// What the plan buys, in the order of the first purchase of each.
        packs: Vec<BoughtPacks>,
        runner_up: Option<RunnerUp>,
    },
    /// The figures are too old to advise from.
    TooOld,
}

/// The next best choice with other packs, and what is worse about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RunnerUp {
    #[ts(as = "PackId")]
    pub pack: String,
    pub drawback: Drawback,
}

/// Where a purchase stands, as far as the app can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PurchaseState {
    /// Picked, not yet handed over to the console.
    Picked,
    /// Handed over; waiting for the pack to show up in the usage interface.
    Waiting,
    /// A new paid lot with these calls and this validity was seen.
    Arrived,
    /// A new paid lot was seen, but not the picked one.
    ArrivedDifferent,
    /// The shop stopped waiting.
    GivenUp,
}

/// A purchase: what was picked, and its arrival.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PurchaseView {
    #[ts(as = "OrderId")]
    pub id: String,
    #[ts(as = "PackId")]
    pub pack: String,
    pub calls: u64,
    pub days: u32,
    pub price: Money,
    pub state: PurchaseState,
    pub picked_at: Instant,
    pub handed_over_at: Option<Instant>,
    pub arrived_at: Option<Instant>,
    /// WeChat's pkgId of the lot that arrived.
    pub lot: Option<String>,
    /// Calls of the lot that arrived, if it differs from the picked pack.
    pub arrived_calls: Option<u64>,
    pub effective_at: Option<Instant>,
    pub expires_at: Option<Instant>,
    /// Seven days from payment; `None` before arrival.
    pub refundable_until: Option<Instant>,
    /// When the usage interface was last asked while waiting.
    pub last_checked: Option<Instant>,
}
