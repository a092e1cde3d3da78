//! 用量曲线, drawn by the server: calls of each day as columns, with the same figures as a table for those who cannot
//! see them.

use crate::pages::calls;
use chrono::{Datelike, NaiveDate};
use maud::{Markup, html};

/// The picture, and inside it the field of the columns.
const WIDTH: usize = 720;
const HEIGHT: u64 = 200;
const LEFT: usize = 44;
const TOP: u64 = 12;
const BOTTOM: u64 = 172;

/// About the number of days that carry their date.
const DATES: usize = 7;

/// The smallest of 4, 8, 20, 40, 80, 200, … that is not below the highest column: every quarter is a whole number.
fn ceiling(highest: u64) -> u64 {
    let mut step: u64 = 4;
    loop {
        for ceiling in [step, step.saturating_mul(2), step.saturating_mul(5)] {
            if highest <= ceiling {
                return ceiling;
            }
        }
        step = step.saturating_mul(10);
    }
}

pub(super) fn curve(daily: &[(NaiveDate, u64)]) -> Markup {
    let whole: u64 = daily.iter().map(|(_, calls)| calls).sum();
    let highest = daily.iter().map(|(_, calls)| *calls).max().unwrap_or(0);
    let ceiling = ceiling(highest);
    let y = |calls: u64| BOTTOM - calls.saturating_mul(BOTTOM - TOP) / ceiling;
    let days = daily.len().max(1);
    let x = |index: usize| LEFT + index * (WIDTH - LEFT) / days;
    let every = days.div_ceil(DATES);
    html! {
        p class="muted" data-testid="console.curve_summary" {
            "最近 " (days) " 天共 " (calls(whole)) " 次，最多的一天 " (calls(highest)) " 次。"
        }
        div class="scroll from-end" {
            svg class="curve" viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label="每天的用量" {
                @for quarter in 0..=4_u64 {
                    @let calls = ceiling * quarter / 4;
                    line class="grid" x1=(LEFT) x2=(WIDTH) y1=(y(calls)) y2=(y(calls)) {}
                    @if quarter.is_multiple_of(2) {
                        text class="axis" x=(LEFT - 8) y=(y(calls) + 4) text-anchor="end" { (calls) }
                    }
                }
                @for (index, (day, calls)) in daily.iter().enumerate() {
                    @let width = (x(index + 1) - x(index)).saturating_sub(2).max(1);
                    @if *calls > 0 {
                        rect x=(x(index) + 1) y=(y(*calls).min(BOTTOM - 1)) width=(width) height=(BOTTOM - y(*calls).min(BOTTOM - 1)) {
                            title { (day) "：" (calls) " 次" }
                        }
                    }
                    @if index.is_multiple_of(every) {
                        text class="axis" x=(x(index) + width / 2 + 1) y=(BOTTOM + 18) text-anchor="middle" {
                            (day.month()) "-" (day.day())
                        }
                    }
                }
            }
        }
        details {
            summary { "以表格查看" }
            div class="scroll tall" {
                table {
                    thead { tr { th scope="col" { "日期" } th scope="col" class="number" { "用量" } } }
                    tbody {
                        @for (day, calls) in daily.iter().rev() {
                            tr { th scope="row" { (day) } td class="number" { (calls) } }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ceiling;

    #[test]
    fn the_axis_ends_at_a_round_number() {
        let ends = [0, 1, 4, 5, 9, 21, 41, 100, 4_001, u64::MAX].map(ceiling);
        assert_eq!(ends, [4, 4, 4, 8, 20, 40, 80, 200, 8_000, u64::MAX]);
    }
}
