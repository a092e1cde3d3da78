//! The acquisition mode: intent, call, read back, outcome. An intent is sent by the same request id, so that the platform
//! makes one change of it, however often it is sent; and for ten minutes at most, in the run in which the person wanted it.
//! After that it is shown as not finished, and nothing is sent before the person says so.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::api::{
    AcquisitionMode, ChangeReason, ChangeState, ChangedBy, ErrorCode, Instant, MemberCardView, Retry, Tag,
    UndoView, UnfinishedChangeView, WizardView,
};
use crate::app::{Companion, JobKey};
use crate::clients::ModeWish;
use crate::error::Error;
use crate::infra::jobs::Attempt;
use crate::member_card::under_way::UnderWay;
use crate::secrets::Secret;
use crate::store::accounts::Account;
use crate::store::member_cards::CardSettings;
use crate::store::mode_changes::{self, ModeChange};
use crate::store::{Db, StoreError, answers};

/// How long a switch is offered to be taken back by one press; later it is switched like any other.
const UNDO_FOR: TimeDelta = TimeDelta::minutes(2);

/// How long a change is sent again without another word from the person, who may want something else by then.
const FINISHED_FOR: TimeDelta = TimeDelta::minutes(10);

impl Companion {
    /// Intent, call, read back; resolves only when the platform shows the new mode. Nothing is changed when another mode
    /// is in force than the one shown last. Errors: `member_card_not_connected`, `mode_not_confirmed`,
    /// `mode_changed_elsewhere`, everything the platform can say. Where it is not known whether the platform got the
    /// call, the change stays open and is finished in the background for ten minutes.
    pub async fn set_mode(&self, account: &str, mode: AcquisitionMode) -> Result<MemberCardView, Error> {
        self.change_mode(account, mode, ChangeReason::Chosen).await
    }

    /// Takes the last switch back, the same way. Errors: `not_found` when it is not offered any more, everything
    /// [`Self::set_mode`] says.
    pub async fn undo_mode(&self, account: &str, change: &str) -> Result<MemberCardView, Error> {
        let offered = self.get_member_card(account).await?.undo.filter(|undo| undo.change == change);
        let undo = offered.ok_or_else(|| Error::refused(ErrorCode::NotFound))?;
        self.change_mode(account, undo.to, ChangeReason::TakenBack).await
    }

    async fn change_mode(
        &self,
        account: &str,
        mode: AcquisitionMode,
        why: ChangeReason,
    ) -> Result<MemberCardView, Error> {
        let account = self.account(account).await?;
        let lock = self.lock_for(&account.id).await;
        self.member_card_key(&account).await?;
        let fresh = ModeChange {
            id: self.new_id(),
            account: account.id.clone(),
            from: self.cached_settings(&account.id).await?.map(|settings| settings.mode),
            to: mode,
            by: ChangedBy::Person,
            why: Some(why),
            state: ChangeState::Open,
            asked_at: self.now(account.environment),
            confirmed_at: None,
        };
        let (fresh_id, under_way) = (fresh.id.clone(), self.shared.mode_changes.ids());
        let change = self.shared.store.ledger(move |db| open_intent(db, fresh, &under_way)).await?;
        let repeated = change.id != fresh_id;
        let under_way = self.shared.mode_changes.begin(&change.id);
        self.changed(&account.id, &[Tag::MemberCard]);
        let finished = self.finish_change(&account, &change, repeated).await;
        drop(lock);
        if let Err(error) = finished {
            // Of a repeated press another loop takes care already.
            if let Some(under_way) = under_way.filter(|_| error.retry() != Retry::Never) {
                self.finish_in_background(&account, change, &error, under_way);
            }
            self.changed(&account.id, &[Tag::MemberCard, Tag::Wizard]);
            return Err(error);
        }
        drop(under_way);
        self.changed(&account.id, &[Tag::MemberCard, Tag::Wizard]);
        self.get_member_card(&account.id).await
    }

    /// Leaves the mode as it is: step 10 without a change, or without a member-card platform. A change that was not
    /// finished is dropped.
    pub async fn keep_mode(&self, account: &str) -> Result<WizardView, Error> {
        let id = self.account(account).await?.id;
        let lock = self.lock_for(&id).await;
        let dropped = id.clone();
        self.shared.store.ledger(move |db| drop_open(db, &dropped)).await?;
        drop(lock);
        self.changed(&id, &[Tag::MemberCard]);
        let shown = self.cached_settings(&id).await?.map(|settings| settings.mode);
        self.answer(&id, move |answers| {
            let chosen = answers.way.map(|(way, _)| way);
            answers.mode = Some(shown.or(chosen).unwrap_or(AcquisitionMode::Authorized));
        })
        .await
    }

    /// Calls the platform with an intent's request id, reads back, and writes the outcome. `repeated`: an earlier call may
    /// have arrived, so that a refusal of this one does not say that nothing happened.
    async fn finish_change(
        &self,
        account: &Account,
        change: &ModeChange,
        repeated: bool,
    ) -> Result<(), Error> {
        let (key, differs) = match self.send_change(account, change).await {
            Ok(key) => (key, false),
            Err(error) if error.code() == ErrorCode::ModeChangedElsewhere => {
                (self.member_card_key(account).await?, true)
            }
            Err(error) => {
                if !repeated && error.retry() == Retry::Never && nothing_was_changed(error.code()) {
                    self.write_outcome(account, change, ChangeState::Failed).await?;
                }
                return Err(error);
            }
        };
        // Until it is read back the change stays open, whatever goes wrong.
        let settings = self.settings_of(account, &key).await?;
        let found = settings.mode;
        let confirmed = found == change.to;
        let state = if confirmed { ChangeState::Confirmed } else { ChangeState::Failed };
        self.write_outcome(account, change, state).await?;
        self.note_settings(settings).await?;
        self.changed(&account.id, &[Tag::MemberCard, Tag::Wizard]);
        if confirmed {
            return Ok(());
        }
        let code = if differs { ErrorCode::ModeChangedElsewhere } else { ErrorCode::ModeNotConfirmed };
        Err(Error::refused(code).with("wanted", name(change.to)).with("found", name(found)))
    }

    async fn send_change(&self, account: &Account, change: &ModeChange) -> Result<Secret<String>, Error> {
        let key = self.member_card_key(account).await?;
        let platform = self.member_card(account.environment)?;
        let wanted = ModeWish { mode: change.to, seen: change.from, request_id: &change.id };
        let put = platform.set_mode(&key, wanted, reason(change.why)).await;
        put.map_err(self.client_error(account.environment))?;
        Ok(key)
    }

    async fn write_outcome(
        &self,
        account: &Account,
        change: &ModeChange,
        state: ChangeState,
    ) -> Result<(), Error> {
        let now = self.now(account.environment);
        let change = change.clone();
        Ok(self.shared.store.ledger(move |db| close(db, &change, state, now)).await?)
    }

    /// Sends a change again until its outcome is known, or it is too old to be sent without another word.
    fn finish_in_background(
        &self,
        account: &Account,
        change: ModeChange,
        error: &Error,
        under_way: UnderWay,
    ) {
        let environment = account.environment;
        let backoff =
            self.backoff(environment, change.asked_at).ending_after(FINISHED_FOR).after_error(error);
        let under_way = Arc::new(Mutex::new(Some(under_way)));
        self.start_job(JobKey::ModeChange(change.id.clone()), backoff, move |companion| {
            let (change, under_way) = (change.clone(), Arc::clone(&under_way));
            async move {
                if time_left(&change, companion.now(environment)).is_some() {
                    match companion.finish_again(&change).await {
                        Err(error) if error.retry() != Retry::Never => return Attempt::Again(Some(error)),
                        // Done; or only the person can help, if the account is there at all.
                        _ => {}
                    }
                }
                drop(under_way.lock().unwrap_or_else(PoisonError::into_inner).take());
                companion.changed(&change.account, &[Tag::MemberCard]);
                Attempt::Done
            }
        });
    }

    /// `Ok` also when the change is open no longer.
    async fn finish_again(&self, change: &ModeChange) -> Result<(), Error> {
        let account = self.account(&change.account).await?;
        let _lock = self.lock_for(&account.id).await;
        let id = account.id.clone();
        let history = self.shared.store.ledger(move |db| mode_changes::of(db, &id)).await?;
        let is_open = |one: &&ModeChange| one.id == change.id && one.state == ChangeState::Open;
        match history.iter().find(is_open) {
            Some(change) => self.finish_change(&account, change, true).await,
            None => Ok(()),
        }
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
            | ErrorCode::TlsFailed
    )
}

/// The intent to carry out: the one for the same mode that is under way, else the fresh one, which replaces any other.
fn open_intent(
    db: &Db<'_>,
    fresh: ModeChange,
    under_way: &HashSet<String>,
) -> Result<ModeChange, StoreError> {
    let history = mode_changes::of(db, &fresh.account)?;
    let same = |one: &ModeChange| {
        one.state == ChangeState::Open && one.to == fresh.to && under_way.contains(&one.id)
    };
    if let Some(same) = history.into_iter().find(same) {
        return Ok(same);
    }
    drop_open(db, &fresh.account)?;
    mode_changes::save(db, &fresh)?;
    Ok(fresh)
}

/// The person wants something else by now.
fn drop_open(db: &Db<'_>, account: &str) -> Result<(), StoreError> {
    for change in mode_changes::of(db, account)? {
        if change.state == ChangeState::Open {
            mode_changes::save(db, &ModeChange { state: ChangeState::Failed, ..change })?;
        }
    }
    Ok(())
}

/// The change that was asked for and is neither made nor being made: the person says whether it is wanted still.
pub(crate) fn unfinished(
    history: &[ModeChange],
    under_way: &HashSet<String>,
) -> Option<UnfinishedChangeView> {
    let open = history.iter().find(|change| change.state == ChangeState::Open)?;
    (!under_way.contains(&open.id))
        .then_some(UnfinishedChangeView { to: open.to, asked_at: Instant(open.asked_at) })
}

/// Compares a mode that was read with the last one known. A change that waits for the person is done when its mode is in
/// force; a mode that nobody here wanted is recorded as changed elsewhere, unless a change of our own is under way.
pub(crate) fn note_reading(
    db: &Db<'_>,
    read: &CardSettings,
    cached: Option<AcquisitionMode>,
    under_way: &HashSet<String>,
) -> Result<(), StoreError> {
    let history = mode_changes::of(db, &read.account)?;
    let open = history.iter().find(|change| change.state == ChangeState::Open);
    if let Some(open) = open {
        if under_way.contains(&open.id) {
            return Ok(());
        }
        if open.to == read.mode {
            return close(db, open, ChangeState::Confirmed, read.read_at);
        }
    }
    let confirmed = history.iter().find(|change| change.state == ChangeState::Confirmed);
    let Some(before) = confirmed.map(|change| change.to).or(cached).filter(|before| *before != read.mode)
    else {
        return Ok(());
    };
    mode_changes::save(
        db,
        &ModeChange {
            id: read.sighting.clone(),
            account: read.account.clone(),
            from: Some(before),
            to: read.mode,
            by: ChangedBy::Elsewhere,
            why: None,
            state: ChangeState::Confirmed,
            asked_at: read.read_at,
            confirmed_at: Some(read.read_at),
        },
    )
}

/// Writes the outcome of a change. One that was made is also the answer of step 10.
fn close(db: &Db<'_>, change: &ModeChange, state: ChangeState, now: DateTime<Utc>) -> Result<(), StoreError> {
    let confirmed_at = (state == ChangeState::Confirmed).then_some(now);
    mode_changes::save(db, &ModeChange { state, confirmed_at, ..change.clone() })?;
    if state == ChangeState::Confirmed {
        let mut answers = answers::of(db, &change.account)?;
        answers.mode = Some(change.to);
        answers::save(db, &answers)?;
    }
    Ok(())
}

/// The switch that can be taken back: the newest change, if a person wanted it and it was read back just now.
pub(crate) fn undo_of(history: &[ModeChange], now: DateTime<Utc>) -> Option<UndoView> {
    let change = history.first()?;
    let confirmed_at = change.confirmed_at.filter(|at| *at <= now)?;
    if (change.by, change.why) != (ChangedBy::Person, Some(ChangeReason::Chosen)) {
        return None;
    }
    let left = confirmed_at.checked_add_signed(UNDO_FOR)?.signed_duration_since(now);
    let to = change.from.filter(|from| *from != change.to)?;
    let seconds = u32::try_from(left.num_seconds()).ok().filter(|seconds| *seconds > 0)?;
    Some(UndoView { change: change.id.clone(), to, seconds })
}

/// The reason of a change, for the platform.
const fn reason(why: Option<ChangeReason>) -> &'static str {
    match why {
        Some(ChangeReason::TakenBack) => "taken back in Merchant Companion",
        Some(ChangeReason::Chosen) | None => "changed in Merchant Companion",
    }
}

fn name(mode: AcquisitionMode) -> &'static str {
    match mode {
        AcquisitionMode::Authorized => "authorized",
        AcquisitionMode::Manual => "manual",
    }
}
