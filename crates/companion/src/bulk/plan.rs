//! Handing a bulk order on to many accounts: who should get how much, and sending it all.

use billing_core::allocate::{self, PACKS_MAX, Receiver, RetailPack, Share};
use billing_core::time::beijing_day;
use billing_core::{Calls, Days};

use crate::app::Companion;
use crate::bulk::allocation::{allocation_view, is_unsettled};
use crate::error::Error;
use crate::forecast::outlook::Outlook;
use crate::forecast::stock::{Volume, remaining_lots};
use crate::snapshot::{Known, Stored};
use crate::store::allocations::{self, Allocation};
use crate::views::{
    AllocationPlanView, AllocationState, AllocationView, ConvertiblePackView, ErrorCode, PickedShare,
    ShareKind, ShareView, Tag,
};
use crate::wechat_auth::credentials::given_app_id;

/// Longest time to cover. A pack lasts a year at most.
const COVER_DAYS_MAX: u32 = 365;
/// Offered: a month, and the three validities of packs.
const COVER_CHOICES: [u32; 4] = [30, 90, 180, 365];
/// A quarter: long enough to be rare, short enough to be foreseen.
const COVER_USUAL: u32 = 90;
/// Most allocations sent at once: a thousand accounts with all the packs one may get.
const PICKS_MAX: usize = 20_000;

/// What is known of one account, and what the billing core needs to know of it.
struct Candidate {
    view: ShareView,
    receiver: Option<Receiver>,
}

impl Companion {
    /// Who should get how many calls of an order, so that nobody runs dry within `cover_days` days (1 to 365; 90
    /// unless given). Asks WeChat for the order and its packs; the accounts' usage is what was read last. Errors: `figures_invalid`,
    /// `order_wrong`, everything WeChat can say, `keyring_…`.
    pub async fn plan_allocations(
        &self,
        provider: &str,
        order: &str,
        cover_days: Option<u32>,
    ) -> Result<AllocationPlanView, Error> {
        let cover_days = cover_days.unwrap_or(COVER_USUAL);
        if !(1..=COVER_DAYS_MAX).contains(&cover_days) {
            return Err(Error::refused(ErrorCode::FiguresInvalid));
        }
        let orders = self.get_bulk_orders(provider).await?;
        let found = orders.into_iter().find(|found| found.id == order);
        let found = found.ok_or_else(|| Error::refused(ErrorCode::OrderWrong))?;
        let packs = self.get_convertible_packs(provider, order).await?;
        let left = self.left_of(provider, order, found.total.zip(found.used), &packs).await?;
        let mut candidates = self.candidates(provider).await?;
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
                    let place = usable.get(pack).map(|(place, _)| *place);
                    view.sku = place.and_then(|place| packs.get(place)).map(|pack| pack.sku.clone());
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

    /// Calls of the pool that nobody has, as far as is known: WeChat's own figure does not count what it has not got yet.
    async fn left_of(
        &self,
        provider: &str,
        order: &str,
        pool: Option<(u64, u64)>,
        packs: &[ConvertiblePackView],
    ) -> Result<u64, Error> {
        let (total, used) = pool.unwrap_or_default();
        let sent = self.get_allocations(provider).await?.into_iter();
        let under_way = sent.filter(|one| one.order == order && one.state == AllocationState::Open);
        let calls = under_way.filter_map(|one| packs.iter().find(|pack| pack.sku == one.sku)?.calls);
        Ok(calls.fold(total.saturating_sub(used), u64::saturating_sub))
    }

    /// The accounts of the provider's environment.
    async fn candidates(&self, provider: &str) -> Result<Vec<Candidate>, Error> {
        let environment = self.provider(provider).await?.environment;
        let mut candidates = Vec::new();
        for Stored { known, outlook, .. } in self.all_stored().await? {
            if known.account.environment == environment && known.account.archived_at.is_none() {
                let outlook = self.outlook_from(&known, outlook).await?;
                candidates.push(candidate(&known, &outlook));
            }
        }
        Ok(candidates)
    }

    /// Writes down everything that is to be sent, then sends it in the background, one after the other; the answer has
    /// all of it. What was written down is sent also after a crash, each under the request id it has from the start.
    /// Errors: `allocation_invalid`; then nothing was written down.
    pub async fn send_allocations(
        &self,
        provider: &str,
        order: &str,
        picks: Vec<PickedShare>,
    ) -> Result<Vec<AllocationView>, Error> {
        let provider = self.provider(provider).await?;
        let invalid = || Error::refused(ErrorCode::AllocationInvalid);
        let order = order.trim();
        let now = self.now(provider.environment);
        let mut sent = Vec::new();
        for pick in picks {
            let (sku, count) = (pick.sku.trim(), u64::from(pick.count));
            if sku.is_empty() || order.is_empty() || !(1..=PACKS_MAX).contains(&count) {
                return Err(invalid());
            }
            let receiver = given_app_id(&pick.app_id).map_err(|_| invalid())?;
            sent.extend((0..count).map(|_| Allocation {
                id: self.new_id(),
                provider: provider.id.clone(),
                order_id: order.to_owned(),
                sku_id: sku.to_owned(),
                receiver_app_id: receiver.clone(),
                state: AllocationState::Open,
                tries: 0,
                asked_at: now,
                cancel_asked_at: None,
                code: None,
            }));
        }
        if sent.is_empty() || sent.len() > PICKS_MAX {
            return Err(invalid());
        }
        let written = sent.clone();
        let write = self
            .shared
            .store
            .ledger(move |db| written.iter().try_for_each(|allocation| allocations::save(db, allocation)));
        write.await?;
        self.changed_everywhere(&[Tag::Bulk]);
        let ids: Vec<String> = sent.iter().map(|allocation| allocation.id.clone()).collect();
        self.send_in_background(ids);
        Ok(sent.into_iter().map(|allocation| allocation_view(allocation, now)).collect())
    }

    /// Asks again now for every allocation of a provider whose outcome is not known, under its own request id. Errors:
    /// `not_found`.
    pub async fn retry_allocations(&self, provider: &str) -> Result<Vec<AllocationView>, Error> {
        let known = self.get_allocations(provider).await?;
        let open = known.into_iter().filter(|one| is_unsettled(one.state)).map(|one| one.id);
        self.send_in_background(open.collect());
        self.get_allocations(provider).await
    }

    /// One after the other; what is not settled at once is followed behind.
    fn send_in_background(&self, ids: Vec<String>) {
        let companion = self.inner();
        self.in_background(async move {
            for id in ids {
                let step = companion.settle_once(&id).await;
                if let Err(error) = &step {
                    companion.report(error);
                }
                companion.changed_everywhere(&[Tag::Bulk]);
                let settled = match step {
                    Ok(state) => !is_unsettled(state),
                    Err(error) => error.retry() == crate::views::Retry::Never,
                };
                if !settled {
                    companion.settle_in_background(id);
                }
            }
        });
    }
}

/// A pack whose size and validity WeChat told, with its place in the list.
fn usable_pack((place, pack): (usize, &ConvertiblePackView)) -> Option<(usize, RetailPack)> {
    let calls = Calls::new(pack.calls?).ok().filter(|calls| !calls.is_zero())?;
    Some((place, RetailPack { calls, days: Days::new(u64::from(pack.days?)).ok()? }))
}

fn candidate(known: &Known, outlook: &Outlook) -> Candidate {
    let app_id = known.facts.connection.as_ref().and_then(|connection| connection.app_id.clone());
    let lots = remaining_lots(known).map(|(lots, _)| lots);
    let volume = Volume::known(known);
    let today = beijing_day(known.now);
    let is_dry = lots.as_ref().is_some_and(|lots| lots.iter().all(|lot| lot.remaining.is_zero()));
    let dry_on = if is_dry { Some(today) } else { outlook.dates().and_then(|dates| dates.earliest) };
    let days = dry_on.map(|day| day.signed_duration_since(today).num_days().max(0));
    let receiver = match (&app_id, &lots, volume) {
        _ if known.facts.is_free() => None,
        (Some(_), Some(_), Some(volume)) => Some(Receiver {
            dry_in_days: days.and_then(|days| u32::try_from(days).ok()),
            monthly: volume.calls(),
        }),
        _ => None,
    };
    let remaining =
        lots.map(|lots| lots.iter().fold(0, |sum: u64, lot| sum.saturating_add(lot.remaining.get())));
    let view = ShareView {
        account: known.account.id.clone(),
        name: known.account.name.clone(),
        app_id,
        kind: if known.facts.is_free() { ShareKind::Enough } else { ShareKind::Unknown },
        dry_on: dry_on.map(|day| day.to_string()),
        remaining,
        sku: None,
        count: 0,
        calls: 0,
    };
    Candidate { view, receiver }
}

/// Those who need something first, the most urgent of them first.
fn rank(share: &ShareView) -> (u8, &str, &str) {
    let place = match share.kind {
        ShareKind::Allocate | ShareKind::PoolTooSmall | ShareKind::NoPack => 0,
        ShareKind::Enough => 1,
        ShareKind::Unknown => 2,
    };
    // What has no date comes after every date.
    (place, share.dry_on.as_deref().unwrap_or("~"), &share.name)
}
