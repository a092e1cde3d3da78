//! The file of a scene: a command and its answer a line.

use companion::api::ErrorView;
use serde::Serialize;
use serde_json::Value;

/// What a command was answered.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    command: String,
    /// `None`: whatever the arguments.
    args: Option<Value>,
    #[serde(flatten)]
    answer: Answer,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Answer(Value),
    Refused(Value),
}

impl Line {
    pub(crate) fn act(command: &str, answer: Value) -> Self {
        Self { command: command.to_owned(), args: None, answer: Answer::Answer(answer) }
    }

    pub(crate) fn is_of(&self, command: &str) -> bool {
        self.command == command
    }

    pub(crate) fn read(command: &str, args: Value, answer: Result<String, ErrorView>) -> Self {
        let answer = match answer {
            Ok(json) => Answer::Answer(serde_json::from_str(&json).unwrap()),
            Err(error) => Answer::Refused(serde_json::to_value(error).unwrap()),
        };
        Self { command: command.to_owned(), args: Some(args), answer }
    }
}

/// Writes the recording of a scene, or compares it with the committed one. `differs`: what stands for what differs from run
/// to run.
pub(crate) fn keep(scene: &str, lines: &[Line], differs: &[(&str, &str)]) {
    let lines: Vec<String> = lines.iter().map(|line| serde_json::to_string(line).unwrap()).collect();
    let text = differs
        .iter()
        .fold(format!("[\n{}\n]\n", lines.join(",\n")), |text, (ours, stands)| text.replace(ours, stands));
    let text = without_references(&without_request_ids(&text));
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/testing/recordings");
    let file = folder.join(format!("{scene}.json"));
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(&file, &text).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    let changed = found.lines().zip(text.lines()).find(|(found, wanted)| found != wanted);
    assert!(
        found == text,
        "the recording of {scene} is out of date, run `cargo xtask bindings`: {changed:?}"
    );
}

/// The platform ends its refusals with a request id, of which only the first part follows from its clock.
fn without_request_ids(text: &str) -> String {
    const RID: &str = "\"rid\":\"";
    const TAIL: &str = "-00000000-00000000";
    let mut parts = text.split(RID);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |done, part| format!("{done}{RID}{}{TAIL}{}", &part[..8], &part[8 + TAIL.len()..]))
}

/// References of errors are drawn by chance, where several things fail at once in any order.
fn without_references(text: &str) -> String {
    const REFERENCE: &str = "\"ref\":\"";
    let mut parts = text.split(REFERENCE);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |done, part| {
        let (_, rest) = part.split_once('"').unwrap();
        format!("{done}{REFERENCE}REC0-0000\"{rest}")
    })
}
