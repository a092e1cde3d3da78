//! A list of steps, each announced with its number and timed. A failed check does not hide what the others find;
//! a failed step that others build on ends the list.

use std::time::{Duration, Instant};

use crate::process::Failure;

/// How a step that did not fail ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ending {
    Done,
    /// Not run, and why: the machine cannot, which a CI machine must.
    Skipped(String),
    /// Not run, because this could not be reached over the network: allowed everywhere.
    NotReached(String),
}

/// What a skipped step means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Skips {
    /// A person's machine may lack something.
    Allowed,
    /// In CI a check that was not made is a failure.
    Refused,
}

impl Skips {
    /// CI services set `CI`, as `.ci/run` does.
    pub(crate) fn of_this_machine() -> Self {
        let ci = std::env::var("CI").unwrap_or_default();
        if matches!(ci.as_str(), "" | "0" | "false") { Self::Allowed } else { Self::Refused }
    }
}

/// One step of a longer task.
pub(crate) struct Step<'a> {
    title: &'static str,
    work: Box<dyn Fn() -> Result<Ending, Failure> + 'a>,
    ends_the_list: bool,
}

impl<'a> Step<'a> {
    /// Later steps build on this one.
    pub(crate) fn new(title: &'static str, work: impl Fn() -> Result<(), Failure> + 'a) -> Self {
        Self { ends_the_list: true, ..Self::check(title, work) }
    }

    pub(crate) fn check(title: &'static str, work: impl Fn() -> Result<(), Failure> + 'a) -> Self {
        Self::skippable(title, move || work().map(|()| Ending::Done))
    }

    /// A check that not every machine can make.
    pub(crate) fn skippable(title: &'static str, work: impl Fn() -> Result<Ending, Failure> + 'a) -> Self {
        Self { title, work: Box::new(work), ends_the_list: false }
    }
}

/// The steps with this in their titles, and those that others build on.
pub(crate) fn only<'a>(part: &str, steps: Vec<Step<'a>>) -> Vec<Step<'a>> {
    let part = part.to_lowercase();
    steps.into_iter().filter(|step| step.ends_the_list || step.title.to_lowercase().contains(&part)).collect()
}

/// Runs the steps in order, and prints at the end what each took.
///
/// # Errors
/// The failure of the one step that failed, or how many did.
pub(crate) fn in_order(steps: &[Step<'_>]) -> Result<(), Failure> {
    let mut rows = Vec::new();
    let outcome = run(steps, Skips::of_this_machine(), &mut rows);
    println!("\n{}", table(&rows));
    outcome
}

/// A step that was begun, what it took, and a remark about its end.
struct Row {
    title: &'static str,
    took: Duration,
    remark: Option<String>,
}

fn run(steps: &[Step<'_>], skips: Skips, rows: &mut Vec<Row>) -> Result<(), Failure> {
    let mut failures = Vec::new();
    for (number, step) in (1..).zip(steps) {
        println!("\n━━ {number}/{} {}", steps.len(), step.title);
        let started = Instant::now();
        let result = (step.work)();
        let took = started.elapsed();
        let (remark, failure) = match result {
            Ok(Ending::Done) => (None, None),
            Ok(Ending::NotReached(what)) => (Some(format!("NOT REACHED: {what}")), None),
            Ok(Ending::Skipped(reason)) if skips == Skips::Allowed => (Some(format!("SKIP: {reason}")), None),
            Ok(Ending::Skipped(reason)) => {
                let failure = Failure::Said(format!("CI must not skip “{}”: {reason}", step.title));
                (Some("FAILED".into()), Some(failure))
            }
            Err(failure) => (Some("FAILED".into()), Some(failure)),
        };
        println!("━━ {number}/{} {} ({})", steps.len(), remark.as_deref().unwrap_or("done"), short(took));
        rows.push(Row { title: step.title, took, remark });
        if let Some(failure) = failure {
            println!("{failure}");
            failures.push(failure);
            if step.ends_the_list {
                break;
            }
        }
    }
    match (failures.pop(), failures.len()) {
        (None, _) => Ok(()),
        (Some(failure), 0) => Err(failure),
        (Some(_), others) => Err(Failure::Said(format!("{} steps failed.", others + 1))),
    }
}

/// Where the time went.
fn table(rows: &[Row]) -> String {
    let total: Duration = rows.iter().map(|row| row.took).sum();
    let lines = rows.iter().map(|Row { title, took, remark }| {
        let remark = remark.as_deref().map(|remark| format!("  {remark}")).unwrap_or_default();
        format!("{:>6} s  {title}{remark}\n", took.as_secs())
    });
    format!("{}{:>6} s  in all ({})", lines.collect::<String>(), total.as_secs(), short(total))
}

fn short(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 { format!("{seconds} s") } else { format!("{} min {:02} s", seconds / 60, seconds % 60) }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn a_failed_check_is_counted_and_a_failed_step_ends_the_list() {
        let ran = RefCell::new(Vec::new());
        let note = |name: &'static str, fails: bool| {
            let ran = &ran;
            move || {
                ran.borrow_mut().push(name);
                if fails { Err(Failure::Said("no".into())) } else { Ok(()) }
            }
        };
        let skip = Step::skippable("skipped", || Ok(Ending::Skipped("no Python".into())));
        let mut rows = Vec::new();
        let steps = [
            Step::check("a", note("a", true)),
            skip,
            Step::new("b", note("b", true)),
            Step::new("c", note("c", false)),
        ];
        let result = run(&steps, Skips::Allowed, &mut rows);
        assert_eq!(result.unwrap_err().to_string(), "2 steps failed.");
        assert_eq!(*ran.borrow(), ["a", "b"]);
        assert!(table(&rows).contains("skipped  SKIP: no Python\n"), "{}", table(&rows));
        assert!(table(&rows).contains("b  FAILED\n"), "{}", table(&rows));
    }

    #[test]
    fn a_part_of_the_list_keeps_what_others_build_on() {
        let none = || Ok(());
        let steps =
            vec![Step::new("UI build", none), Step::check("UI tests", none), Step::check("Journeys", none)];
        let kept: Vec<_> = only("ui Tests", steps).iter().map(|step| step.title).collect();
        assert_eq!(kept, ["UI build", "UI tests"]);
    }

    #[test]
    fn ci_skips_nothing_but_what_it_cannot_reach() {
        let ends = |ending: Ending, skips| {
            run(&[Step::skippable("s", || Ok(ending.clone()))], skips, &mut Vec::new()).is_ok()
        };
        let (skipped, not_reached) = (Ending::Skipped("x".into()), Ending::NotReached("x".into()));
        assert!(ends(skipped.clone(), Skips::Allowed));
        assert!(!ends(skipped, Skips::Refused));
        assert!(ends(not_reached, Skips::Refused));
    }

    #[test]
    fn the_table_sums_up() {
        let row = |title, seconds| Row { title, took: Duration::from_secs(seconds), remark: None };
        let said = table(&[row("UI tests", 125), row("Rust lints", 1000)]);
        assert_eq!(said, "   125 s  UI tests\n  1000 s  Rust lints\n  1125 s  in all (18 min 45 s)");
    }

    #[test]
    fn times_read_well() {
        assert_eq!(short(Duration::from_secs(59)), "59 s");
        assert_eq!(short(Duration::from_secs(125)), "2 min 05 s");
    }
}
