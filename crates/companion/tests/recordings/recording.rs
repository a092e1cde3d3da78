//! The files of the recordings, one a command: a scene, what was asked and the answer a line.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use companion::api::ErrorView;
use serde::Serialize;
use serde_json::Value;

/// What a command was answered.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    /// It names the file.
    #[serde(skip)]
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

/// A line as it stands in a file.
#[derive(Serialize)]
struct OfScene<'a> {
    scene: &'a str,
    #[serde(flatten)]
    line: &'a Line,
}

/// Writes the recording of a scene, or compares it with the committed one. `differs`: what stands for what differs from run
/// to run.
pub(crate) fn keep(scene: &str, lines: &[Line], differs: &[(&str, &str)]) {
    let mut wanted = BTreeMap::<String, Vec<String>>::new();
    for line in lines {
        let text = serde_json::to_string(&OfScene { scene, line }).unwrap();
        let text = differs.iter().fold(text, |text, (ours, stands)| text.replace(ours, stands));
        let text = without_references(&without_request_ids(&text));
        wanted.entry(line.command.clone()).or_default().push(text);
    }
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        update(scene, &wanted);
    }
    for command in recorded_commands().into_iter().chain(wanted.keys().cloned()).collect::<BTreeSet<_>>() {
        let found = scenes(&command).remove(scene).unwrap_or_default();
        let wanted = wanted.get(&command).map(Vec::as_slice).unwrap_or_default();
        let changed = found.iter().zip(wanted).find(|(found, wanted)| found != wanted);
        assert!(
            found == wanted,
            "the recording of {command} in {scene} is out of date, run `cargo xtask bindings`: {changed:?}"
        );
    }
}

/// Puts the lines of a scene into the files, one scene at a time: each is a test of its own, perhaps in its own process.
fn update(scene: &str, wanted: &BTreeMap<String, Vec<String>>) {
    let lock = File::create(Path::new(env!("CARGO_TARGET_TMPDIR")).join("recordings.lock")).unwrap();
    lock.lock().unwrap();
    std::fs::create_dir_all(folder()).unwrap();
    for command in recorded_commands().into_iter().chain(wanted.keys().cloned()).collect::<BTreeSet<_>>() {
        let mut scenes = scenes(&command);
        match wanted.get(&command) {
            Some(lines) => scenes.insert(scene.to_owned(), lines.clone()),
            None => scenes.remove(scene),
        };
        let lines: Vec<String> = scenes.into_values().flatten().collect();
        if lines.is_empty() {
            std::fs::remove_file(file(&command)).unwrap();
        } else {
            std::fs::write(file(&command), format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
        }
    }
}

/// The lines of a command, scene by scene.
fn scenes(command: &str) -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(file(command)).unwrap_or_default();
    let mut scenes = BTreeMap::<String, Vec<String>>::new();
    for line in text.lines() {
        let Some(rest) = line.strip_prefix(r#"{"scene":""#) else { continue };
        let (scene, _) = rest.split_once('"').unwrap();
        let line = line.strip_suffix(',').unwrap_or(line);
        scenes.entry(scene.to_owned()).or_default().push(line.to_owned());
    }
    scenes
}

/// The commands that have a file.
fn recorded_commands() -> BTreeSet<String> {
    let Ok(files) = std::fs::read_dir(folder()) else { return BTreeSet::new() };
    let stem = |path: PathBuf| path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned);
    files.filter_map(|file| stem(file.unwrap().path())).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/testing/recordings")
}

fn file(command: &str) -> PathBuf {
    folder().join(format!("{command}.json"))
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
