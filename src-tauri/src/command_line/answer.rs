//! What is printed: the views of the pages as JSON, or a line an account in the shop's language.

use companion::{
    Companion, Error,
    api::{
        AccountRow, ErrorCode, GuardView, Language, OrdersView, PackView, PlanAdvice, PlansView, Tone,
        UsageDays, WhatIf,
    },
};
use serde::Serialize;

use super::{
    Exit, Found,
    arguments::{Ask, Question},
    guard::{self, GuardWords},
};
use crate::words::{self, Words};

/// One account of an answer in JSON.
#[derive(Debug, Serialize)]
struct Of<'a, T> {
    account: &'a str,
    name: &'a str,
    app_id: Option<&'a str>,
    #[serde(flatten)]
    answer: T,
}

/// A plan, or why it could not be made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Planned {
    Plans(PlansView),
    /// The code of the error.
    Error(ErrorCode),
}

/// What was bought, and what was used of it a day.
#[derive(Debug, Serialize)]
struct Statement {
    orders: OrdersView,
    days: Vec<UsageDays>,
}

/// Answers a question about these accounts. Errors: those of the files.
pub(super) async fn answer(
    companion: &Companion,
    ask: &Ask,
    accounts: Vec<AccountRow>,
    language: Language,
) -> Result<Found, Error> {
    let words = words::of(language);
    match ask.question {
        Question::Guard => guard(companion, &accounts, ask.json, language).await,
        Question::Status => Ok(status(&accounts, ask.json, words)),
        Question::Plan => plan(companion, &accounts, ask.json, words).await,
        Question::Statement => statement(companion, &accounts, ask.json, words).await,
    }
}

fn status(accounts: &[AccountRow], json: bool, words: &Words) -> Found {
    let needs_action = |account: &AccountRow| account.situation.tone != Tone::Calm;
    let exit = if accounts.iter().any(needs_action) { Exit::ActionNeeded } else { Exit::Fine };
    let line = |account: &AccountRow| {
        let state = words.account(&account.name, account.situation.kind, account.days_left);
        let read = account.read_at.map(|at| at.to_string());
        words.command_line.status(&state, account.remaining, read.as_deref())
    };
    Found { text: printed(json, accounts, words, line), exit }
}

async fn guard(
    companion: &Companion,
    accounts: &[AccountRow],
    json: bool,
    language: Language,
) -> Result<Found, Error> {
    let mut guards = Vec::new();
    for account in accounts {
        guards.push(of(account, companion.get_guard(&account.id).await?));
    }
    let providers = companion.get_providers().await?;
    let is_stuck = |one: &Of<'_, GuardView>| guard::is_stuck(&one.answer);
    let exit = if guards.iter().any(is_stuck) { Exit::ActionNeeded } else { Exit::Fine };
    let words = words::of(language);
    let line = |one: &Of<'_, GuardView>| {
        let provider = one.answer.rule.pool.as_ref().and_then(|pool| {
            providers
                .iter()
                .find(|provider| provider.id == pool.provider)
                .map(|provider| provider.name.as_str())
        });
        let lines = GuardWords::of(language).lines(&one.answer, provider, language);
        words.named(one.name, &lines.join("\n  "))
    };
    Ok(Found { text: printed(json, &guards, words, line), exit })
}

async fn plan(
    companion: &Companion,
    accounts: &[AccountRow],
    json: bool,
    words: &Words,
) -> Result<Found, Error> {
    let mut planned = Vec::new();
    for account in accounts {
        let answer = match companion.compare_plans(&account.id, WhatIf::default()).await {
            Ok(plans) => Planned::Plans(plans),
            // Of one account nothing may be known yet; the others have their plans.
            Err(Error::Refused { code, .. }) => Planned::Error(code),
            Err(error) => return Err(error),
        };
        planned.push(of(account, answer));
    }
    let mut advice = planned.iter().filter_map(|one| match &one.answer {
        Planned::Plans(plans) => Some(&plans.advice),
        Planned::Error(_) => None,
    });
    let needs_action = advice.any(|advice| matches!(advice, PlanAdvice::Buy { .. }));
    let mut packs: Vec<PackView> = Vec::new();
    if let (false, Some(account)) = (json, accounts.first()) {
        packs = companion.get_packs(&account.id, None).await?.packs;
    }
    let line = |one: &Of<'_, Planned>| {
        let advice = match &one.answer {
            Planned::Plans(plans) => words.command_line.advice(&plans.advice, &packs),
            Planned::Error(_) => words.command_line.no_plan.clone(),
        };
        words.named(one.name, &advice)
    };
    let exit = if needs_action { Exit::ActionNeeded } else { Exit::Fine };
    Ok(Found { text: printed(json, &planned, words, line), exit })
}

async fn statement(
    companion: &Companion,
    accounts: &[AccountRow],
    json: bool,
    words: &Words,
) -> Result<Found, Error> {
    let mut statements = Vec::new();
    for account in accounts {
        let orders = companion.get_orders(&account.id).await?;
        let days = companion.get_usage_days(&account.id).await?;
        statements.push(of(account, Statement { orders, days }));
    }
    let line = |one: &Of<'_, Statement>| {
        let Statement { orders, days } = &one.answer;
        let orders = orders.orders.iter().map(|order| {
            let day = order.paid_at.map(|at| at.to_string());
            let amount = order.amount.map(|amount| amount.to_string());
            words.command_line.order(day.as_deref(), order.calls, amount.as_deref(), order.used)
        });
        let used = days.iter().map(|days| words.command_line.used(days));
        let head = words.named(one.name, "");
        std::iter::once(head).chain(orders).chain(used).collect::<Vec<_>>().join("\n  ")
    };
    Ok(Found { text: printed(json, &statements, words, line), exit: Exit::Fine })
}

fn of<T>(account: &AccountRow, answer: T) -> Of<'_, T> {
    Of { account: &account.id, name: &account.name, app_id: account.app_id.as_deref(), answer }
}

/// All of them as one JSON document, or a line each.
fn printed<T: Serialize>(json: bool, rows: &[T], words: &Words, line: impl Fn(&T) -> String) -> String {
    if json {
        // Fails only for what is no JSON, and views are.
        return serde_json::to_string_pretty(rows).unwrap_or_default() + "\n";
    }
    if rows.is_empty() {
        return format!("{}\n", words.empty);
    }
    rows.iter().map(|row| line(row) + "\n").collect()
}
