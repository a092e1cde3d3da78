//! The lease by which one computer of a shop guards at a time (docs/billing-rules.md §18), as the member-card platform keeps
//! it.

use std::sync::Arc;

use super::scene::{Scene, may_guard};
use crate::api::{ErrorCode, GuardState};
use crate::context::{Context, JobKey};
use crate::error::Error;
use crate::infra::backoff::Backoff;
use crate::infra::jobs::Attempt;
use crate::member_card::platform::member_card_key;
use crate::secrets::Secret;
use crate::store::accounts::Account;
use crate::store::guards;
use crate::store::settings::{self, Setting};

/// Longer than lies between two looks of a guard that waits.
const LEASE_SECONDS: u32 = 40 * 60;

/// Takes or renews the lease of this computer; `None` where the platform has none and the shop chose this computer.
/// Errors: `guarded_elsewhere`, `guard_computer_not_chosen`, everything the platform can say.
pub(super) async fn take_lease(
    context: &Context,
    scene: &Scene,
    key: &Secret<String>,
) -> Result<Option<String>, Error> {
    let environment = scene.known.account.environment;
    let holder = holder(context).await?;
    let platform = context.member_card(environment)?;
    let taken = platform.take_lease(key, &holder, &label_of(&holder), LEASE_SECONDS).await;
    match taken.map_err(context.client_error(environment)) {
        Ok(()) => Ok(Some(holder)),
        Err(error) if error.code() == ErrorCode::MemberCardNotOffered => {
            let is_chosen = scene.guard.this_computer;
            let refused = || Error::refused(ErrorCode::GuardComputerNotChosen);
            if is_chosen { Ok(None) } else { Err(refused()) }
        }
        Err(error) => Err(error),
    }
}

/// The lease that was taken for this look.
pub(super) async fn lease_holder(context: &Context, scene: &Scene) -> Result<Option<String>, Error> {
    let key = member_card_key(context, &scene.known.account).await?;
    take_lease(context, scene, &key).await
}

/// By what the platform tells this computer from others.
async fn holder(context: &Context) -> Result<String, Error> {
    let fresh = context.new_id();
    Ok(context.store.write_ledger(move |db| settings::guard_holder(db, fresh)).await?)
}

/// What a person knows this computer by: the last four digits of its random name.
pub(super) fn label_of(holder: &str) -> String {
    holder.get(holder.len().saturating_sub(4)..).unwrap_or(holder).to_uppercase()
}

/// Gives the lease of a computer that guards no longer back in the background, so that another one need not wait for its
/// end. Asked once: a platform that does not hear of it lets it run out.
pub(crate) fn give_back_in_background(context: &Context, account: &Account) {
    let (account, clock) = (account.clone(), Arc::clone(&context.setup.clock));
    let backoff = Backoff::since(clock.now(), clock);
    context.start_job(JobKey::GuardLease(account.id.clone()), backoff, move |context| {
        let account = account.clone();
        async move {
            if let Err(error) = give_back(&context, &account).await {
                drop(context.report(&error));
            }
            Attempt::Done
        }
    });
}

/// The same for an account that is put away or removed with its guard on.
pub(crate) async fn end_with_account(context: &Context, account: &Account) -> Result<(), Error> {
    let id = account.id.clone();
    let guard = context.store.ledger(move |db| guards::of(db, &id)).await?;
    if guard.is_some_and(|guard| guard.state == GuardState::On) {
        give_back_in_background(context, account);
    }
    Ok(())
}

async fn give_back(context: &Context, account: &Account) -> Result<(), Error> {
    // A look that is under way may take the lease yet.
    let _turn = context.lock_for(&format!("guard:{}", account.id)).await;
    let id = account.id.clone();
    let read =
        context.store.ledger(move |db| Ok((guards::of(db, &id)?, settings::get(db, Setting::GuardHolder)?)));
    let (guard, holder): (_, Option<String>) = read.await?;
    let Some(holder) = holder else { return Ok(()) };
    let is_on = guard.is_some_and(|guard| guard.state == GuardState::On);
    // Gone, where the account is on its way out.
    let known = context.snapshot(&account.id).await.ok();
    if is_on && known.is_some_and(|known| may_guard(&known)) {
        // Switched on again meanwhile.
        return Ok(());
    }
    let key = member_card_key(context, account).await?;
    let platform = context.member_card(account.environment)?;
    let given = platform.take_lease(&key, &holder, &label_of(&holder), 0).await;
    match given.map_err(context.client_error(account.environment)) {
        // Another computer has it already, or there are no leases: nothing to give back.
        Err(error)
            if !matches!(error.code(), ErrorCode::GuardedElsewhere | ErrorCode::MemberCardNotOffered) =>
        {
            Err(error)
        }
        _ => Ok(()),
    }
}
