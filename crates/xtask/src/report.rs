//! A list of steps, each announced with its number and timed; the first failure ends it.

use std::time::{Duration, Instant};

use crate::process::Failure;

/// How a step that did not fail ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Done,
    /// Not run, and why.
    Skipped(String),
}

/// One step of a longer task.
pub(crate) struct Step<'a> {
    title: &'static str,
    work: Box<dyn Fn() -> Result<Ending, Failure> + 'a>,
}

impl<'a> Step<'a> {
    pub(crate) fn new(title: &'static str, work: impl Fn() -> Result<(), Failure> + 'a) -> Self {
        Self::skippable(title, move || work().map(|()| Ending::Done))
    }

    pub(crate) fn skippable(title: &'static str, work: impl Fn() -> Result<Ending, Failure> + 'a) -> Self {
        Self { title, work: Box::new(work) }
    }
}

/// Runs the steps in order, says how long each took, and sums up at the end.
pub(crate) fn in_order(steps: &[Step<'_>]) -> Result<(), Failure> {
    let started = Instant::now();
    let mut skipped = Vec::new();
    for (number, step) in (1..).zip(steps) {
        println!("\n━━ {number}/{} {} (at {})", steps.len(), step.title, short(started.elapsed()));
        let step_started = Instant::now();
        let ending = (step.work)().inspect_err(|_| {
            eprintln!("\n━━ {number}/{} {}: FAILED", steps.len(), step.title);
        })?;
        let took = short(step_started.elapsed());
        match ending {
            Ending::Done => println!("━━ {number}/{} done in {took}", steps.len()),
            Ending::Skipped(reason) => {
                println!("━━ {number}/{} SKIP: {reason}", steps.len());
                skipped.push(format!("{}: {reason}", step.title));
            }
        }
    }
    println!("\nAll {} steps went through in {}.", steps.len() - skipped.len(), short(started.elapsed()));
    for one in skipped {
        println!("SKIP {one}");
    }
    Ok(())
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
    fn the_first_failure_ends_the_list() {
        let ran = RefCell::new(Vec::new());
        let note = |name: &'static str, fails: bool| {
            let ran = &ran;
            Step::new(name, move || {
                ran.borrow_mut().push(name);
                if fails { Err(Failure::Said("no".into())) } else { Ok(()) }
            })
        };
        let skip = Step::skippable("skipped", || Ok(Ending::Skipped("no network".into())));
        let result = in_order(&[note("a", false), skip, note("b", true), note("c", false)]);
        assert_eq!(result.unwrap_err().to_string(), "no");
        assert_eq!(*ran.borrow(), ["a", "b"]);
    }

    #[test]
    fn times_read_well() {
        assert_eq!(short(Duration::from_secs(59)), "59 s");
        assert_eq!(short(Duration::from_secs(125)), "2 min 05 s");
    }
}
