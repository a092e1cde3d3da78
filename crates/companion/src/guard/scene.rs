//! An account with its guard, and everything stored about both.

use billing_core::guard::{Rule, Sight};
use billing_core::situation::Mode;

use super::sight::{rule_of, sight};
use super::state::Guards;
use crate::api::{ChangeState, ChangedBy, ErrorCode, GuardAct, GuardActState, GuardState, Tag};
use crate::context::Context;
use crate::error::Error;
use crate::forecast::outlook::{Outlook, outlook};
use crate::model::stored::GuardPhase;
use crate::snapshot::AccountSnapshot;
use crate::store::guards::{self, StoredAct, StoredGuard};
use crate::store::mode_changes::{self, ModeChange};

/// Acts that are looked at: more than a rule allows in days.
const ACTS: u32 = 100;

/// An account with its guard.
pub(super) struct Scene {
    pub(super) known: AccountSnapshot,
    pub(super) outlook: Outlook,
    pub(super) guard: StoredGuard,
    pub(super) rule: Rule,
    /// Newest first, and the acts too.
    pub(super) history: Vec<ModeChange>,
    pub(super) acts: Vec<StoredAct>,
}

impl Scene {
    /// Everything stored about a guarded account; `None` where no guard was ever set. Errors: `not_found`.
    pub(super) async fn load(context: &Context, account: &str) -> Result<Option<Self>, Error> {
        let read = context.snapshot_with(account, |db, id| {
            Ok((guards::of(db, id)?, mode_changes::of(db, id)?, guards::acts(db, id, ACTS)?))
        });
        let (known, (guard, history, acts)) = read.await?;
        let Some((guard, rule)) = guard.and_then(|guard| rule_of(&guard).map(|rule| (guard, rule))) else {
            return Ok(None);
        };
        let outlook = outlook(context, &known).await?;
        Ok(Some(Self { known, outlook, guard, rule, history, acts }))
    }

    pub(super) fn sight(&self) -> Sight {
        let seen = sight(&self.known, &self.outlook, &self.guard, &self.history, &self.acts);
        if self.guard.state != GuardState::DryRun {
            return seen;
        }
        // As if what it would have done were done.
        let mode = if self.guard.phase == GuardPhase::Acted { Mode::Manual } else { Mode::Authorized };
        Sight { mode: Some(mode), changed_by_others: false, ..seen }
    }

    /// A change of a person's, or one on its way: it is not overtaken.
    pub(super) fn is_change_open(&self, guards: &Guards) -> bool {
        let under_way = guards.modes.ids();
        let is_open = |change: &&ModeChange| {
            let is_persons = change.by != ChangedBy::Guard;
            change.state == ChangeState::Open && (is_persons || under_way.contains(&change.id))
        };
        self.history.iter().any(|change| is_open(&change))
    }
}

/// Whether an account has anything to guard.
pub(super) fn may_guard(known: &AccountSnapshot) -> bool {
    known.account.archived_at.is_none()
        && !known.is_free()
        && !known.is_typed_in()
        && known.connection.is_some()
}

/// The open act of a kind, which is gone on with.
pub(super) fn open_act(acts: &[StoredAct], kind: GuardAct) -> Option<&StoredAct> {
    acts.iter().find(|act| act.act == kind && act.state == GuardActState::Open && !act.dry_run)
}

/// Tags that change with every look.
pub(super) const TAGS: &[Tag] = &[Tag::MemberCard, Tag::Inbox];

/// What another computer's guard is no trouble for: that one acts.
pub(super) const fn is_worth_an_alert(code: ErrorCode) -> bool {
    !matches!(code, ErrorCode::GuardedElsewhere)
}
