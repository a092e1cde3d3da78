//! The wizard: where it stands, and what was answered. States of steps follow from facts; none is stored.

use billing_core::time::beijing_text;

use crate::app::Companion;
use crate::error::Error;
use crate::onboarding::eligibility::eligibility_view;
use crate::purchasing::purchase::purchase_view;
use crate::store::answers::{self, Answers};
use crate::store::connections::{self, Connection};
use crate::store::purchases::{self, Purchase};
use crate::store::readings;
use crate::views::{
    AcquisitionMode, ConnectionView, Decision, ErrorCode, PurchaseDecision, PurchaseState, Step, StepState,
    StepView, SummaryView, Tag, WayChosen, WizardView,
};

/// Every step with the minutes a newcomer needs, in order.
const STEPS: [(Step, u32); 11] = [
    (Step::Welcome, 1),
    (Step::Eligibility, 2),
    (Step::Way, 2),
    (Step::Login, 4),
    (Step::Console, 2),
    (Step::Connect, 4),
    (Step::Usage, 1),
    (Step::Pack, 2),
    (Step::Payment, 5),
    (Step::Mode, 2),
    (Step::Done, 1),
];

/// The facts from which the states of the steps follow.
#[derive(Clone)]
pub(crate) struct Facts {
    pub(crate) answers: Answers,
    pub(crate) connection: Option<Connection>,
    /// The newest purchase, whatever became of it.
    pub(crate) purchase: Option<Purchase>,
}

/// What was decided about buying.
enum Bought<'a> {
    Undecided,
    Nothing,
    Pack(&'a Purchase),
}

impl Facts {
    fn bought(&self) -> Bought<'_> {
        match &self.purchase {
            _ if self.answers.nothing_at.is_some() => Bought::Nothing,
            Some(purchase) if purchase.state != PurchaseState::GivenUp => Bought::Pack(purchase),
            _ => Bought::Undecided,
        }
    }

    fn decision(&self) -> Option<Decision> {
        self.answers.declared.map(|declared| eligibility_view(declared).decision)
    }

    /// What is known of a step on its own; `None`: it is still to be done.
    fn settled(&self, step: Step) -> Option<StepState> {
        let answers = &self.answers;
        let decision = self.decision();
        // Who pays nothing, or may not open the capability, has nothing to prepare or to buy.
        let unpaid = matches!(decision, Some(Decision::Free { .. } | Decision::NotEligible { .. }));
        let manual = matches!(answers.way, Some((AcquisitionMode::Manual, _)));
        let done = |is: bool| is.then_some(StepState::Done);
        let needless = |is: bool| is.then_some(StepState::Skipped);
        match step {
            Step::Welcome => Some(StepState::Done),
            Step::Eligibility => done(decision.is_some()),
            Step::Way => needless(unpaid).or(done(answers.way.is_some())),
            Step::Login => done(answers.login_confirmed_at.is_some()).or(needless(unpaid || manual)),
            Step::Console => done(answers.signed_in_at.is_some()).or(needless(unpaid || manual)),
            Step::Connect => done(self.connection.is_some()).or(needless(unpaid || manual)),
            Step::Usage => done(answers.usage_seen_at.is_some())
                .or(needless((unpaid || manual) && self.connection.is_none())),
            Step::Pack => match self.bought() {
                _ if unpaid || manual => Some(StepState::Skipped),
                Bought::Nothing | Bought::Pack(_) => Some(StepState::Done),
                Bought::Undecided => None,
            },
            Step::Payment => match self.bought() {
                _ if unpaid || manual => Some(StepState::Skipped),
                Bought::Nothing => Some(StepState::Skipped),
                Bought::Pack(purchase) => done(purchase.arrived.is_some()),
                Bought::Undecided => None,
            },
            Step::Mode => needless(unpaid).or(done(answers.mode.is_some())),
            Step::Done => done(answers.finished_at.is_some()),
        }
    }

    /// The states in order: what is settled stays so; the first unsettled step is open, those after it come later.
    pub(crate) fn steps(&self) -> Vec<StepView> {
        let mut reached = true;
        STEPS
            .into_iter()
            .map(|(step, minutes)| {
                let state = self.settled(step);
                let unsettled = if reached { StepState::Open } else { StepState::Later };
                reached &= state.is_some();
                StepView { step, state: state.unwrap_or(unsettled), minutes }
            })
            .collect()
    }

    pub(crate) fn state_of(&self, wanted: Step) -> StepState {
        let found = self.steps().into_iter().find(|view| view.step == wanted);
        found.map_or(StepState::Later, |view| view.state)
    }

    /// There is something to buy, and arrival could be recognised.
    pub(crate) fn may_buy(&self) -> bool {
        self.connection.is_some() && matches!(self.decision(), Some(Decision::Pays { .. }))
    }

    /// By a free rule.
    pub(crate) fn is_free(&self) -> bool {
        matches!(self.decision(), Some(Decision::Free { .. }))
    }
}

impl Companion {
    pub(crate) async fn facts(&self, account: &str) -> Result<Facts, Error> {
        let id = account.to_owned();
        let read = self.shared.store.ledger(move |db| {
            let answers = answers::of(db, &id)?;
            let connection = connections::of(db, &id)?;
            Ok(Facts { answers, connection, purchase: purchases::newest(db, &id)? })
        });
        Ok(read.await?)
    }

    /// Changes the answers of an account in one commit, and shows the wizard.
    pub(crate) async fn answer(
        &self,
        account: &str,
        change: impl FnOnce(&mut Answers) + Send + 'static,
    ) -> Result<WizardView, Error> {
        let id = self.account(account).await?.id;
        let write = self.shared.store.ledger(move |db| {
            let mut answers = answers::of(db, &id)?;
            change(&mut answers);
            answers::save(db, &answers)
        });
        write.await?;
        self.changed(account, &[Tag::Wizard]);
        self.get_wizard(account).await
    }

    /// Where the wizard stands.
    pub async fn get_wizard(&self, account: &str) -> Result<WizardView, Error> {
        let account = self.account(account).await?;
        let facts = self.facts(&account.id).await?;
        let lots = self.lots_by_id(&account.id).await?;
        let purchase = match facts.bought() {
            Bought::Undecided => None,
            Bought::Nothing => Some(PurchaseDecision::Nothing {
                look_again: facts.answers.look_again.map(|day| day.to_string()),
            }),
            Bought::Pack(purchase) => {
                Some(PurchaseDecision::Pack { purchase: Box::new(purchase_view(purchase, &lots)) })
            }
        };
        let answers = &facts.answers;
        Ok(WizardView {
            at: answers.at,
            steps: facts.steps(),
            eligibility: answers.declared.map(eligibility_view),
            way: answers.way.map(|(way, monthly_calls)| WayChosen { way, monthly_calls }),
            login_saved: answers.login_saved_at.is_some(),
            login_confirmed: answers.login_confirmed_at.is_some(),
            signed_in_at: answers.signed_in_at.map(beijing_text),
            connection: facts.connection.as_ref().map(|connection| ConnectionView {
                source: connection.source,
                app_id: connection.app_id.clone(),
                connected_at: beijing_text(connection.connected_at),
            }),
            usage_seen: answers.usage_seen_at.is_some(),
            purchase,
            mode: answers.mode,
            finished_at: answers.finished_at.map(beijing_text),
            account: account.id,
            name: account.name,
            environment: account.environment,
        })
    }

    /// Puts a step on screen. Errors: `step_not_ready`.
    pub async fn go_to_step(&self, account: &str, step: Step) -> Result<WizardView, Error> {
        let id = self.account(account).await?.id;
        if self.facts(&id).await?.state_of(step) == StepState::Later {
            return Err(Error::refused(ErrorCode::StepNotReady));
        }
        let shown = self.answer(account, move |answers| answers.at = step).await?;
        self.changed(account, &[Tag::App]);
        Ok(shown)
    }

    /// Ends the wizard. Errors: `step_not_ready`.
    pub async fn finish_wizard(&self, account: &str) -> Result<WizardView, Error> {
        let account = self.account(account).await?;
        if self.facts(&account.id).await?.state_of(Step::Done) == StepState::Later {
            return Err(Error::refused(ErrorCode::StepNotReady));
        }
        let now = self.now(account.environment);
        let shown = self
            .answer(&account.id, move |answers| {
                answers.at = Step::Done;
                answers.finished_at.get_or_insert(now);
            })
            .await?;
        self.changed(&account.id, &[Tag::App]);
        Ok(shown)
    }

    /// What the last page and its print-out say; before the wizard is finished, as of now.
    pub async fn get_summary(&self, account: &str) -> Result<SummaryView, Error> {
        let account = self.account(account).await?;
        let facts = self.facts(&account.id).await?;
        let lots = self.lots_by_id(&account.id).await?;
        let bought = match facts.bought() {
            Bought::Pack(purchase) if purchase.arrived.is_some() => Some(purchase_view(purchase, &lots)),
            _ => None,
        };
        let id = account.id.clone();
        let figures = self.shared.store.cache(move |db| readings::of(db, &id)).await?;
        let typed = facts.connection.as_ref().and_then(|connection| connection.typed);
        let finished_at = facts.answers.finished_at.unwrap_or_else(|| self.now(account.environment));
        Ok(SummaryView {
            name: account.name,
            environment: account.environment,
            finished_at: beijing_text(finished_at),
            app_id: facts.connection.and_then(|connection| connection.app_id),
            mode: facts.answers.mode,
            remaining: typed.map(|figures| figures.remaining).or(figures.map(|figures| figures.remaining())),
            bought,
        })
    }
}
