//! The steps of the wizard. Their states follow from what is stored about an account, and are not stored themselves.

use crate::api::{Decision, PurchaseState, Step, StepState, StepView};
use crate::snapshot::AccountSnapshot;
use crate::store::purchases::Purchase;

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

/// What was decided about buying.
pub(crate) enum Bought<'a> {
    Undecided,
    Nothing,
    Pack(&'a Purchase),
}

pub(crate) fn bought(known: &AccountSnapshot) -> Bought<'_> {
    match &known.purchase {
        _ if known.answers.nothing_at.is_some() => Bought::Nothing,
        Some(purchase) if purchase.state != PurchaseState::GivenUp => Bought::Pack(purchase),
        _ => Bought::Undecided,
    }
}

/// What is known of a step on its own; `None`: it is still to be done.
fn settled(known: &AccountSnapshot, step: Step) -> Option<StepState> {
    let answers = &known.answers;
    let decision = known.decision();
    // Who pays nothing, or may not open the capability, has nothing to prepare or to buy.
    let unpaid = matches!(decision, Some(Decision::Free { .. } | Decision::NotEligible { .. }));
    let manual = answers.way.is_some_and(|(way, _)| !way.uses_quota());
    let done = |is: bool| is.then_some(StepState::Done);
    let needless = |is: bool| is.then_some(StepState::Skipped);
    match step {
        Step::Welcome => Some(StepState::Done),
        Step::Eligibility => done(decision.is_some()),
        Step::Way => needless(unpaid).or(done(answers.way.is_some())),
        Step::Login => done(answers.login_confirmed_at.is_some()).or(needless(unpaid || manual)),
        Step::Console => done(answers.signed_in_at.is_some()).or(needless(unpaid || manual)),
        Step::Connect => done(known.connection.is_some()).or(needless(unpaid || manual)),
        Step::Usage => done(answers.usage_seen_at.is_some())
            .or(needless((unpaid || manual) && known.connection.is_none())),
        Step::Pack => match bought(known) {
            _ if unpaid || manual => Some(StepState::Skipped),
            Bought::Nothing | Bought::Pack(_) => Some(StepState::Done),
            Bought::Undecided => None,
        },
        Step::Payment => match bought(known) {
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
pub(crate) fn steps(known: &AccountSnapshot) -> Vec<StepView> {
    let mut reached = true;
    STEPS
        .into_iter()
        .map(|(step, minutes)| {
            let state = settled(known, step);
            let unsettled = if reached { StepState::Open } else { StepState::Later };
            reached &= state.is_some();
            StepView { step, state: state.unwrap_or(unsettled), minutes }
        })
        .collect()
}

pub(crate) fn state_of(known: &AccountSnapshot, wanted: Step) -> StepState {
    let found = steps(known).into_iter().find(|view| view.step == wanted);
    found.map_or(StepState::Later, |view| view.state)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{AcquisitionMode, Subject};
    use crate::snapshot::samples::{connected, declared, fresh, now, purchase};

    /// One letter a step: done, open, later, skipped.
    fn shown(known: &AccountSnapshot) -> String {
        let letter = |view: StepView| match view.state {
            StepState::Done => 'D',
            StepState::Open => 'o',
            StepState::Later => '.',
            StepState::Skipped => '-',
        };
        steps(known).into_iter().map(letter).collect()
    }

    fn with(mut known: AccountSnapshot, change: impl FnOnce(&mut AccountSnapshot)) -> AccountSnapshot {
        change(&mut known);
        known
    }

    /// Everything up to the pack is answered.
    fn ready_to_buy() -> AccountSnapshot {
        with(connected(), |known| {
            known.answers.way = Some((AcquisitionMode::Authorized, 60));
            known.answers.login_confirmed_at = Some(now());
            known.answers.signed_in_at = Some(now());
            known.answers.usage_seen_at = Some(now());
        })
    }

    #[test]
    fn states_of_steps_follow_from_what_was_answered() {
        let bought = |state, arrived| {
            with(ready_to_buy(), |known| {
                let arrival = crate::store::purchases::Arrival {
                    seen_at: now(),
                    lot: None,
                    calls: 1_000,
                    effective_at: None,
                    expires_at: None,
                };
                let arrived = Some(arrival).filter(|_| arrived);
                known.purchase = Some(Purchase { arrived, ..purchase(state) });
            })
        };
        let manual = |known| {
            with(known, |known: &mut AccountSnapshot| known.answers.way = Some((AcquisitionMode::Manual, 60)))
        };
        let rows = [
            (fresh(), "Do........."),
            (declared(Subject::Enterprise), "DDo........"),
            // By a free rule there is nothing to prepare and nothing to buy; so it is without the capability.
            (declared(Subject::Government), "DD--------o"),
            (declared(Subject::Individual), "DD--------o"),
            (manual(declared(Subject::Enterprise)), "DDD------o."),
            // What was read all the same is to be looked at.
            (manual(connected()), "DDD--Do--.."),
            (connected(), "DDo..D....."),
            (ready_to_buy(), "DDDDDDDo..."),
            (with(ready_to_buy(), |known| known.answers.nothing_at = Some(now())), "DDDDDDDD-o."),
            (bought(PurchaseState::Picked, false), "DDDDDDDDo.."),
            (bought(PurchaseState::Waiting, false), "DDDDDDDDo.."),
            (bought(PurchaseState::Arrived, true), "DDDDDDDDDo."),
            (bought(PurchaseState::ArrivedDifferent, true), "DDDDDDDDDo."),
            (bought(PurchaseState::GivenUp, false), "DDDDDDDo..."),
        ];
        for (number, (known, expected)) in rows.into_iter().enumerate() {
            assert_eq!(shown(&known), expected, "row {number}");
        }
    }
}
