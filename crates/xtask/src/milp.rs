//! Plans of the billing core against HiGHS, a solver for mixed-integer programs.

use std::path::Path;

use crate::{process::Failure, report::Ending, start, tools::HIGHS};

/// As many random cases as fit into a minute; all 500 are for a long run by hand.
const SECONDS: &str = "60";
/// How long HiGHS may take for one plan of a benchmark.
const SECONDS_EACH: &str = "120";
const SCRIPT: &str = "crates/billing-core/tests/milp/plans.py";

pub(crate) fn compare(repository: &Path) -> Result<Ending, Failure> {
    if cfg!(windows) {
        return Ok(Ending::Skipped("plans are compared on Unix only".into()));
    }
    if let Err(why) = HIGHS.make_ready(repository) {
        return Ok(Ending::Skipped(why));
    }
    let billing = billing(repository)?;
    let arguments = [SCRIPT, "compare", &billing, "--seconds", SECONDS];
    HIGHS.run(repository, "python", arguments).passed_through().map(|()| Ending::Done)
}

/// The command that says what HiGHS takes for a plan; nothing where it cannot be had.
pub(crate) fn solver(repository: &Path) -> Result<Vec<String>, Failure> {
    if let Err(why) = HIGHS.make_ready(repository) {
        println!("{why}: the plan is measured alone");
        return Ok(Vec::new());
    }
    let script = repository.join(SCRIPT).to_string_lossy().into_owned();
    let words = [script.as_str(), "speed", &billing(repository)?, "--seconds", SECONDS_EACH];
    Ok(HIGHS.run(repository, "python", words).words())
}

/// The billing core's command line.
fn billing(repository: &Path) -> Result<String, Failure> {
    Ok(start::program(repository, "billing", "tables")?.to_string_lossy().into_owned())
}
