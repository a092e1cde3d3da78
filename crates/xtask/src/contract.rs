//! The practice platform against the document of the member-card interface, by a client that nobody here wrote.

use std::path::Path;

use crate::{practice, process::Failure, report::Ending, tools::SCHEMATHESIS};

/// The document is valid, and the stand-alone platform answers as it says.
pub(crate) fn check(repository: &Path) -> Result<Ending, Failure> {
    if let Err(why) = SCHEMATHESIS.make_ready(repository) {
        return Ok(Ending::Skipped(why));
    }
    let folder = repository.join("crates").join("practice").join("openapi");
    let file = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (document, configuration) = (file("member-card.yaml"), file("schemathesis.toml"));
    let validate = ["-m", "openapi_spec_validator", &document];
    SCHEMATHESIS.run(repository, "python", validate).passed_through()?;

    let home = repository.join("target").join("contract");
    let (_platform, address) = practice::serve(repository, &home, None)?;
    let run = ["--config-file", &configuration, "run", &document, "--url", &address];
    // It keeps notes of its own where it runs.
    SCHEMATHESIS.run(repository, "schemathesis", run).at(&home).passed_through().map(|()| Ending::Done)
}
