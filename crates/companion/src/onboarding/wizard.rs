//! The wizard: where it stands, and what was answered. States of steps follow from facts and are not stored.

use crate::api::{
    ConnectionView, Day, ErrorCode, Instant, PurchaseDecision, Step, StepState, SummaryView, Tag, WayChosen,
    WizardView,
};
use crate::app::Companion;
use crate::error::Error;
use crate::onboarding::verdict::eligibility_view;
use crate::purchasing::view::purchase_view;
use crate::snapshot::Bought;
use crate::store::answers::{self, Answers};
use crate::store::readings;

impl Companion {
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
            Bought::Nothing => {
                Some(PurchaseDecision::Nothing { look_again: facts.answers.look_again.map(Day) })
            }
            Bought::Pack(purchase) => {
                Some(PurchaseDecision::Pack { purchase: Box::new(purchase_view(purchase, &lots)) })
            }
        };
        let answers = &facts.answers;
        Ok(WizardView {
            at: answers.at,
            steps: facts.steps(),
            eligibility: answers.declared.and_then(eligibility_view),
            way: answers.way.map(|(way, monthly_calls)| WayChosen { way, monthly_calls }),
            login_saved: answers.login_saved_at.is_some(),
            login_confirmed: answers.login_confirmed_at.is_some(),
            signed_in_at: answers.signed_in_at.map(Instant),
            connection: facts.connection.as_ref().map(|connection| ConnectionView {
                source: connection.source,
                app_id: connection.app_id.clone(),
                connected_at: Instant(connection.connected_at),
            }),
            usage_seen: answers.usage_seen_at.is_some(),
            purchase,
            mode: answers.mode,
            finished_at: answers.finished_at.map(Instant),
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
            finished_at: Instant(finished_at),
            app_id: facts.connection.and_then(|connection| connection.app_id),
            mode: facts.answers.mode,
            remaining: typed.map(|figures| figures.remaining).or(figures.map(|figures| figures.remaining())),
            bought,
        })
    }
}
