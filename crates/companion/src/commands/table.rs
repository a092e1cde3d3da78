//! The table: one row a command. It names the arguments, the answer, and the tags: of a `read` those that make its answer
//! out of date, of an `act` those that it changes. Here the commands of mini-programs and of the settings; those of the shop
//! as a whole follow in [`super::shop_table`].

use ts_rs::TS;

use super::{
    acts,
    arguments::{Arguments, Base64Bytes},
    command::{Argument, Command, Kind},
    declare::{Running, commands, json},
    desktop::Desktop,
};
#[allow(clippy::wildcard_imports, reason = "the table names nearly every view")]
use crate::api::*;
use crate::{Error, secrets::Secret};

commands! {
    app {
        /// Rejects with the start-up error when the app could not open its files.
        read get_app() -> AppView, [App, Practice, Inbox, Usage] = |desktop|
            acts::completed(desktop, desktop.app().await?.get_app().await?).await;
        act set_language(language: Language) -> AppView, [App] = |desktop|
            acts::completed(desktop, desktop.app().await?.set_language(language).await?).await;
        act set_theme(theme: Theme) -> AppView, [App] = |desktop|
            acts::completed(desktop, desktop.app().await?.set_theme(theme).await?).await;
        act hide_figures(hidden: bool) -> AppView, [App] = |desktop| acts::hide_figures(desktop, hidden).await;
        act select_account(account: AccountId) -> AppView, [App] = |desktop|
            acts::completed(desktop, desktop.app().await?.select_account(&account).await?).await;
        /// Tries again after a start-up error.
        act restart_app() -> () = |desktop|
            desktop.app().await.map(|_| ());
        /// Called once, two frames after the first page is mounted. `at` is when anything could be read first, the saved
        /// page or this one, in milliseconds since 1970.
        act content_shown(at: u64) -> () = |desktop|
            {
                desktop.content_shown(at);
                Ok(())
            };
        /// Saves the page for the next start.
        act save_page(page: SavedPage) -> () = |desktop|
            {
                desktop.save_page(page).await;
                Ok(())
            };
        /// Opens one of the official pages in the system browser.
        act open_help_page(page: HelpPage) -> () = |desktop|
            desktop.open_help_page(page);
    }
    wizard {
        act start_account(
            environment: Environment,
            kind: AccountKind,
            name: String
        ) -> WizardView, [App, Wizard] = |desktop|
            acts::start_account(desktop, environment, kind, &name).await;
        read get_wizard(account: AccountId) -> WizardView, [Wizard, Purchase] = |app|
            app.get_wizard(&account).await;
        /// Puts a step on screen; refused with `step_not_ready` while something before it is missing.
        act go_to_step(account: AccountId, step: Step) -> WizardView, [App, Wizard] = |app|
            app.go_to_step(&account, step).await;
        /// Changes name, kind or environment while nothing depends on them yet (before step 4).
        act rename_account(
            account: AccountId,
            environment: Environment,
            kind: AccountKind,
            name: String
        ) -> WizardView, [App, Wizard, Usage] = |app|
            app.rename_account(&account, environment, kind, &name).await;
        act decide_eligibility(
            account: AccountId,
            subject: Subject,
            category: ShopCategory,
            verified: bool
        ) -> EligibilityView, [Wizard] = |app|
            app.decide_eligibility(&account, subject, category, verified).await;
        read compare_ways(monthly_calls: u64) -> WaysView, [PriceList] = |app|
            app.compare_ways(monthly_calls).await;
        act choose_way(
            account: AccountId,
            way: AcquisitionMode,
            monthly_calls: u64
        ) -> WizardView, [Wizard] = |app|
            app.choose_way(&account, way, monthly_calls).await;
        act finish_wizard(account: AccountId) -> WizardView, [App, Wizard] = |app|
            app.finish_wizard(&account).await;
        read get_summary(account: AccountId) -> SummaryView, [Wizard, Purchase] = |app|
            app.get_summary(&account).await;
        /// Opens the system's print dialog, which can also save as PDF.
        act print_summary() -> () = |desktop|
            desktop.print();
    }
    login {
        act check_login(email: Secret<String>, password: Secret<String>) -> LoginCheck = |app|
            app.check_login(&email, &password).await;
        act suggest_password() -> String = |app|
            Ok(app.suggest_password().await?.expose().to_owned());
        /// Into the keyring; nothing is stored when either is refused.
        act save_login(
            account: AccountId,
            email: Secret<String>,
            password: Secret<String>
        ) -> WizardView, [Wizard] = |app|
            app.save_login(&account, email, password).await;
        act confirm_login_set(account: AccountId) -> WizardView, [Wizard] = |app|
            app.confirm_login_set(&account).await;
        /// The one command that lets a saved secret out of Rust, when the person asks to see it.
        act reveal_login(account: AccountId, field: LoginField) -> String = |app|
            Ok(app.login_secret(&account, field).await?.expose().to_owned());
        act copy_login(account: AccountId, field: LoginField) -> CopiedView = |desktop|
            desktop.copy_login(&account, field).await;
    }
    console {
        act open_console(account: AccountId, page: ConsolePage) -> (), [Console] = |desktop|
            desktop.open_console(&account, page).await;
        /// The open console windows, and where they really are: what a page cannot fake.
        read get_consoles() -> Vec<ConsoleView>, [Console] = |desktop|
            desktop.consoles().await;
        /// Brings an account's console window to the front as it is.
        act show_console(account: AccountId) -> () = |desktop|
            desktop.show_console(&account);
        /// Types the e-mail or password into the console window's own field, on request only.
        act fill_console(account: AccountId, field: LoginField) -> () = |desktop|
            desktop.fill_console(&account, field).await;
        act confirm_signed_in(account: AccountId) -> WizardView, [Wizard] = |app|
            app.confirm_signed_in(&account).await;
    }
    usage {
        act connect_app_secret(
            account: AccountId,
            app_id: String,
            app_secret: Secret<String>
        ) -> WizardView, [Usage, Wizard, Purchase] = |app|
            app.connect_app_secret(&account, &app_id, app_secret).await;
        act connect_member_card_usage(
            account: AccountId,
            access_key: Secret<String>
        ) -> WizardView, [Usage, Wizard, Purchase, MemberCard] = |app|
            app.connect_member_card_usage(&account, access_key).await;
        act connect_typed_in(
            account: AccountId,
            figures: TypedFigures
        ) -> WizardView, [Usage, Wizard, Purchase] = |app|
            app.connect_typed_in(&account, figures).await;
        read get_usage(account: AccountId) -> Option<UsageView>, [Usage, Purchase, Practice] = |app|
            app.get_usage(&account).await;
        /// Usage over time: what was, what is likely to come, which lot paid.
        read get_usage_curve(account: AccountId) -> UsageCurveView, [Usage, Purchase, Practice] = |app|
            app.get_usage_curve(&account).await;
        act sync_usage(account: AccountId) -> UsageView, [Usage] = |app|
            app.sync_usage(&account).await;
        act confirm_usage_seen(account: AccountId) -> WizardView, [Wizard] = |app|
            app.confirm_usage_seen(&account).await;
    }
    packs {
        read get_packs(
            account: AccountId,
            monthly_calls: Option<u64>
        ) -> PacksView, [Usage, Purchase, Practice] = |app|
            app.get_packs(&account, monthly_calls).await;
        /// The next twelve months, plan by plan, as things are or as the shop imagines them.
        read compare_plans(
            account: AccountId,
            what_if: WhatIf
        ) -> PlansView, [Usage, Purchase, Practice] = |app|
            app.compare_plans(&account, what_if).await;
        /// The newest purchase, whatever became of it.
        read get_purchase(account: AccountId) -> Option<PurchaseView>, [Purchase, Practice] = |app|
            app.get_purchase(&account).await;
        /// Takes giving up back.
        act resume_purchase(account: AccountId) -> PurchaseView, [Purchase] = |app|
            app.resume_purchase(&account).await;
        act pick_pack(account: AccountId, pack: PackId) -> WizardView, [Purchase] = |app|
            app.pick_pack(&account, &pack).await;
        act buy_nothing(account: AccountId) -> WizardView, [Purchase] = |app|
            app.buy_nothing(&account).await;
        /// Writes the intent, then opens the console's buy page; the app looks for the arrival in the background.
        act begin_purchase(account: AccountId) -> PurchaseView, [Purchase, Console] = |desktop|
            acts::begin_purchase(desktop, &account).await;
        act check_arrival(account: AccountId) -> PurchaseView, [Purchase, Usage] = |app|
            app.check_arrival(&account).await;
        act give_up_purchase(account: AccountId) -> WizardView, [Purchase] = |app|
            app.give_up_purchase(&account).await;
    }
    orders {
        read get_orders(account: AccountId) -> OrdersView, [Purchase, Usage, Practice] = |app|
            app.get_orders(&account).await;
        /// Writes down what the shop did in the console: asked for a refund or an invoice, or the order's number.
        act note_order(account: AccountId, order: OrderId, note: OrderNote) -> OrdersView, [Purchase] = |app|
            app.note_order(&account, &order, note).await;
    }
    member_card {
        act connect_member_card(
            account: AccountId,
            access_key: Secret<String>
        ) -> MemberCardView, [MemberCard, Wizard] = |app|
            app.connect_member_card(&account, access_key).await;
        /// As last read, from the cache.
        read get_member_card(account: AccountId) -> MemberCardView, [MemberCard, Practice] = |app|
            app.get_member_card(&account).await;
        /// Reads the platform again.
        act sync_member_card(account: AccountId) -> MemberCardView, [MemberCard, Wizard] = |app|
            app.sync_member_card(&account).await;
        /// Intent, call, read back; resolves only when the platform shows the new mode.
        act set_mode(account: AccountId, mode: AcquisitionMode) -> MemberCardView, [MemberCard, Wizard] = |app|
            app.set_mode(&account, mode).await;
        /// Takes the last switch back while it is offered (`MemberCardView.undo`), the same way.
        act undo_mode(account: AccountId, change: ModeChangeId) -> MemberCardView, [MemberCard, Wizard] = |app|
            app.undo_mode(&account, &change).await;
        /// Step 10 without a change, or without a member-card platform.
        act keep_mode(account: AccountId) -> WizardView, [MemberCard, Wizard] = |app|
            app.keep_mode(&account).await;
    }
    guard {
        /// What the guard does before quota ends, by the figures that are known.
        read get_guard(account: AccountId) -> GuardView, [MemberCard, Usage, Practice] = |app|
            app.get_guard(&account).await;
        /// Sets the guard's rule; switching it on hands the account over to it.
        act set_guard(account: AccountId, rule: GuardRule) -> GuardView, [MemberCard] = |app|
            app.set_guard(&account, rule).await;
    }
    overview {
        read get_overview(
            account: AccountId
        ) -> OverviewView, [Wizard, Usage, Purchase, MemberCard, Practice, Reminder] = |app|
            app.get_overview(&account).await;
        /// Reminds of the account on a day, instead of any day before; `null`: not any more.
        act set_reminder(account: AccountId, day: Option<GivenDay>) -> OverviewView, [Reminder] = |app|
            app.set_reminder(&account, day).await;
    }
    accounts {
        /// All of them, worst first, archived ones last.
        read get_accounts() -> AccountsView, [App, Wizard, Usage, MemberCard, Practice, Outlooks] = |app|
            app.get_accounts().await;
        /// How far the sync of all accounts is, or how the last one went.
        read get_sync_all() -> SyncAllView, [Sync] = |app|
            Ok(app.get_sync_all());
        /// Reads all accounts again; resolves when that is done or stopped.
        long_act sync_all() -> SyncAllView, [Usage, Sync] = |app|
            app.sync_all().await;
        act cancel_sync_all() -> (), [Sync] = |app|
            {
                app.cancel_sync_all();
                Ok(())
            };
        /// Adds a mini-program for each line of a list; resolves when all lines are done or it was stopped.
        long_act add_accounts(environment: Environment, name: String, bytes: Base64Bytes) -> AddingView,
            [App, Wizard, Usage, Adding] = |desktop| acts::add_accounts(desktop, environment, &name, bytes.0).await;
        read get_adding() -> AddingView, [Adding] = |app|
            Ok(app.get_adding());
        act stop_adding() -> (), [Adding] = |app|
            {
                app.stop_adding();
                Ok(())
            };
    }
    settings {
        read get_settings() -> SettingsView, [App, Wizard, MemberCard] = |app|
            app.get_settings().await;
        act set_account_name(account: AccountId, name: String) -> SettingsView, [App, Wizard] = |app|
            app.set_account_name(&account, &name).await;
        /// Out of lists and syncs, or back into them.
        act archive_account(account: AccountId, archived: bool) -> SettingsView, [App, Wizard] = |app|
            app.archive_account(&account, archived).await;
        /// Out of sight; nothing is destroyed before `finish_removal`, or the next start.
        act remove_account(account: AccountId) -> SettingsView, [App, Wizard] = |app|
            app.remove_account(&account).await;
        act restore_account(account: AccountId) -> SettingsView, [App, Wizard] = |app|
            app.restore_account(&account).await;
        /// Destroys what a removed account had: keyring entries, console profile, readings, records.
        act finish_removal(account: AccountId) -> (), [App, Wizard, Console] = |desktop|
            acts::finish_removal(desktop, &account).await;
        /// Every host that the app may contact, with its reason.
        read get_hosts() -> Vec<HostView>, [App, Channels] = |app|
            app.get_hosts().await;
        act set_proxy(choice: ProxyChoice) -> SettingsView, [App] = |app|
            { app.set_proxy(choice).await?; app.get_settings().await };
        /// What a purchase is worth to the shop, in yuan.
        act set_errand_price(price: String) -> SettingsView, [App, Usage] = |app|
            app.set_errand_price(&price).await;
        /// How many hours lie between two readings that nobody asked for; `null`: never.
        act set_read_every(hours: Option<u32>) -> SettingsView, [App] = |app|
            app.set_read_every(hours).await;
        /// Days of cover below which an alert is raised, and the hours in which the system shows nothing.
        act set_alerting(
            warn_days: u32,
            quiet_from: Option<u32>,
            quiet_to: Option<u32>
        ) -> SettingsView, [App, Inbox] = |app|
            app.set_alerting(warn_days, quiet_from, quiet_to).await;
    }
}
