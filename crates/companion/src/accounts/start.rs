//! Accounts and settings of the screens.

use crate::api::{
    AccountKind, AccountView, AppView, Environment, ErrorCode, Language, Tag, Theme, WizardView,
};
use crate::context::Context;
use crate::error::Error;
use crate::onboarding::wizard::get_wizard;
use crate::store::accounts::Account;
use crate::store::answers::{self, Answers};
use crate::store::settings::{self, Setting};
use crate::store::{accounts, connections, inbox};

/// What the UI asks for first. `practice` is left for the shell to fill.
pub(crate) async fn get_app(context: &Context) -> Result<AppView, Error> {
    let setup = &context.setup;
    let default = setup.language;
    let (language, theme, figures_hidden, active, unread, (accounts, mut answers)) = context
        .store
        .ledger(move |db| {
            let accounts = (accounts::all(db)?, answers::all(db)?);
            let active: Option<String> = settings::get(db, Setting::Active)?;
            let language = settings::get(db, Setting::Language)?.unwrap_or(default);
            let theme = settings::get(db, Setting::Theme)?.unwrap_or(Theme::System);
            let figures_hidden = settings::are_figures_hidden(db)?;
            Ok((language, theme, figures_hidden, active, inbox::unread(db)?, accounts))
        })
        .await?;
    let accounts = accounts
        .into_iter()
        .map(|account| {
            let answers = answers.remove(&account.id).unwrap_or_else(|| Answers::fresh(&account.id));
            AccountView {
                id: account.id,
                name: account.name,
                kind: account.kind,
                environment: account.environment,
                wizard_at: answers.finished_at.is_none().then_some(answers.at),
            }
        })
        .collect();
    let live_member_card =
        setup.platforms.live.as_ref().is_some_and(|live| live.addresses.member_card.is_some());
    Ok(AppView {
        version: setup.version.clone(),
        language,
        theme,
        figures_hidden,
        accounts,
        active,
        unread,
        practice: None,
        live_member_card,
    })
}

/// Sets the language of the screens.
pub(crate) async fn set_language(context: &Context, language: Language) -> Result<AppView, Error> {
    context.store.write_ledger(move |db| settings::set(db, Setting::Language, language)).await?;
    context.changed_everywhere(&[Tag::App]);
    get_app(context).await
}

/// Sets light, dark or as the system says.
pub(crate) async fn set_theme(context: &Context, theme: Theme) -> Result<AppView, Error> {
    context.store.write_ledger(move |db| settings::set(db, Setting::Theme, theme)).await?;
    context.changed_everywhere(&[Tag::App]);
    get_app(context).await
}

/// Hides numbers of calls and amounts on the pages and in notifications, or shows them again.
pub(crate) async fn hide_figures(context: &Context, hidden: bool) -> Result<AppView, Error> {
    context.store.write_ledger(move |db| settings::hide_figures(db, hidden)).await?;
    context.changed_everywhere(&[Tag::App]);
    get_app(context).await
}

/// Makes the pages speak of `account`.
pub(crate) async fn select_account(context: &Context, account: &str) -> Result<AppView, Error> {
    let id = context.account(account).await?.id;
    context.store.write_ledger(move |db| settings::set(db, Setting::Active, id)).await?;
    context.changed_everywhere(&[Tag::App]);
    get_app(context).await
}

/// Starts a new account, makes it the active one and opens its wizard. Errors: `name_empty`.
pub(crate) async fn start_account(
    context: &Context,
    environment: Environment,
    kind: AccountKind,
    name: &str,
) -> Result<WizardView, Error> {
    let name = given_name(name)?;
    let id = context.new_id();
    let created_at = context.setup.clock.now();
    let account = Account { id: id.clone(), name, kind, environment, created_at, archived_at: None };
    context
        .store
        .write_ledger(move |db| {
            accounts::insert(db, &account)?;
            answers::save(db, &Answers::fresh(&account.id))?;
            settings::set(db, Setting::Active, account.id)
        })
        .await?;
    context.changed(&id, &[Tag::App, Tag::Wizard]);
    get_wizard(context, &id).await
}

/// Changes name, kind or environment while nothing depends on them. Errors: `name_empty`, `step_not_ready`.
pub(crate) async fn rename_account(
    context: &Context,
    account: &str,
    environment: Environment,
    kind: AccountKind,
    name: &str,
) -> Result<WizardView, Error> {
    let name = given_name(name)?;
    let id = context.account(account).await?.id;
    let renamed = context
        .store
        .write_ledger(move |db| {
            let answers = answers::of(db, &id)?;
            let depended_on = answers.login_saved_at.is_some()
                || answers.signed_in_at.is_some()
                || connections::of(db, &id)?.is_some()
                || connections::member_card_since(db, &id)?.is_some();
            if !depended_on {
                accounts::rename(db, &id, &name)?;
                accounts::change(db, &id, kind, environment)?;
            }
            Ok(!depended_on)
        })
        .await?;
    if !renamed {
        return Err(Error::refused(ErrorCode::StepNotReady));
    }
    context.changed(account, &[Tag::App, Tag::Wizard, Tag::Usage]);
    get_wizard(context, account).await
}

pub(crate) fn given_name(name: &str) -> Result<String, Error> {
    match name.trim() {
        "" => Err(Error::refused(ErrorCode::NameEmpty)),
        name => Ok(name.to_owned()),
    }
}
