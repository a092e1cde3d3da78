//! The acquisition mode: intent, call, read back, outcome. An intent is sent by the same request id, so that the platform
//! makes one change of it, however often it is sent; and for ten minutes at most, in the run in which the person wanted it.
//! After that it is shown as not finished, and nothing is sent before the person says so.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::OwnedMutexGuard;

use crate::api::{
    AcquisitionMode, ChangeReason, ChangeState, ChangedBy, ErrorCode, MemberCardView, Retry, Tag, WizardView,
};
use crate::clients::ModeWish;
use crate::context::{Context, JobKey};
use crate::error::Error;
use crate::infra::jobs::Attempt;
use crate::member_card::history::{close, drop_open, open_guard_intent, open_intent};
use crate::member_card::platform::{
    cached_settings, get_member_card, member_card_key, note_settings, settings_of,
};
use crate::member_card::under_way::{ModeChanges, UnderWay};
use crate::onboarding::wizard::answer;
use crate::secrets::Secret;
use crate::store::accounts::Account;
use crate::store::mode_changes::{self, ModeChange};

/// How long a change is sent again without another word from the person, who may want something else by then.
const FINISHED_FOR: TimeDelta = TimeDelta::minutes(10);

/// Intent, call, read back; resolves only when the platform shows the new mode. Nothing is changed when another mode
/// is in force than the one shown last. Errors: `member_card_not_connected`, `mode_not_confirmed`,
/// `mode_changed_elsewhere`, everything the platform can say. Where it is not known whether the platform got the
/// call, the change stays open and is finished in the background for ten minutes.
pub(crate) async fn set_mode(
    context: &Context,
    modes: &ModeChanges,
    account: &str,
    mode: AcquisitionMode,
) -> Result<MemberCardView, Error> {
    change_mode(context, modes, account, mode, ChangeReason::Chosen).await
}

/// Takes the last switch back, the same way. Errors: `not_found` when it is not offered any more, everything
/// [`set_mode`] says.
pub(crate) async fn undo_mode(
    context: &Context,
    modes: &ModeChanges,
    account: &str,
    change: &str,
) -> Result<MemberCardView, Error> {
    let offered = get_member_card(context, modes, account).await?.undo.filter(|undo| undo.change == change);
    let undo = offered.ok_or_else(|| Error::refused(ErrorCode::NotFound))?;
    change_mode(context, modes, account, undo.to, ChangeReason::TakenBack).await
}

async fn change_mode(
    context: &Context,
    modes: &ModeChanges,
    account: &str,
    mode: AcquisitionMode,
    why: ChangeReason,
) -> Result<MemberCardView, Error> {
    let account = context.account(account).await?;
    let lock = context.lock_for(&account.id).await;
    member_card_key(context, &account).await?;
    let fresh = ModeChange {
        id: context.new_id(),
        account: account.id.clone(),
        from: cached_settings(context, &account.id).await?.map(|settings| settings.mode),
        to: mode,
        by: ChangedBy::Person,
        why: Some(why),
        state: ChangeState::Open,
        asked_at: context.now(account.environment),
        confirmed_at: None,
    };
    let (fresh_id, under_way) = (fresh.id.clone(), modes.ids());
    let change = context.store.write_ledger(move |db| open_intent(db, fresh, &under_way)).await?;
    let repeated = change.id != fresh_id;
    make_change(context, modes, &account, Wanted { change, lease: None }, repeated, lock).await?;
    get_member_card(context, modes, &account.id).await
}

/// A change that the guard wants, and on what it depends.
pub(crate) struct GuardWish {
    /// The id of its act: one change, however often it is begun.
    pub(crate) id: String,
    /// What is in force; when something else is by then, nothing is changed.
    pub(crate) from: AcquisitionMode,
    pub(crate) to: AcquisitionMode,
    pub(crate) why: ChangeReason,
    /// The newest change that the guard has seen; when there is a newer one, nothing is changed.
    pub(crate) newest: Option<String>,
    /// The holder of the lease, where the platform has leases.
    pub(crate) lease: Option<String>,
}

/// The same for the guard. Errors: everything [`set_mode`] says; `guarded_elsewhere` when the lease is another's by then;
/// `mode_changed_elsewhere` when somebody was faster.
pub(crate) async fn set_mode_as_guard(
    context: &Context,
    modes: &ModeChanges,
    account: &Account,
    wish: GuardWish,
) -> Result<(), Error> {
    let lock = context.lock_for(&account.id).await;
    let fresh = ModeChange {
        id: wish.id,
        account: account.id.clone(),
        from: Some(wish.from),
        to: wish.to,
        by: ChangedBy::Guard,
        why: Some(wish.why),
        state: ChangeState::Open,
        asked_at: context.now(account.environment),
        confirmed_at: None,
    };
    let newest = wish.newest;
    let opened =
        context.store.write_ledger(move |db| open_guard_intent(db, fresh, newest.as_deref())).await?;
    let (change, repeated) = opened.ok_or_else(|| Error::refused(ErrorCode::ModeChangedElsewhere))?;
    make_change(context, modes, account, Wanted { change, lease: wish.lease }, repeated, lock).await
}

/// A change on its way to the platform.
#[derive(Clone)]
struct Wanted {
    change: ModeChange,
    /// The holder of the guard's lease.
    lease: Option<String>,
}

/// Carries an intent out; what is not known to have ended is finished in the background.
async fn make_change(
    context: &Context,
    modes: &ModeChanges,
    account: &Account,
    wanted: Wanted,
    repeated: bool,
    lock: OwnedMutexGuard<()>,
) -> Result<(), Error> {
    let under_way = modes.begin(&wanted.change.id);
    context.changed(&account.id, &[Tag::MemberCard]);
    let finished = finish_change(context, modes, account, &wanted, repeated).await;
    drop(lock);
    if let Err(error) = finished {
        // Of a repeated press another loop takes care already.
        if let Some(under_way) = under_way.filter(|_| error.retry() != Retry::Never) {
            finish_in_background(context, modes, account, wanted, &error, under_way);
        }
        context.changed(&account.id, &[Tag::MemberCard, Tag::Wizard]);
        return Err(error);
    }
    drop(under_way);
    context.changed(&account.id, &[Tag::MemberCard, Tag::Wizard]);
    if wanted.change.by == ChangedBy::Person {
        // What was left when a person switched says what it means to the guard.
        context.look_again();
    }
    Ok(())
}

/// Leaves the mode as it is: step 10 without a change, or without a member-card platform. A change that was not
/// finished is dropped.
pub(crate) async fn keep_mode(context: &Context, account: &str) -> Result<WizardView, Error> {
    let id = context.account(account).await?.id;
    let lock = context.lock_for(&id).await;
    let dropped = id.clone();
    context.store.write_ledger(move |db| drop_open(db, &dropped)).await?;
    drop(lock);
    context.changed(&id, &[Tag::MemberCard]);
    let shown = cached_settings(context, &id).await?.map(|settings| settings.mode);
    answer(context, &id, move |answers| {
        let chosen = answers.way.map(|(way, _)| way);
        answers.mode = Some(shown.or(chosen).unwrap_or(AcquisitionMode::Authorized));
    })
    .await
}

/// Calls the platform with an intent's request id, reads back, and writes the outcome. `repeated`: an earlier call may
/// have arrived, so that a refusal of this one does not say that nothing happened.
async fn finish_change(
    context: &Context,
    modes: &ModeChanges,
    account: &Account,
    wanted: &Wanted,
    repeated: bool,
) -> Result<(), Error> {
    let change = &wanted.change;
    let (key, differs) = match send_change(context, account, wanted).await {
        Ok(key) => (key, false),
        Err(error) if error.code() == ErrorCode::ModeChangedElsewhere => {
            (member_card_key(context, account).await?, true)
        }
        Err(error) => {
            if !repeated && error.retry() == Retry::Never && nothing_was_changed(error.code()) {
                write_outcome(context, account, change, ChangeState::Failed).await?;
            }
            return Err(error);
        }
    };
    // Until it is read back the change stays open, whatever goes wrong.
    let settings = settings_of(context, account, &key).await?;
    let found = settings.mode;
    let confirmed = found == change.to;
    let state = if confirmed { ChangeState::Confirmed } else { ChangeState::Failed };
    write_outcome(context, account, change, state).await?;
    note_settings(context, modes, settings).await?;
    context.changed(&account.id, &[Tag::MemberCard, Tag::Wizard]);
    if confirmed {
        return Ok(());
    }
    let code = if differs { ErrorCode::ModeChangedElsewhere } else { ErrorCode::ModeNotConfirmed };
    Err(Error::refused(code).with("wanted", change.to.word()).with("found", found.word()))
}

async fn send_change(
    context: &Context,
    account: &Account,
    Wanted { change, lease }: &Wanted,
) -> Result<Secret<String>, Error> {
    let key = member_card_key(context, account).await?;
    let platform = context.member_card(account.environment)?;
    let (request_id, lease) = (change.id.as_str(), lease.as_deref());
    let wanted = ModeWish { mode: change.to, seen: change.from, request_id, lease };
    let put = platform.set_mode(&key, wanted, reason(change.why)).await;
    put.map_err(context.client_error(account.environment))?;
    Ok(key)
}

async fn write_outcome(
    context: &Context,
    account: &Account,
    change: &ModeChange,
    state: ChangeState,
) -> Result<(), Error> {
    let now = context.now(account.environment);
    let change = change.clone();
    Ok(context.store.write_ledger(move |db| close(db, &change, state, now)).await?)
}

/// Sends a change again until its outcome is known, or it is too old to be sent without another word.
fn finish_in_background(
    context: &Context,
    modes: &ModeChanges,
    account: &Account,
    wanted: Wanted,
    error: &Error,
    under_way: UnderWay,
) {
    let environment = account.environment;
    let change = &wanted.change;
    let backoff = context.backoff(environment, change.asked_at).ending_after(FINISHED_FOR).after_error(error);
    let under_way = Arc::new(Mutex::new(Some(under_way)));
    let modes = modes.clone();
    context.start_job(JobKey::ModeChange(change.id.clone()), backoff, move |context| {
        let (wanted, under_way, modes) = (wanted.clone(), Arc::clone(&under_way), modes.clone());
        async move {
            if time_left(&wanted.change, context.now(environment)).is_some() {
                match finish_again(&context, &modes, &wanted).await {
                    Err(error) if error.retry() != Retry::Never => return Attempt::Again(Some(error)),
                    // Done; or only the person can help, if the account is there at all.
                    _ => {}
                }
            }
            drop(under_way.lock().unwrap_or_else(PoisonError::into_inner).take());
            context.changed(&wanted.change.account, &[Tag::MemberCard]);
            context.look_again();
            Attempt::Done
        }
    });
}

/// `Ok` also when the change is open no longer.
async fn finish_again(context: &Context, modes: &ModeChanges, wanted: &Wanted) -> Result<(), Error> {
    let change = &wanted.change;
    let account = context.account(&change.account).await?;
    let _lock = context.lock_for(&account.id).await;
    let id = account.id.clone();
    let history = context.store.ledger(move |db| mode_changes::of(db, &id)).await?;
    let is_open = |one: &&ModeChange| one.id == change.id && one.state == ChangeState::Open;
    match history.iter().find(is_open) {
        Some(_) => finish_change(context, modes, &account, wanted, true).await,
        None => Ok(()),
    }
}

/// How long a change is still sent without another word; `None`: no longer. A clock that was set back does not make it
/// younger.
fn time_left(change: &ModeChange, now: DateTime<Utc>) -> Option<Duration> {
    let age = now.signed_duration_since(change.asked_at);
    if age < TimeDelta::zero() {
        return None;
    }
    (FINISHED_FOR - age).to_std().ok().filter(|left| !left.is_zero())
}

/// Whether an answer says that the platform did nothing. Any other may have come after the change was made.
const fn nothing_was_changed(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::MemberCardKeyWrong
            | ErrorCode::MemberCardNotConnected
            | ErrorCode::MemberCardNotOffered
            | ErrorCode::GuardedElsewhere
            | ErrorCode::TlsFailed
    )
}

/// The reason of a change, for the platform.
const fn reason(why: Option<ChangeReason>) -> &'static str {
    match why {
        Some(ChangeReason::QuotaLow) => "guard of Merchant Companion: little quota left",
        Some(ChangeReason::Refilled) => "guard of Merchant Companion: quota refilled",
        Some(ChangeReason::TakenBack) => "taken back in Merchant Companion",
        Some(ChangeReason::Chosen) | None => "changed in Merchant Companion",
    }
}
