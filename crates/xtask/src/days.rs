//! What knows days, tested on others than today and in other zones than this machine's.

use std::path::Path;

use crate::{
    process::{Failure, Run},
    tools,
};

pub(crate) const ALSO_ON_OTHER_DAYS: &str = "What knows days, on the eve of 29 February and of a new year";

/// When practice time begins, half a minute before midnight in Beijing, and where the machine then stands: in Beijing's
/// zone, and in one that has summer time.
const WORLDS: [(&str, &str); 2] =
    [("2028-02-28T23:59:30+08:00", "Asia/Shanghai"), ("2026-12-31T23:59:30+08:00", "Europe/Berlin")];

/// Rust tests that know days: the rules' tables and worked examples, some journeys, the practice platform's interfaces.
const RUST: &str = "(package(billing-core) and (binary(tables) or binary(golden))) \
                    or (package(practice) and binary(http)) \
                    or (package(companion) and binary(journeys) and \
                    test(/^(alerts|bill|history|lots|orders|plans|purchases|reminders|syncs)::/))";

pub(crate) fn rust_tests(repository: &Path) -> Result<(), Failure> {
    in_each_world(|| tools::nextest(repository, ["--workspace", "--filterset", RUST]))
}

fn in_each_world(tests: impl Fn() -> Run) -> Result<(), Failure> {
    WORLDS
        .iter()
        .try_for_each(|(start, zone)| tests().env("PRACTICE_START", start).env("TZ", zone).passed_through())
}
