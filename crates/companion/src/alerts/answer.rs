//! What the overview says first: what a customer at the till gets now, and for how long.

use billing_core::stock::RunOut;
use chrono::NaiveDate;

use crate::api::{AcquisitionMode, AnswerView};

/// What the answer follows from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Situation {
    pub(crate) free: bool,
    /// Calls that can be used now; `None`: not known.
    pub(crate) remaining: Option<u64>,
    pub(crate) mode: Option<AcquisitionMode>,
    /// The mode can be switched by this application.
    pub(crate) can_switch: bool,
    pub(crate) run_out: Option<RunOut>,
    /// The figures say nothing of the days ahead any more.
    pub(crate) too_old: bool,
    pub(crate) today: NaiveDate,
}

pub(crate) fn answer(now: &Situation) -> AnswerView {
    let is_manual = now.mode == Some(AcquisitionMode::Manual);
    match (now.remaining, now.run_out) {
        _ if now.free => AnswerView::Free,
        (None, _) => AnswerView::Unknown,
        // What is used up stays used up until something is bought, and old figures do not show that.
        _ if now.too_old => AnswerView::TooOld,
        (Some(0), _) if is_manual => AnswerView::DryManual,
        (Some(0), _) => AnswerView::Dry { can_switch: now.can_switch },
        (_, None) => AnswerView::Unknown,
        (_, Some(RunOut { likely: Some(day), .. })) if day <= now.today => AnswerView::Today,
        (_, Some(RunOut { likely: Some(_), .. })) => AnswerView::Day,
        (_, Some(RunOut { likely: None, .. })) => AnswerView::Long,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_what_the_customer_at_the_till_gets() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day);
        let likely = |likely| Some(RunOut { earliest: likely, likely, latest: None });
        let usual = Situation {
            free: false,
            remaining: Some(6),
            mode: Some(AcquisitionMode::Authorized),
            can_switch: true,
            run_out: likely(day(29)),
            too_old: false,
            today: day(28).unwrap(),
        };
        let manual = Some(AcquisitionMode::Manual);
        let cases = [
            (usual, AnswerView::Day),
            (Situation { run_out: likely(None), ..usual }, AnswerView::Long),
            (Situation { run_out: None, ..usual }, AnswerView::Unknown),
            (Situation { run_out: likely(day(28)), ..usual }, AnswerView::Today),
            (Situation { run_out: likely(day(27)), ..usual }, AnswerView::Today),
            (Situation { remaining: Some(0), ..usual }, AnswerView::Dry { can_switch: true }),
            (
                Situation { remaining: Some(0), can_switch: false, ..usual },
                AnswerView::Dry { can_switch: false },
            ),
            // A mode that nobody knows may turn customers away.
            (Situation { remaining: Some(0), mode: None, ..usual }, AnswerView::Dry { can_switch: true }),
            (Situation { remaining: Some(0), mode: manual, ..usual }, AnswerView::DryManual),
            (Situation { remaining: None, ..usual }, AnswerView::Unknown),
            (Situation { too_old: true, ..usual }, AnswerView::TooOld),
            (Situation { too_old: true, remaining: Some(0), ..usual }, AnswerView::TooOld),
            (Situation { free: true, remaining: Some(0), too_old: true, ..usual }, AnswerView::Free),
        ];
        for (situation, expected) in cases {
            assert_eq!(answer(&situation), expected, "{situation:?}");
        }
    }
}
