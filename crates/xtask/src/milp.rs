//! Plans of the billing core against HiGHS, a solver for mixed-integer programs.

use std::path::Path;

use crate::{
    process::{Failure, Run},
    report::Ending,
    start,
    tools::HIGHS,
};

/// As many random cases as fit into a minute; all 500 are for a long run by hand.
const SECONDS: &str = "60";

pub(crate) fn compare(repository: &Path) -> Result<Ending, Failure> {
    if cfg!(windows) {
        return Ok(Ending::Skipped("plans are compared on Unix only".into()));
    }
    if let Err(why) = HIGHS.make_ready(repository) {
        return Ok(Ending::Skipped(why));
    }
    Run::new("cargo", ["build", "--workspace", "--bin", "billing"]).at(repository).passed_through()?;
    let billing = start::target(repository).join("debug").join("billing");
    let script = "crates/billing-core/tests/milp/plans.py";
    let arguments = [script, "compare", &billing.to_string_lossy(), "--seconds", SECONDS];
    HIGHS.run(repository, "python", arguments).passed_through().map(|()| Ending::Done)
}
