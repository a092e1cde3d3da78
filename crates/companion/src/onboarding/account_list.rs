//! Many accounts from one list, for agencies. Each line is an account of its own: what one is refused for does not stop the
//! others, and nothing of a refused line is stored.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;
use tokio::task::JoinSet;
use zeroize::Zeroize as _;

use crate::api::{
    AccountKind, AddedLine, AddedState, AddingView, Environment, ErrorCode, ShopCategory, Step, Subject, Tag,
    UsageSource,
};
use crate::context::Context;
use crate::error::Error;
use crate::infra::tables::{HandedFile, Table};
use crate::onboarding::connection::{connected, connection, first_reading};
use crate::secrets::{Secret, SecretKind};
use crate::store::accounts::Account;
use crate::store::answers::{Answers, Declared};
use crate::store::settings::{self, Setting};
use crate::store::{accounts, answers, connections};
use crate::usage::state::Usage;
use crate::wechat_auth::credentials::{given_app_id, given_app_secret, is_app_id};
use crate::wechat_auth::token_cache::Held;

/// Accounts that are asked about at once: each costs two calls of its own quota, and the network is waited for.
const AT_ONCE: usize = 4;
/// No agency has more; a longer list is another file.
const LINES_MAX: usize = 2_000;

/// The list that is worked on, or the last one. Its secrets are forgotten as soon as their line is done.
#[derive(Debug, Default)]
pub(crate) struct Adding {
    run: Mutex<Option<Arc<Run>>>,
}

#[derive(Debug)]
struct Run {
    view: watch::Sender<AddingView>,
    stopped: watch::Sender<bool>,
    queue: Mutex<VecDeque<GivenLine>>,
}

/// A line as it was given.
#[derive(Debug)]
struct GivenLine {
    /// Its position in the view.
    at: usize,
    name: String,
    app_id: String,
    app_secret: Secret<String>,
}

/// Adds a mini-program for each line that has an AppID and an AppSecret, in any order and with a name or without, and
/// resolves when all lines are done. `bytes` are a spreadsheet, or text as it was pasted. While a list is worked on a second
/// one is not taken: the answer is that of the first. Errors: `account_list_invalid`, `file_unreadable`, `file_too_large`.
pub(crate) async fn add_accounts(
    context: &Context,
    usage: &Arc<Usage>,
    adding: &Arc<Adding>,
    environment: Environment,
    name: &str,
    bytes: Vec<u8>,
) -> Result<AddingView, Error> {
    let file = HandedFile { name: name.to_owned(), bytes };
    let (lines, view) = given_lines(file.table(context.setup.tables.as_ref()).await?)?;
    let Some(run) = adding.begin(lines, view) else { return Ok(get_adding(adding)) };
    context.changed_everywhere(&[Tag::Adding]);
    let (work, usage) = (context.clone(), Arc::clone(usage));
    let ended = Arc::clone(&run);
    // A page that is left does not stop it half-way.
    let worked = tokio::spawn(async move { work_through(&work, &usage, environment, &ended).await });
    if worked.await.is_err() {
        tracing::error!("adding accounts stopped");
    }
    run.view.send_modify(|view| view.running = false);
    context.changed_everywhere(&[Tag::Adding, Tag::App, Tag::Wizard, Tag::Usage]);
    Ok(get_adding(adding))
}

/// How far the list is, or how the last one went.
pub(crate) fn get_adding(adding: &Adding) -> AddingView {
    let run = adding.run.lock().unwrap_or_else(PoisonError::into_inner);
    run.as_ref().map(|run| run.view.borrow().clone()).unwrap_or_default()
}

/// Takes up no further line. Those at WeChat come to their end.
pub(crate) fn stop_adding(adding: &Adding) {
    let run = adding.run.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(run) = run.as_ref() {
        run.stopped.send_replace(true);
    }
}

impl Adding {
    fn begin(&self, lines: VecDeque<GivenLine>, view: AddingView) -> Option<Arc<Run>> {
        let mut slot = self.run.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.as_ref().is_some_and(|run| run.view.borrow().running) {
            return None;
        }
        let run = Run {
            view: watch::Sender::new(view),
            stopped: watch::Sender::new(false),
            queue: Mutex::new(lines),
        };
        Some(Arc::clone(slot.insert(Arc::new(run))))
    }
}

/// The lines of a table. In each the AppID and the AppSecret are known by their form, and the rest is the name; a line
/// without either is a title, or refused where it is not the first.
fn given_lines(mut table: Table) -> Result<(VecDeque<GivenLine>, AddingView), Error> {
    let mut lines = VecDeque::new();
    let mut view = AddingView { running: true, ..AddingView::default() };
    let mut seen = HashSet::new();
    for (number, row) in table.rows.iter().enumerate() {
        let words: Vec<&str> = row.iter().flat_map(|cell| cell.split_whitespace()).collect();
        let app_id = words.iter().find(|word| is_app_id(word)).map(|word| (*word).to_owned());
        let app_secret = words.iter().find_map(|word| given_app_secret(&Secret::from(*word)).ok());
        let is_name = |word: &&&str| !is_app_id(word) && given_app_secret(&Secret::from(**word)).is_err();
        let name = words.iter().filter(is_name).copied().collect::<Vec<_>>().join(" ");
        let state = match (&app_id, &app_secret) {
            (None, None) if number == 0 => continue,
            (None, _) => AddedState::Refused { code: ErrorCode::AppIdInvalid },
            (_, None) => AddedState::Refused { code: ErrorCode::AppSecretInvalid },
            (Some(app_id), _) if !seen.insert(app_id.clone()) => AddedState::Known,
            (Some(_), Some(_)) => AddedState::Waiting,
        };
        let name = if name.is_empty() { app_id.clone().unwrap_or_default() } else { name };
        if let (AddedState::Waiting, Some(app_id), Some(app_secret)) = (&state, &app_id, app_secret) {
            let at = view.lines.len();
            lines.push_back(GivenLine { at, name: name.clone(), app_id: app_id.clone(), app_secret });
        }
        let number = u32::try_from(number + 1).unwrap_or(u32::MAX);
        view.lines.push(AddedLine { number, name, app_id, state });
    }
    table.rows.zeroize();
    if lines.is_empty() || view.lines.len() > LINES_MAX {
        return Err(Error::refused(ErrorCode::AccountListInvalid));
    }
    Ok((lines, view))
}

async fn work_through(context: &Context, usage: &Arc<Usage>, environment: Environment, run: &Arc<Run>) {
    let mut workers = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (context, usage, run) = (context.clone(), Arc::clone(usage), Arc::clone(run));
        workers.spawn(async move {
            loop {
                if *run.stopped.borrow() {
                    return;
                }
                let Some(line) = run.queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front() else {
                    return;
                };
                let at = line.at;
                run.note(&context, at, AddedState::Asking);
                let added = add(&context, &usage, environment, line).await;
                let state =
                    added.unwrap_or_else(|error| AddedState::Refused { code: context.report(&error).code });
                run.note(&context, at, state);
            }
        });
    }
    while let Some(ended) = workers.join_next().await {
        if ended.is_err() {
            tracing::error!("a line of the list stopped");
        }
    }
    run.queue.lock().unwrap_or_else(PoisonError::into_inner).clear();
    run.view.send_modify(|view| {
        for line in &mut view.lines {
            // It was stopped before it came to them, or on its way.
            match line.state {
                AddedState::Waiting => line.state = AddedState::Left,
                AddedState::Asking => line.state = AddedState::Refused { code: ErrorCode::Internal },
                AddedState::Added | AddedState::Known | AddedState::Left | AddedState::Refused { .. } => {}
            }
        }
    });
}

impl Run {
    fn note(&self, context: &Context, at: usize, state: AddedState) {
        self.view.send_modify(|view| {
            if let Some(line) = view.lines.get_mut(at) {
                line.state = state;
            }
        });
        context.changed_everywhere(&[Tag::Adding]);
    }
}

/// One line: WeChat is asked first, then secret, account and connection are stored together.
async fn add(
    context: &Context,
    usage: &Arc<Usage>,
    environment: Environment,
    line: GivenLine,
) -> Result<AddedState, Error> {
    let GivenLine { name, app_id, app_secret, .. } = line;
    let app_id = given_app_id(&app_id)?;
    if is_known(context, environment, &app_id).await? {
        return Ok(AddedState::Known);
    }
    let asked_at = context.now(environment);
    let token = context.wechat(environment)?.stable_token(&app_id, &app_secret).await;
    let token = token.map_err(context.client_error(environment))?;
    let account = Account {
        id: context.new_id(),
        name,
        kind: AccountKind::MiniProgram,
        environment,
        created_at: context.setup.clock.now(),
        archived_at: None,
    };
    let figures = first_reading(context, &account, &token).await?;
    let connection = connection(context, &account, UsageSource::AppSecret, Some(app_id));
    let saved = account.clone();
    let record = move |context: Context| async move {
        let write = context.store.write_ledger(move |db| {
            accounts::insert(db, &saved)?;
            answers::save(db, &answered(&saved.id, asked_at))?;
            connections::save(db, &connection)?;
            match settings::get::<String>(db, Setting::Active)? {
                Some(_) => Ok(()),
                None => settings::set(db, Setting::Active, saved.id),
            }
        });
        Ok(write.await?)
    };
    context.keep_secret(&account, SecretKind::AppSecret, app_secret, record).await?;
    usage.tokens.hold(&account.id, Held::new(token, asked_at));
    connected(context, usage, &account, figures, None).await?;
    context.changed(&account.id, &[Tag::App]);
    Ok(AddedState::Added)
}

/// An agency's customers are companies that pay; where one does not, its wizard is where that is said.
fn answered(account: &str, at: chrono::DateTime<chrono::Utc>) -> Answers {
    let declared = Declared { subject: Subject::Enterprise, category: ShopCategory::Other, verified: true };
    Answers {
        at: Step::Done,
        declared: Some(declared),
        usage_seen_at: Some(at),
        finished_at: Some(at),
        ..Answers::fresh(account)
    }
}

async fn is_known(context: &Context, environment: Environment, app_id: &str) -> Result<bool, Error> {
    let wanted = app_id.to_owned();
    let read = context.store.ledger(move |db| {
        let connections = connections::all(db)?;
        let accounts = accounts::all(db)?;
        Ok(accounts.iter().filter(|account| account.environment == environment).any(|account| {
            let connection = connections.get(&account.id);
            connection.and_then(|connection| connection.app_id.as_deref()) == Some(wanted.as_str())
        }))
    });
    Ok(read.await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "wx0123456789abcdef";
    const OTHER: &str = "wxfedcba9876543210";
    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn lines(rows: &[&[&str]]) -> Result<Vec<AddedLine>, ErrorCode> {
        let rows = rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
        given_lines(Table { rows }).map(|(_, view)| view.lines).map_err(|error| error.code())
    }

    #[test]
    fn columns_may_stand_in_any_order_and_the_rest_is_the_name() {
        let found = lines(&[&["名称", "AppID", "AppSecret"], &["晋味 小馆", ID, SECRET], &[SECRET, OTHER]]);
        let found = found.unwrap();
        assert_eq!(
            (found[0].number, found[0].name.as_str(), found[0].app_id.as_deref()),
            (2, "晋味 小馆", Some(ID))
        );
        assert_eq!((found[1].name.as_str(), &found[1].state), (OTHER, &AddedState::Waiting));
    }

    #[test]
    fn a_line_may_be_one_cell_as_it_was_pasted() {
        let pasted = format!("晋味小馆 {ID} {SECRET}");
        let found = lines(&[&[&pasted]]).unwrap();
        assert_eq!((found[0].name.as_str(), &found[0].state), ("晋味小馆", &AddedState::Waiting));
    }

    #[test]
    fn what_is_no_account_is_said_at_its_line() {
        let found =
            lines(&[&["晋味", ID, SECRET], &["青禾", SECRET], &["松间", OTHER], &["又是晋味", ID, SECRET]]);
        let states: Vec<AddedState> = found.unwrap().into_iter().map(|line| line.state).collect();
        let refused = |code| AddedState::Refused { code };
        assert_eq!(
            states,
            [
                AddedState::Waiting,
                refused(ErrorCode::AppIdInvalid),
                refused(ErrorCode::AppSecretInvalid),
                AddedState::Known
            ]
        );
        assert_eq!(lines(&[&["名称"], &["晋味"]]), Err(ErrorCode::AccountListInvalid));
        let many: Vec<Vec<String>> =
            (0..=LINES_MAX).map(|n| vec![format!("wx{n:016x}"), SECRET.to_owned()]).collect();
        let refused = given_lines(Table { rows: many }).map(drop).map_err(|error| error.code());
        assert_eq!(refused, Err(ErrorCode::AccountListInvalid));
    }
}
