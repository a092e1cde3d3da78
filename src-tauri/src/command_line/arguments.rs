//! What was asked for.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Command, error::ErrorKind};
use companion::api::{AccountRow, Environment, Language};

use super::words::Help;
use crate::words;

/// What the arguments of a start ask for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Window,
    Ask(Ask),
    SelfCheck {
        json: bool,
    },
    ForgetSecrets,
    /// Help, or the version.
    Text(String),
    /// They are not understood; why.
    Wrong(String),
}

/// A question about accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ask {
    pub(super) question: Question,
    /// By name, AppID or id; `None`: all that are not archived.
    pub(super) account: Option<String>,
    pub(super) json: bool,
    /// About accounts of practice instead of live ones.
    pub(super) practice: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    Status,
    Guard,
    Plan,
    Statement,
}

const QUESTIONS: [(&str, Question); 4] = [
    ("status", Question::Status),
    ("guard", Question::Guard),
    ("plan", Question::Plan),
    ("statement", Question::Statement),
];

const SELF_CHECK: &str = "--self-check";
const FORGET_SECRETS: &str = "--forget-secrets";
const EXAMPLES: &str = "例子 Examples:
  merchant-companion status
  merchant-companion status --json > status.json
  merchant-companion guard --json
  merchant-companion plan wx0123456789abcdef
  merchant-companion status --practice
  merchant-companion --self-check";

/// Reads the arguments of a start. Those of the window all begin with a dash.
pub(super) fn asked(arguments: impl IntoIterator<Item = OsString>) -> Asked {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let first = arguments.get(1).and_then(|first| first.to_str());
    let is_window = first.is_none_or(|first| {
        let others = ["-h", "--help", "-V", "--version", SELF_CHECK, FORGET_SECRETS];
        first.starts_with('-') && !others.contains(&first)
    });
    if is_window {
        return Asked::Window;
    }
    match command().try_get_matches_from(arguments) {
        Ok(matches) if matches.get_flag("self-check") => Asked::SelfCheck { json: matches.get_flag("json") },
        Ok(matches) if matches.get_flag("forget-secrets") => Asked::ForgetSecrets,
        Ok(matches) => ask(&matches).map_or(Asked::Window, Asked::Ask),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Asked::Text(error.to_string()),
            _ => Asked::Wrong(error.to_string()),
        },
    }
}

fn ask(matches: &ArgMatches) -> Option<Ask> {
    let (name, of) = matches.subcommand()?;
    let (_, question) = QUESTIONS.into_iter().find(|(known, _)| *known == name)?;
    Some(Ask {
        question,
        account: of.get_one::<String>("account").cloned(),
        json: of.get_flag("json"),
        practice: of.get_flag("practice"),
    })
}

/// Both languages: the shop's own is known only once its files are open.
fn command() -> Command {
    let [zh, en] = [Language::Zh, Language::En].map(|language| &words::of(language).command_line.help);
    let both = |pick: fn(&Help) -> &str| format!("{}\n{}", pick(zh), pick(en));
    let flag = |name: &'static str, help| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    let question = |name: &'static str, about: String| {
        Command::new(name)
            .about(about)
            .arg(Arg::new("account").value_name("ACCOUNT").help(both(|words| &words.account)))
            .arg(flag("json", both(|words| &words.json)))
            .arg(flag("practice", both(|words| &words.practice)))
            .after_help(both(|words| &words.exits))
    };
    Command::new("merchant-companion")
        .version(env!("CARGO_PKG_VERSION"))
        .about(both(|words| &words.about))
        .after_help(format!("{}\n\n{EXAMPLES}", both(|words| &words.exits)))
        .arg(flag("self-check", both(|words| &words.self_check)))
        .arg(flag("json", both(|words| &words.json)).requires("self-check"))
        .arg(flag("forget-secrets", both(|words| &words.forget_secrets)).exclusive(true))
        .args_conflicts_with_subcommands(true)
        .arg_required_else_help(true)
        .subcommand(question("status", both(|words| &words.status)))
        .subcommand(question("guard", both(|words| &words.guard)))
        .subcommand(question("plan", both(|words| &words.plan)))
        .subcommand(question("statement", both(|words| &words.statement)))
}

impl Ask {
    /// The accounts it is about. Errors: the name that no account has.
    pub(super) fn of(&self, accounts: Vec<AccountRow>) -> Result<Vec<AccountRow>, String> {
        let environment = if self.practice { Environment::Practice } else { Environment::Live };
        let mut here: Vec<AccountRow> =
            accounts.into_iter().filter(|account| account.environment == environment).collect();
        let Some(wanted) = &self.account else {
            here.retain(|account| !account.archived);
            return Ok(here);
        };
        here.retain(|account| {
            account.id == *wanted || account.name == *wanted || account.app_id.as_ref() == Some(wanted)
        });
        if here.is_empty() { Err(wanted.clone()) } else { Ok(here) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arguments: &[&str]) -> Asked {
        asked(["merchant-companion"].iter().chain(arguments).map(OsString::from))
    }

    #[test]
    fn a_start_without_a_question_opens_the_window() {
        for arguments in [&[][..], &["--hidden"], &["--page", "orders"], &["--developer"], &["-psn_0_1"]] {
            assert_eq!(of(arguments), Asked::Window, "{arguments:?}");
        }
    }

    #[test]
    fn a_question_has_its_account_and_its_form() {
        let ask =
            Ask { question: Question::Plan, account: Some("晋味".to_owned()), json: true, practice: true };
        assert_eq!(of(&["plan", "晋味", "--json", "--practice"]), Asked::Ask(ask));
        for (name, question) in QUESTIONS {
            let ask = Ask { question, account: None, json: false, practice: false };
            assert_eq!(of(&[name]), Asked::Ask(ask));
        }
    }

    #[test]
    fn a_self_check_has_its_form() {
        assert_eq!(of(&["--self-check"]), Asked::SelfCheck { json: false });
        assert_eq!(of(&["--self-check", "--json"]), Asked::SelfCheck { json: true });
    }

    #[test]
    fn secrets_are_forgotten_only_where_nothing_else_is_asked() {
        assert_eq!(of(&["--forget-secrets"]), Asked::ForgetSecrets);
        for wrong in [
            &["--forget-secrets", "--json"][..],
            &["--forget-secrets", "status"],
            &["status", "--forget-secrets"],
        ] {
            assert!(matches!(of(wrong), Asked::Wrong(_)), "{wrong:?}");
        }
    }

    #[test]
    fn what_is_not_understood_is_said_and_help_is_in_both_languages() {
        for wrong in [&["statsu"][..], &["status", "--jsn"], &["status", "a", "b"]] {
            assert!(matches!(of(wrong), Asked::Wrong(_)), "{wrong:?}");
        }
        for arguments in [&["--help"][..], &["help"], &["status", "--help"], &["guard", "--help"]] {
            let Asked::Text(text) = of(arguments) else { unreachable!("{arguments:?}") };
            assert!(text.contains("64") && text.contains("退出码") && text.contains("Exit code"), "{text}");
        }
        assert_eq!(
            of(&["--version"]),
            Asked::Text(format!("merchant-companion {}\n", env!("CARGO_PKG_VERSION")))
        );
    }
}
