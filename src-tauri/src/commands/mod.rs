//! One file per feature, one function per command: take the arguments, ask `companion`, hand back its view.

mod accounts;
mod app;
mod bill;
mod bulk;
mod console;
mod export;
mod login;
mod member_card;
mod orders;
mod overview;
mod packs;
mod practice;
mod price_list;
mod settings;
mod usage;
mod wizard;

use tauri::{Wry, ipc::Invoke};

/// Every command the main window may call; `permissions/` has the same names.
#[allow(clippy::too_many_lines, reason = "a list, one line a command")]
pub(crate) fn all() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        app::get_app,
        app::set_language,
        app::set_theme,
        app::select_account,
        app::restart_app,
        app::content_shown,
        app::keep_page,
        app::open_help_page,
        wizard::start_account,
        wizard::get_wizard,
        wizard::go_to_step,
        wizard::rename_account,
        wizard::decide_eligibility,
        wizard::compare_ways,
        wizard::choose_way,
        wizard::finish_wizard,
        wizard::get_summary,
        wizard::print_summary,
        login::check_login,
        login::suggest_password,
        login::save_login,
        login::confirm_login_set,
        login::reveal_login,
        login::copy_login,
        console::open_console,
        console::get_consoles,
        console::show_console,
        console::fill_console,
        console::confirm_signed_in,
        usage::connect_app_secret,
        usage::connect_member_card_usage,
        usage::connect_typed_in,
        usage::get_usage,
        usage::get_usage_curve,
        usage::sync_usage,
        usage::confirm_usage_seen,
        packs::get_packs,
        packs::compare_plans,
        packs::get_purchase,
        packs::resume_purchase,
        packs::pick_pack,
        packs::buy_nothing,
        packs::begin_purchase,
        packs::check_arrival,
        packs::give_up_purchase,
        orders::get_orders,
        orders::note_order,
        member_card::connect_member_card,
        member_card::get_member_card,
        member_card::sync_member_card,
        member_card::set_mode,
        member_card::undo_mode,
        member_card::keep_mode,
        overview::get_overview,
        overview::set_reminder,
        accounts::get_accounts,
        accounts::get_sync_all,
        accounts::sync_all,
        accounts::cancel_sync_all,
        settings::get_settings,
        settings::set_account_name,
        settings::archive_account,
        settings::remove_account,
        settings::restore_account,
        settings::finish_removal,
        settings::set_proxy,
        price_list::get_price_list,
        price_list::set_price_row,
        price_list::remove_price_row,
        price_list::import_price_list,
        price_list::restore_price_list,
        export::export_table,
        export::export_picture,
        export::export_text,
        export::copy_text,
        export::show_export,
        bill::read_bill_file,
        bill::compare_bill_file,
        bill::compare_bill_platform,
        bulk::connect_provider,
        bulk::get_providers,
        bulk::get_bulk_orders,
        bulk::plan_allocations,
        bulk::send_allocations,
        bulk::retry_allocations,
        bulk::get_allocations,
        bulk::cancel_allocation,
        practice::open_practice_phone,
        practice::open_practice_card_office,
        practice::open_practice_claim,
        practice::open_practice_provider,
        practice::advance_practice_clock,
    ]
}
