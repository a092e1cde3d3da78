//! Sending what the shop picked: written down together, then sent one call each.

use std::sync::Arc;

use std::collections::BTreeMap;

use billing_core::allocate::PACKS_MAX;
use chrono::{DateTime, Utc};

use crate::api::{
    AllocationState, AllocationView, BusyReceiver, ErrorCode, Instant, PickedShare, SendAnswer, Tag,
};
use crate::bulk::allocation::{allocation_view, follow, get_allocations, is_unsettled, receiver_names};
use crate::bulk::provider::find_provider;
use crate::bulk::state::{Bulk, is_unclear};
use crate::bulk::under_way::{COUNTS_FOR, JUST_SERVED, is_just_served};
use crate::context::Context;
use crate::error::Error;
use crate::store::allocations::{self, Allocation, Provider};
use crate::store::{accounts, connections, settings};
use crate::wechat_auth::credentials::given_app_id;

/// Most allocations sent at once: a thousand accounts with all the packs one may get.
const PICKS_MAX: usize = 20_000;
/// An id of a page's making: 36 characters in a UUID.
const BATCH_MAX: usize = 64;

/// Writes down everything that is to be sent, then sends it in the background; the answer has all of it. What was
/// written down is sent once, under the request id it has from the start. A `batch` that was written down before is not
/// written down again, whatever was picked: its allocations are the answer. Without `again`, nothing is written down
/// when a receiver has an allocation under way or was served within the hour, or the ledger was restored within the day and
/// does not know what was sent after the backup; the answer says which. Errors: `allocation_invalid`; then nothing was
/// written down.
pub(crate) async fn send_allocations(
    context: &Context,
    bulk: &Arc<Bulk>,
    provider: &str,
    order: &str,
    picks: Vec<PickedShare>,
    batch: &str,
    again: bool,
) -> Result<SendAnswer, Error> {
    // It is not removed meanwhile.
    let lock = context.lock_for(provider).await;
    let provider = find_provider(context, provider).await?;
    let now = context.now(provider.environment);
    let wanted = picked(context, &provider, order, picks, batch, now)?;
    let (owner, batch) = (provider.id.clone(), batch.to_owned());
    let restored_after = context.setup.clock.now() - COUNTS_FOR;
    let write = context.store.write_ledger(move |db| {
        let before = allocations::of_batch(db, &owner, &batch)?;
        if !before.is_empty() {
            return Ok(Written::Before(before));
        }
        let recent = allocations::recent(db, now - JUST_SERVED)?;
        let busy = if again { Vec::new() } else { busy(&recent, &wanted, now) };
        let restored_at = settings::restored_at(db)?.filter(|at| !again && *at > restored_after);
        if !busy.is_empty() || restored_at.is_some() {
            return Ok(Written::No(
                Busy { receivers: busy, restored_at },
                connections::all(db)?,
                accounts::all(db)?,
            ));
        }
        wanted.iter().try_for_each(|allocation| allocations::save(db, allocation))?;
        Ok(Written::Now(wanted))
    });
    let written = write.await?;
    drop(lock);
    let sent = match written {
        Written::No(busy, connections, accounts) => {
            let names = receiver_names(&accounts, &connections, provider.environment);
            let receiver = |(app_id, allocations): (String, u32)| BusyReceiver {
                name: names.get(&app_id).cloned(),
                app_id,
                allocations,
            };
            return Ok(SendAnswer::AskFirst {
                receivers: busy.receivers.into_iter().map(receiver).collect(),
                restored_at: busy.restored_at.map(Instant),
            });
        }
        Written::Before(sent) => sent,
        Written::Now(sent) => {
            bulk.note_activity(now);
            for allocation in &sent {
                follow(context, bulk, allocation, provider.environment);
            }
            sent
        }
    };
    context.changed_everywhere(&[Tag::Bulk]);
    let allocations =
        sent.into_iter().map(|allocation| allocation_view(context, bulk, allocation, now)).collect();
    Ok(SendAnswer::Sent { allocations })
}

fn picked(
    context: &Context,
    provider: &Provider,
    order: &str,
    picks: Vec<PickedShare>,
    batch: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Allocation>, Error> {
    let invalid = || Error::refused(ErrorCode::AllocationInvalid);
    let order = order.trim();
    if order.is_empty() || !(1..=BATCH_MAX).contains(&batch.len()) {
        return Err(invalid());
    }
    let mut wanted = Vec::new();
    for pick in picks {
        let (sku, count) = (pick.sku.trim(), u64::from(pick.count));
        if sku.is_empty() || !(1..=PACKS_MAX).contains(&count) {
            return Err(invalid());
        }
        let receiver = given_app_id(&pick.app_id).map_err(|_| invalid())?;
        wanted.extend((0..count).map(|_| Allocation {
            id: context.new_id(),
            provider: provider.id.clone(),
            order_id: order.to_owned(),
            sku_id: sku.to_owned(),
            receiver_app_id: receiver.clone(),
            state: AllocationState::Open,
            attempts: 0,
            asked_at: now,
            cancel_asked_at: None,
            code: None,
            batch: Some(batch.to_owned()),
            done_at: None,
        }));
        if wanted.len() > PICKS_MAX {
            return Err(invalid());
        }
    }
    if wanted.is_empty() { Err(invalid()) } else { Ok(wanted) }
}

/// Asks now for every allocation of a provider whose outcome is not known, under its own request id; what was never
/// sent is sent. Errors: `not_found`.
pub(crate) async fn retry_allocations(
    context: &Context,
    bulk: &Arc<Bulk>,
    provider: &str,
) -> Result<Vec<AllocationView>, Error> {
    let found = find_provider(context, provider).await?;
    let id = found.id.clone();
    let write = context.store.write_ledger(move |db| {
        let mut all = allocations::of(db, &id)?;
        for allocation in all.iter_mut().filter(|one| is_unclear(one)) {
            // WeChat may know it by now: then the next call is a question, whatever it looks like here.
            allocation.attempts = allocation.attempts.max(1);
            allocation.code = None;
            allocations::save(db, allocation)?;
        }
        Ok(all)
    });
    let all = write.await?;
    bulk.note_activity(context.now(found.environment));
    // The oldest first, as they were sent.
    for allocation in all.iter().rev().filter(|one| is_unsettled(one.state)) {
        follow(context, bulk, allocation, found.environment);
    }
    get_allocations(context, bulk, provider).await
}

/// Why nothing was written down.
struct Busy {
    /// With the number of such allocations.
    receivers: Vec<(String, u32)>,
    restored_at: Option<DateTime<Utc>>,
}

/// What became of writing a batch down.
enum Written {
    Now(Vec<Allocation>),
    Before(Vec<Allocation>),
    No(Busy, std::collections::HashMap<String, connections::Connection>, Vec<accounts::Account>),
}

/// Receivers of `wanted` that have something under way or were served just now, with the number of such allocations.
fn busy(recent: &[Allocation], wanted: &[Allocation], now: DateTime<Utc>) -> Vec<(String, u32)> {
    let mut busy: BTreeMap<&str, u32> = BTreeMap::new();
    let counts = recent.iter().filter(|one| match one.state {
        AllocationState::Open | AllocationState::Accepted => true,
        AllocationState::Done => is_just_served(one, now),
        AllocationState::Cancelling | AllocationState::Cancelled | AllocationState::Failed => false,
    });
    for one in counts.filter(|one| wanted.iter().any(|two| two.receiver_app_id == one.receiver_app_id)) {
        *busy.entry(&one.receiver_app_id).or_default() += 1;
    }
    busy.into_iter().map(|(receiver, count)| (receiver.to_owned(), count)).collect()
}
