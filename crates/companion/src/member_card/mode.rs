//! The acquisition mode: intent, call, read back, outcome. An intent that was left open is finished by the same
//! request id, so that the platform makes one change of it, however often it is sent.

use chrono::{DateTime, TimeDelta, Utc};

use crate::app::Companion;
use crate::error::Error;
use crate::infra::backoff::Repeats;
use crate::secrets::Secret;
use crate::store::accounts::Account;
use crate::store::member_cards::CardSettings;
use crate::store::mode_changes::{self, ModeChange};
use crate::store::{Db, StoreError, answers};
use crate::views::{
    AcquisitionMode, ChangeReason, ChangeState, ChangedBy, ErrorCode, MemberCardView, Retry, Tag, UndoView,
    WizardView,
};

/// How long a switch is offered to be taken back by one press; later it is switched like any other.
const UNDO_FOR: TimeDelta = TimeDelta::minutes(2);

impl Companion {
    /// Intent, call, read back; resolves only when the platform shows the new mode. Errors:
    /// `member_card_not_connected`, `mode_not_confirmed`, everything the platform can say. Where it is not known whether
    /// the platform got the call, the change stays open and is finished in the background.
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
        let turn = self.turn(&account.id);
        let finished = {
            let _turn = turn.lock().await;
            self.member_card_key(&account).await?;
            let cached = self.cached_settings(&account.id).await?.map(|settings| settings.mode);
            let fresh = ModeChange {
                id: self.new_id(),
                account: account.id.clone(),
                from: cached,
                to: mode,
                by: ChangedBy::Person,
                why: Some(why),
                state: ChangeState::Open,
                asked_at: self.now(account.environment),
                confirmed_at: None,
            };
            let change = self.shared.store.ledger(move |db| open_intent(db, fresh)).await?;
            self.changed(&account.id, &[Tag::MemberCard]);
            self.finish_change(&account, &change).await
        };
        self.changed(&account.id, &[Tag::MemberCard, Tag::Wizard]);
        if let Err(error) = finished {
            if error.retry() != Retry::Never {
                self.finish_in_background(account.id);
            }
            return Err(error);
        }
        self.get_member_card(&account.id).await
    }

    /// Step 10 without a change, or without a member-card platform.
    pub async fn keep_mode(&self, account: &str) -> Result<WizardView, Error> {
        let id = self.account(account).await?.id;
        let shown = self.cached_settings(&id).await?.map(|settings| settings.mode);
        self.answer(&id, move |answers| {
            let chosen = answers.way.map(|(way, _)| way);
            answers.mode = Some(shown.or(chosen).unwrap_or(AcquisitionMode::Authorized));
        })
        .await
    }

    /// Calls the platform with an intent's request id, reads back, and writes the outcome.
    async fn finish_change(&self, account: &Account, change: &ModeChange) -> Result<(), Error> {
        let key = match self.send_change(account, change).await {
            Ok(key) => key,
            // It would fail again unchanged; nothing happened on the platform.
            Err(error) if error.retry() == Retry::Never => {
                self.write_outcome(account, change, ChangeState::Failed).await?;
                return Err(error);
            }
            Err(error) => return Err(error),
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
        Err(Error::refused(ErrorCode::ModeNotConfirmed)
            .with("wanted", name(change.to))
            .with("found", name(found)))
    }

    async fn send_change(&self, account: &Account, change: &ModeChange) -> Result<Secret<String>, Error> {
        let key = self.member_card_key(account).await?;
        let platform = self.member_card(account.environment)?;
        let put = platform.set_mode(&key, change.to, &change.id, reason(change.why)).await;
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
        let mut change = change.clone();
        change.state = state;
        change.confirmed_at = (state == ChangeState::Confirmed).then_some(now);
        let write = self.shared.store.ledger(move |db| {
            mode_changes::save(db, &change)?;
            if state == ChangeState::Confirmed {
                let mut answers = answers::of(db, &change.account)?;
                answers.mode = Some(change.to);
                answers::save(db, &answers)?;
            }
            Ok(())
        });
        Ok(write.await?)
    }

    /// Takes up changes whose outcome was not known when the application ended.
    pub(crate) async fn resume_mode_changes(&self) -> Result<(), Error> {
        let open = self.shared.store.ledger(|db| mode_changes::open(db)).await?;
        for change in open {
            self.finish_in_background(change.account);
        }
        Ok(())
    }

    /// Repeats an account's open change until its outcome is known.
    fn finish_in_background(&self, account: String) {
        let companion = self.inner();
        self.in_background(async move {
            let mut repeats = Repeats::new();
            while let Err(error) = companion.finish_open_change(&account).await {
                // The account was removed, and what it wanted with it.
                if error.code() == ErrorCode::NotFound {
                    return;
                }
                companion.report(&error);
                companion.wait_to_repeat(&mut repeats, &account, Some(&error)).await;
            }
        });
    }

    /// `Ok` when nothing is open any more. An outcome that is known, even a failed one, closes the change.
    async fn finish_open_change(&self, account: &str) -> Result<(), Error> {
        let account = self.account(account).await?;
        let turn = self.turn(&account.id);
        let _turn = turn.lock().await;
        let open = self.shared.store.ledger(|db| mode_changes::open(db)).await?;
        let Some(change) = open.into_iter().find(|change| change.account == account.id) else {
            return Ok(());
        };
        match self.finish_change(&account, &change).await {
            Err(error) if error.retry() != Retry::Never => Err(error),
            _ => Ok(()),
        }
    }
}

/// The intent to carry out: the one that is open for the same mode, else the fresh one, which replaces any other.
fn open_intent(db: &Db<'_>, fresh: ModeChange) -> Result<ModeChange, StoreError> {
    for mut open in mode_changes::open(db)? {
        if open.account != fresh.account {
            continue;
        }
        if open.to == fresh.to {
            return Ok(open);
        }
        // The person has changed their mind before the outcome was known.
        open.state = ChangeState::Failed;
        mode_changes::save(db, &open)?;
    }
    mode_changes::save(db, &fresh)?;
    Ok(fresh)
}

/// Records a mode that differs from the last one known, unless a change of our own is under way.
pub(crate) fn note_reading(
    db: &Db<'_>,
    read: &CardSettings,
    cached: Option<AcquisitionMode>,
) -> Result<(), StoreError> {
    let history = mode_changes::of(db, &read.account)?;
    if history.iter().any(|change| change.state == ChangeState::Open) {
        return Ok(());
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

/// The switch that can be taken back: the newest change, if a person wanted it and it was read back just now.
pub(crate) fn undo_of(history: &[ModeChange], now: DateTime<Utc>) -> Option<UndoView> {
    let change = history.first()?;
    if (change.by, change.why) != (ChangedBy::Person, Some(ChangeReason::Chosen)) {
        return None;
    }
    let left = change.confirmed_at?.checked_add_signed(UNDO_FOR)?.signed_duration_since(now).min(UNDO_FOR);
    let to = change.from.filter(|from| *from != change.to)?;
    let seconds = u32::try_from(left.num_seconds()).ok().filter(|seconds| *seconds > 0)?;
    Some(UndoView { change: change.id.clone(), to, seconds })
}

/// What the platform is told as the reason of a change.
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
