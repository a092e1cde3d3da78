//! The clipboard of a desktop, as another program reads and fills it.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use super::{desktop::Desktop, process::Group};

/// What can be pasted now.
pub(crate) fn text(desktop: &Desktop) -> String {
    let output = program(desktop, "-out").stderr(Stdio::null()).output().expect("xclip");
    String::from_utf8(output.stdout).expect("text")
}

/// Fills it until dropped: on X11 a copied text goes with the program that it was copied in.
pub(crate) fn fill(desktop: &Desktop, text: &str) -> Group {
    let mut command = program(desktop, "-in");
    let mut holder = Group::start(command.arg("-quiet").stdin(Stdio::piped()).stderr(Stdio::null()));
    holder.stdin().write_all(text.as_bytes()).expect("xclip reads");
    holder
}

fn program(desktop: &Desktop, direction: &str) -> Command {
    let mut command = Command::new("xclip");
    command.args(["-selection", "clipboard", direction]).env("DISPLAY", desktop.display());
    command
}
