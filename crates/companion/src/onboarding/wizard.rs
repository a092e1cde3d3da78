//! The wizard: where it stands, and what was answered. States of steps follow from facts and are not stored.

use crate::api::{
    ConnectionView, Day, ErrorCode, Instant, PurchaseDecision, Step, StepState, SummaryView, Tag, WayChosen,
    WizardView,
};
use crate::context::Context;
use crate::error::Error;
use crate::onboarding::steps::{Bought, bought, state_of, steps};
use crate::onboarding::verdict::eligibility_view;
use crate::purchasing::view::purchase_view;
use crate::snapshot::AccountSnapshot;
use crate::store::answers::{self, Answers};
use crate::store::readings::UsageFigures;

/// Changes the answers of an account in one commit, and shows the wizard.
pub(crate) async fn answer(
    context: &Context,
    account: &str,
    change: impl FnOnce(&mut Answers) + Send + 'static,
) -> Result<WizardView, Error> {
    let id = context.account(account).await?.id;
    let write = context.store.write_ledger(move |db| {
        let mut answers = answers::of(db, &id)?;
        change(&mut answers);
        answers::save(db, &answers)
    });
    write.await?;
    context.changed(account, &[Tag::Wizard]);
    get_wizard(context, account).await
}

/// Where the wizard stands.
pub(crate) async fn get_wizard(context: &Context, account: &str) -> Result<WizardView, Error> {
    Ok(wizard_view(&context.snapshot(account).await?))
}

/// Puts a step on screen. Errors: `step_not_ready`.
pub(crate) async fn go_to_step(context: &Context, account: &str, step: Step) -> Result<WizardView, Error> {
    let id = context.account(account).await?.id;
    if state_of(&context.snapshot(&id).await?, step) == StepState::Later {
        return Err(Error::refused(ErrorCode::StepNotReady));
    }
    let shown = answer(context, account, move |answers| answers.at = step).await?;
    context.changed(account, &[Tag::App]);
    Ok(shown)
}

/// Ends the wizard. Errors: `step_not_ready`.
pub(crate) async fn finish_wizard(context: &Context, account: &str) -> Result<WizardView, Error> {
    let known = context.snapshot(account).await?;
    if state_of(&known, Step::Done) == StepState::Later {
        return Err(Error::refused(ErrorCode::StepNotReady));
    }
    let shown = answer(context, account, move |answers| {
        answers.at = Step::Done;
        answers.finished_at.get_or_insert(known.now);
    })
    .await?;
    context.changed(account, &[Tag::App]);
    Ok(shown)
}

/// What the last page and its print-out say; before the wizard is finished, as of now.
pub(crate) async fn get_summary(context: &Context, account: &str) -> Result<SummaryView, Error> {
    Ok(summary_view(&context.snapshot(account).await?))
}

fn wizard_view(known: &AccountSnapshot) -> WizardView {
    let answers = &known.answers;
    WizardView {
        account: known.account.id.clone(),
        name: known.account.name.clone(),
        kind: known.account.kind,
        environment: known.account.environment,
        at: answers.at,
        steps: steps(known),
        eligibility: answers.declared.and_then(|declared| eligibility_view(known.account.kind, declared)),
        way: answers.way.map(|(way, monthly_calls)| WayChosen { way, monthly_calls }),
        login_saved: answers.login_saved_at.is_some(),
        login_confirmed: answers.login_confirmed_at.is_some(),
        signed_in_at: answers.signed_in_at.map(Instant),
        connection: known.connection.as_ref().map(|connection| ConnectionView {
            source: connection.source,
            app_id: connection.app_id.clone(),
            connected_at: Instant(connection.connected_at),
        }),
        usage_seen: answers.usage_seen_at.is_some(),
        purchase: match bought(known) {
            Bought::Undecided => None,
            Bought::Nothing => Some(PurchaseDecision::Nothing { look_again: answers.look_again.map(Day) }),
            Bought::Pack(purchase) => {
                Some(PurchaseDecision::Pack { purchase: Box::new(purchase_view(purchase, known.lots())) })
            }
        },
        mode: answers.mode,
        finished_at: answers.finished_at.map(Instant),
    }
}

fn summary_view(known: &AccountSnapshot) -> SummaryView {
    let bought = match bought(known) {
        Bought::Pack(purchase) if purchase.arrived.is_some() => Some(purchase_view(purchase, known.lots())),
        _ => None,
    };
    let typed = known.connection.as_ref().and_then(|connection| connection.typed);
    let read = known.figures.as_ref().map(UsageFigures::remaining);
    SummaryView {
        name: known.account.name.clone(),
        environment: known.account.environment,
        finished_at: Instant(known.answers.finished_at.unwrap_or(known.now)),
        app_id: known.connection.as_ref().and_then(|connection| connection.app_id.clone()),
        mode: known.answers.mode,
        remaining: typed.map(|figures| figures.remaining).or(read),
        bought,
    }
}
