//! The permissions of the commands, one a feature, and all of them together.

use std::fmt::Write as _;

use companion::commands::COMMANDS;

pub(crate) fn permissions() -> String {
    let mut text =
        "# Generated from crates/companion/src/commands by `cargo xtask bindings`. Do not edit.\n".to_owned();
    let mut features: Vec<&str> = COMMANDS.iter().map(|command| command.feature).collect();
    features.dedup();
    for feature in &features {
        let _ = write!(
            text,
            "\n[[permission]]\nidentifier = \"{}\"\ncommands.allow = [\n",
            feature.replace('_', "-")
        );
        for command in COMMANDS.iter().filter(|command| command.feature == *feature) {
            let _ = writeln!(text, "  \"{}\",", command.name);
        }
        text.push_str("]\n");
    }
    let all: Vec<String> =
        features.iter().map(|feature| format!("\"{}\"", feature.replace('_', "-"))).collect();
    let _ = write!(
        text,
        "\n[[set]]\nidentifier = \"commands\"\ndescription = \"Every command: the main window's\"\npermissions = [{}]\n",
        all.join(", ")
    );
    text
}
