//! The words of the command line, a part of the shell's own.

use companion::api::{PackView, PlanAdvice, UsageDays};
use serde::Deserialize;

use super::self_check::{Check, OwnProblem};

/// What the command line prints.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommandLine {
    pub(crate) help: Help,
    /// With `{name}`.
    no_such_account: String,
    /// With `{n}`.
    remaining: String,
    /// With `{at}`.
    read_at: String,
    /// With `{day}`, `{calls}` and `{days}`.
    buy: String,
    /// With `{day}`.
    buy_nothing: String,
    cannot: String,
    too_old: String,
    pub(crate) no_plan: String,
    /// With `{calls}`.
    order: String,
    /// With `{n}`.
    yuan: String,
    used_of_order: String,
    /// With `{day}` and `{n}`; the other also with `{days}`.
    used: String,
    used_in_days: String,
    not_known: String,
    /// With `{n}`.
    forgotten: String,
    /// Between the parts of a line.
    between: String,
}

/// What `--help` says.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Help {
    pub(crate) about: String,
    pub(crate) status: String,
    pub(crate) guard: String,
    pub(crate) plan: String,
    pub(crate) statement: String,
    pub(crate) account: String,
    pub(crate) json: String,
    pub(crate) practice: String,
    pub(crate) self_check: String,
    pub(crate) forget_secrets: String,
    pub(crate) exits: String,
}

impl CommandLine {
    pub(crate) fn no_such_account(&self, name: &str) -> String {
        self.no_such_account.replace("{name}", name)
    }

    /// How many mini-programs, service providers and channels have nothing in the keyring any more.
    pub(crate) fn forgotten(&self, owners: usize) -> String {
        self.forgotten.replace("{n}", &owners.to_string())
    }

    /// An account's situation with what it rests on.
    pub(crate) fn status(&self, state: &str, remaining: Option<u64>, read_at: Option<&str>) -> String {
        let remaining = remaining.map(|calls| self.remaining.replace("{n}", &calls.to_string()));
        let read = read_at.map(|at| self.read_at.replace("{at}", at));
        self.joined([Some(state.to_owned()), remaining, read])
    }

    /// What to buy, and when.
    pub(crate) fn advice(&self, advice: &PlanAdvice, packs: &[PackView]) -> String {
        match advice {
            PlanAdvice::Buy { pack, needed_on, .. } => {
                let pack = packs.iter().find(|known| known.id == *pack);
                let number = |pick: fn(&PackView) -> u64| {
                    pack.map_or_else(|| self.not_known.clone(), |pack| pick(pack).to_string())
                };
                self.buy
                    .replace("{day}", &needed_on.to_string())
                    .replace("{calls}", &number(|pack| pack.calls))
                    .replace("{days}", &number(|pack| pack.days.into()))
            }
            PlanAdvice::BuyNothing { look_again, .. } => {
                self.buy_nothing.replace("{day}", &look_again.to_string())
            }
            PlanAdvice::Cannot => self.cannot.clone(),
            PlanAdvice::TooOld => self.too_old.clone(),
        }
    }

    /// An order in one line; what is not known is left out.
    pub(crate) fn order(
        &self,
        day: Option<&str>,
        calls: u64,
        amount: Option<&str>,
        used: Option<u64>,
    ) -> String {
        let order = self.order.replace("{calls}", &calls.to_string());
        let amount = amount.map(|amount| self.yuan.replace("{n}", amount));
        let used = used.map(|used| self.used_of_order.replace("{n}", &used.to_string()));
        self.joined([day.map(str::to_owned), Some(order), amount, used])
    }

    /// What was used on a day, or on some in a row.
    pub(crate) fn used(&self, days: &UsageDays) -> String {
        let text = if days.days == 1 { &self.used } else { &self.used_in_days };
        let calls = days.calls.map_or_else(|| self.not_known.clone(), |calls| calls.to_string());
        text.replace("{day}", &days.day.to_string())
            .replace("{days}", &days.days.to_string())
            .replace("{n}", &calls)
    }

    fn joined<const N: usize>(&self, parts: [Option<String>; N]) -> String {
        parts.into_iter().flatten().collect::<Vec<_>>().join(&self.between)
    }
}

/// What `--self-check` prints.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SelfCheck {
    pub(crate) fine: String,
    home: String,
    lock: String,
    ledger: String,
    migrations: String,
    secrets: String,
    exports: String,
    web_view: String,
    clock: String,
    proxy: String,
    web_view_missing: String,
    web_view_old: String,
    clock_wrong: String,
}

impl SelfCheck {
    pub(crate) fn name(&self, check: Check) -> &str {
        match check {
            Check::Home => &self.home,
            Check::Lock => &self.lock,
            Check::Ledger => &self.ledger,
            Check::Migrations => &self.migrations,
            Check::Secrets => &self.secrets,
            Check::Exports => &self.exports,
            Check::WebView => &self.web_view,
            Check::Clock => &self.clock,
            Check::Proxy => &self.proxy,
        }
    }

    pub(crate) fn problem(&self, problem: OwnProblem) -> &str {
        match problem {
            OwnProblem::WebViewMissing => &self.web_view_missing,
            OwnProblem::WebViewOld => &self.web_view_old,
            OwnProblem::ClockWrong => &self.clock_wrong,
        }
    }
}
