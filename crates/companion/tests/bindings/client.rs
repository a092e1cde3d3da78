//! The TypeScript client of the commands: functions, and what the reads among them depend on.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use companion::commands::{COMMANDS, Command, Kind, camel_case};
use ts_rs::Config;

const HEAD: &str = "\
// Generated from crates/companion/src/commands by `cargo xtask bindings`. Do not edit.
// What the UI may ask of its host. Pages import from here, never from @tauri-apps.
";

const CALL: &str = "\
/** Carries a command to the host and brings its answer back. Rejects with an `ErrorView` and with nothing else. */
export type Call = <T>(command: string, args: Record<string, unknown>) => Promise<T>;

/** A question whose answer may be kept until one of its tags changes. */
export interface Read<T> {
  readonly queryKey: readonly [command: string, args: Record<string, unknown>];
  readonly queryFn: () => Promise<T>;
}
";

pub(crate) fn client() -> String {
    // Numbers are at most 10^12 < 2^53, so a JSON number is exact.
    let config = &Config::new().with_large_int("number");
    let reads: Vec<&Command> = COMMANDS.iter().filter(|command| command.kind == Kind::Read).collect();
    let methods: String = COMMANDS.iter().map(|command| method(command, config)).collect();
    let calls: String = COMMANDS.iter().map(call).collect();
    let questions: String = reads.iter().map(|command| question(command, config)).collect();
    let depends: String = reads.iter().map(|command| tags(command)).collect();
    let acts = COMMANDS.iter().filter(|command| command.kind != Kind::Read && !command.tags.is_empty());
    let changes: String = acts.map(tags).collect();
    let patient = COMMANDS.iter().filter(|command| command.kind == Kind::LongAct).map(|command| command.name);
    let patient: Vec<String> = patient.map(|name| format!("\"{name}\"")).collect();
    format!(
        "{HEAD}import type {{\n{types}}} from \"./bindings\";\n\n{CALL}\n\
         export interface Commands {{\n{methods}}}\n\n\
         export interface Host extends Commands {{\n  \
         /** Hears what changed in the background; returns the way to stop listening. */\n  \
         onChanged(listener: (changed: Changed) => void): Promise<() => void>;\n}}\n\n\
         export const createCommands = (call: Call): Commands => ({{\n{calls}}});\n\n\
         export const reads = (host: Commands) => ({{\n{questions}}});\n\n\
         /** The tags whose change makes the answer of a read out of date. */\n\
         export const DEPENDS: Readonly<Record<string, readonly Tag[]>> = {{\n{depends}}};\n\n\
         /** The tags that a command changes, also when it is refused. */\n\
         export const CHANGES: Readonly<Record<string, readonly Tag[]>> = {{\n{changes}}};\n\n\
         /** Commands that may take longer than the UI waits for others. */\n\
         export const LONG: readonly string[] = [{patient}];\n",
        types = types(config),
        patient = patient.join(", "),
    )
}

/// The types of the bindings that arguments and answers name.
fn types(config: &Config) -> String {
    let named = COMMANDS.iter().flat_map(|command| {
        let arguments = command.arguments.iter().map(|argument| (argument.kind)(config));
        arguments.chain([(command.answer)(config)]).collect::<Vec<_>>()
    });
    let mut types = BTreeSet::from(["Changed".to_owned(), "Tag".to_owned()]);
    for name in named {
        let words = name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| *word != "Array");
        types.extend(words.filter(|word| word.starts_with(char::is_uppercase)).map(ToOwned::to_owned));
    }
    types.iter().fold(String::new(), |mut lines, name| {
        let _ = writeln!(lines, "  {name},");
        lines
    })
}

fn parameters(command: &Command, config: &Config) -> String {
    let one = |argument: &companion::commands::Argument| {
        format!("{}: {}", camel_case(argument.name), (argument.kind)(config))
    };
    command.arguments.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn names(command: &Command) -> String {
    command.arguments.iter().map(|argument| camel_case(argument.name)).collect::<Vec<_>>().join(", ")
}

/// The arguments as an object.
fn object(command: &Command) -> String {
    if command.arguments.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", names(command)) }
}

fn answer(command: &Command, config: &Config) -> String {
    match (command.answer)(config).as_str() {
        "null" => "void".to_owned(),
        name => name.to_owned(),
    }
}

fn method(command: &Command, config: &Config) -> String {
    let docs = match command.docs {
        [] => String::new(),
        lines => format!(
            "  /** {} */\n",
            lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n   *  ")
        ),
    };
    let (name, parameters) = (camel_case(command.name), parameters(command, config));
    format!("{docs}  {name}({parameters}): Promise<{}>;\n", answer(command, config))
}

fn call(command: &Command) -> String {
    let (name, arguments) = (camel_case(command.name), names(command));
    format!("  {name}: ({arguments}) => call(\"{}\", {}),\n", command.name, object(command))
}

fn question(command: &Command, config: &Config) -> String {
    let (name, parameters, arguments) =
        (camel_case(command.name), parameters(command, config), names(command));
    format!(
        "  {name}: ({parameters}): Read<{answer}> => ({{ queryKey: [\"{command}\", {object}], \
         queryFn: () => host.{name}({arguments}) }}),\n",
        answer = answer(command, config),
        command = command.name,
        object = object(command),
    )
}

fn tags(command: &Command) -> String {
    let tags = serde_json::to_string(command.tags).unwrap().replace(',', ", ");
    format!("  {}: {tags},\n", command.name)
}
