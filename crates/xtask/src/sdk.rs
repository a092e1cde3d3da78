//! Libraries nobody here wrote, pointed at the practice platform: if they get along with it, it speaks as WeChat does.

use std::{fs, path::Path};

use crate::{
    practice,
    process::{Failure, Run},
    report::Ending,
    tools::WECHATPY,
};

/// Only practice on this computer ever sees it.
const ADMIN_TOKEN: &str = "sdk-check";

pub(crate) fn check(repository: &Path) -> Result<Ending, Failure> {
    if let Err(why) = WECHATPY.make_ready(repository) {
        return Ok(Ending::Skipped(why));
    }
    let sources = repository.join("tests").join("sdk");
    let folder = repository.join("target").join("sdk");
    let node = folder.join("node");
    node_packages(&sources.join("node"), &node)?;
    let (_platform, address) = practice::serve(repository, &folder.join("home"), Some(ADMIN_TOKEN))?;
    let told = |run: Run| run.env("PRACTICE_URL", &address).env("PRACTICE_ADMIN_TOKEN", ADMIN_TOKEN);
    let script = sources.join("python").join("check.py");
    told(WECHATPY.run(repository, "python", [&*script.to_string_lossy()])).passed_through()?;
    told(Run::new("node", ["check.js"]).at(&node)).passed_through().map(|()| Ending::Done)
}

/// A copy of the check beside the packages of its lock; Node looks for them there.
fn node_packages(source: &Path, folder: &Path) -> Result<(), Failure> {
    let failed = |path: &Path, error| Failure::File { path: path.to_owned(), error };
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    for name in ["package.json", "package-lock.json", ".npmrc", "check.js"] {
        fs::copy(source.join(name), folder.join(name)).map_err(|error| failed(&source.join(name), error))?;
    }
    Run::npm(["ci", "--no-audit", "--ignore-scripts"]).at(folder).passed_through()
}
