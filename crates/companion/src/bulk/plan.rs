//! Planning: who should get how many calls of a bulk order.

use std::sync::Arc;

use billing_core::allocate::{self, PACKS_MAX, Receiver, RetailPack, Share};
use billing_core::time::beijing_day;
use billing_core::{Calls, Days};
use chrono::NaiveDate;

use crate::api::{
    AllocationPlanView, AllocationState, ConvertiblePackView, Day, ErrorCode, ShareKind, ShareView,
};
use crate::bulk::allocation::get_allocations;
use crate::bulk::provider::{find_provider, get_bulk_orders, get_convertible_packs};
use crate::bulk::state::Bulk;
use crate::bulk::under_way::{COUNTS_FOR, is_just_served, under_way};
use crate::context::Context;
use crate::error::Error;
use crate::forecast::outlook::{Outlook, outlook};
use crate::forecast::stock::{remaining_from, remaining_now};
use crate::onboarding::verdict::quick;
use crate::snapshot::AccountSnapshot;
use crate::store::allocations::{self, Allocation};

/// Longest time to cover. A pack lasts a year at most.
const COVER_DAYS_MAX: u32 = 365;
/// Offered: a month, and the three validities of packs.
const COVER_CHOICES: [u32; 4] = [30, 90, 180, 365];
/// A quarter: long enough to be rare, short enough to be foreseen.
const COVER_USUAL: u32 = 90;

/// What is known of one account, and what the billing core needs to know of it.
struct Candidate {
    view: ShareView,
    receiver: Option<Receiver>,
}

/// Who should get how many calls of an order, so that nobody runs dry within `cover_days` days (1 to 365; 90
/// unless given). Asks WeChat for the order and its packs; the accounts' usage is what was read last. Errors: `figures_invalid`,
/// `order_wrong`, everything WeChat can say, `keyring_…`.
pub(crate) async fn plan_allocations(
    context: &Context,
    bulk: &Arc<Bulk>,
    provider: &str,
    order: &str,
    cover_days: Option<u32>,
) -> Result<AllocationPlanView, Error> {
    let cover_days = cover_days.unwrap_or(COVER_USUAL);
    if !(1..=COVER_DAYS_MAX).contains(&cover_days) {
        return Err(Error::refused(ErrorCode::FiguresInvalid));
    }
    let orders = get_bulk_orders(context, &bulk.usage.tokens, provider).await?;
    let found = orders.into_iter().find(|found| found.id == order);
    let found = found.ok_or_else(|| Error::refused(ErrorCode::OrderWrong))?;
    let packs = get_convertible_packs(context, &bulk.usage.tokens, provider, order).await?;
    let left = left_of(context, bulk, provider, order, found.total.zip(found.used), &packs).await?;
    let mut candidates = candidates(context, provider, &packs).await?;
    let usable: Vec<(usize, RetailPack)> = packs.iter().enumerate().filter_map(usable_pack).collect();
    let retail: Vec<RetailPack> = usable.iter().map(|(_, pack)| *pack).collect();
    let receivers: Vec<Receiver> = candidates.iter().filter_map(|one| one.receiver).collect();
    let total = Calls::new(left).unwrap_or(Calls::MAX).into();
    let mut shares = allocate::allocate(&receivers, &retail, total, cover_days).into_iter();
    for candidate in &mut candidates {
        let Some(share) = candidate.receiver.and_then(|_| shares.next()) else { continue };
        let view = &mut candidate.view;
        view.kind = match share {
            Share::Enough => ShareKind::Enough,
            Share::PoolTooSmall => ShareKind::PoolTooSmall,
            Share::NoPack => ShareKind::NoPack,
            Share::Packs { pack, count, calls } => {
                let index = usable.get(pack).map(|(index, _)| *index);
                view.sku = index.and_then(|index| packs.get(index)).map(|pack| pack.sku.clone());
                view.count = u32::try_from(count).unwrap_or(u32::MAX);
                view.calls = calls.get();
                ShareKind::Allocate
            }
        };
    }
    let mut shares: Vec<ShareView> = candidates.into_iter().map(|candidate| candidate.view).collect();
    shares.sort_by(|a, b| rank(a).cmp(&rank(b)));
    Ok(AllocationPlanView {
        order: order.to_owned(),
        cover_days,
        cover_choices: COVER_CHOICES.to_vec(),
        left,
        planned: shares.iter().fold(0, |sum: u64, share| sum.saturating_add(share.calls)),
        packs,
        shares,
        packs_max: u32::try_from(PACKS_MAX).unwrap_or(u32::MAX),
    })
}

/// A bulk order that still has calls, and the packs that it can be turned into.
pub(crate) struct Pool {
    pub(crate) order: String,
    /// Calls that nobody has.
    pub(crate) left: u64,
    pub(crate) packs: Vec<ConvertiblePackView>,
}

/// The order of a provider's that ends first of those with calls left; asks WeChat. Errors: everything WeChat can say,
/// `keyring_…`.
pub(crate) async fn first_pool(
    context: &Context,
    bulk: &Arc<Bulk>,
    provider: &str,
) -> Result<Option<Pool>, Error> {
    let now = context.now(find_provider(context, provider).await?.environment);
    let mut orders = get_bulk_orders(context, &bulk.usage.tokens, provider).await?;
    orders.retain(|order| order.valid_until.is_none_or(|until| until.0 > now));
    orders.sort_by_key(|order| order.valid_until.map(|until| until.0));
    for order in orders {
        let packs = get_convertible_packs(context, &bulk.usage.tokens, provider, &order.id).await?;
        let left = left_of(context, bulk, provider, &order.id, order.total.zip(order.used), &packs).await?;
        if left > 0 && !packs.is_empty() {
            return Ok(Some(Pool { order: order.id, left, packs }));
        }
    }
    Ok(None)
}

/// Calls of the pool that nobody has, as far as is known: WeChat's own figure does not count what it has not got yet.
async fn left_of(
    context: &Context,
    bulk: &Arc<Bulk>,
    provider: &str,
    order: &str,
    pool: Option<(u64, u64)>,
    packs: &[ConvertiblePackView],
) -> Result<u64, Error> {
    let (total, used) = pool.unwrap_or_default();
    let sent = get_allocations(context, bulk, provider).await?.into_iter();
    let under_way = sent.filter(|one| one.order == order && one.state == AllocationState::Open);
    let calls = under_way.filter_map(|one| packs.iter().find(|pack| pack.sku == one.sku)?.calls);
    Ok(calls.fold(total.saturating_sub(used), u64::saturating_sub))
}

/// The accounts of the provider's environment; mini-games have no product in bulk (docs/billing-rules.md §2).
async fn candidates(
    context: &Context,
    provider: &str,
    packs: &[ConvertiblePackView],
) -> Result<Vec<Candidate>, Error> {
    let environment = find_provider(context, provider).await?.environment;
    let since = context.now(environment) - COUNTS_FOR;
    let sent = context.store.ledger(move |db| allocations::recent(db, since)).await?;
    let mut candidates = Vec::new();
    for known in context.snapshots().await? {
        let is_offered = quick(known.account.kind).is_some_and(|tariff| tariff.bulk_spu_id.is_some());
        if is_offered && known.account.environment == environment && known.account.archived_at.is_none() {
            let outlook = outlook(context, &known).await?;
            candidates.push(candidate(&known, &outlook, &sent, packs));
        }
    }
    Ok(candidates)
}

/// A pack whose size and validity WeChat lists, with its index in the list.
fn usable_pack((index, pack): (usize, &ConvertiblePackView)) -> Option<(usize, RetailPack)> {
    let calls = Calls::new(pack.calls?).ok().filter(|calls| !calls.is_zero())?;
    Some((index, RetailPack { calls, days: Days::new(u64::from(pack.days?)).ok()? }))
}

fn candidate(
    known: &AccountSnapshot,
    outlook: &Outlook,
    sent: &[Allocation],
    packs: &[ConvertiblePackView],
) -> Candidate {
    let app_id = known.connection.as_ref().and_then(|connection| connection.app_id.clone());
    let lots = remaining_from(known, known.now);
    let today = beijing_day(known.now);
    let is_dry = lots.as_ref().is_some_and(|lots| lots.iter().all(|lot| lot.remaining.is_zero()));
    let dates = outlook.dates();
    // Shown is the date that every page shows; cover is reckoned from the cautious one.
    let dry_on = if is_dry { Some(today) } else { dates.and_then(|dates| dates.likely) };
    let earliest = if is_dry { Some(today) } else { dates.and_then(|dates| dates.earliest) };
    let days = earliest.map(|day| day.signed_duration_since(today).num_days().max(0));
    let sent: Vec<&Allocation> =
        sent.iter().filter(|one| Some(&one.receiver_app_id) == app_id.as_ref()).collect();
    let under_way = under_way(&sent, known.figures.as_ref(), packs, known.now);
    let is_served = sent.iter().any(|one| is_just_served(one, known.now));
    let receiver = match (&app_id, &lots, outlook.monthly()) {
        _ if known.is_free() || under_way.is_some() || is_served => None,
        (Some(_), Some(_), Some(volume)) => Some(Receiver {
            dry_in_days: days.and_then(|days| u32::try_from(days).ok()),
            monthly: Calls::new(volume.calls).unwrap_or(Calls::MAX),
        }),
        _ => None,
    };
    let view = ShareView {
        account: known.account.id.clone(),
        name: known.account.name.clone(),
        app_id,
        kind: match &under_way {
            Some(_) => ShareKind::UnderWay,
            None if known.is_free() || is_served => ShareKind::Enough,
            None => ShareKind::Unknown,
        },
        dry_on: dry_on.map(Day),
        remaining: remaining_now(known),
        sku: None,
        count: 0,
        calls: 0,
        under_way,
    };
    Candidate { view, receiver }
}

/// Those who need something first, the most urgent of them first.
fn rank(share: &ShareView) -> (u8, NaiveDate, &str) {
    let urgency = match share.kind {
        ShareKind::Allocate | ShareKind::PoolTooSmall | ShareKind::NoPack => 0,
        ShareKind::UnderWay | ShareKind::Enough => 1,
        ShareKind::Unknown => 2,
    };
    // What has no date comes after every date.
    (urgency, share.dry_on.map_or(NaiveDate::MAX, |day| day.0), &share.name)
}
