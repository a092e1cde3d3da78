//! The second half of the table, in the form of the first: the commands of the shop as a whole.

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
use crate::{Error, secrets::Secret, settings::backup};

commands! {
    inbox {
        /// Every alert that was raised, newest first.
        read get_inbox() -> InboxView, [Inbox, App] = |app|
            app.get_inbox().await;
        /// Marks one alert as read; `null`: all of them.
        act mark_inbox_read(id: Option<String>) -> InboxView, [Inbox] = |app|
            app.mark_inbox_read(id).await;
    }
    channels {
        read get_channels() -> ChannelsView, [Channels, Inbox] = |app|
            app.get_channels().await;
        /// The product of an address that is being typed; `null` where it does not show.
        act recognise_channel(address: Secret<String>) -> Option<ChannelKind> = |app|
            app.recognise_channel(address).await;
        /// The address goes into the keyring. Nothing is sent.
        act add_channel(
            kind: ChannelKind,
            label: String,
            address: Secret<String>,
            signing: Option<Secret<String>>
        ) -> ChannelsView, [Channels] = |app|
            app.add_channel(kind, &label, address, signing).await;
        /// What is `null` stays as it is; a new address comes with its own signing key, or without one.
        act change_channel(
            channel: ChannelId,
            kind: ChannelKind,
            label: String,
            address: Option<Secret<String>>,
            signing: Option<Secret<String>>
        ) -> ChannelsView, [Channels] = |app|
            app.change_channel(&channel, kind, &label, address, signing).await;
        act switch_channel(channel: ChannelId, on: bool) -> ChannelsView, [Channels] = |app|
            app.switch_channel(&channel, on).await;
        /// The address leaves the keyring.
        act remove_channel(channel: ChannelId) -> ChannelsView, [Channels] = |app|
            app.remove_channel(&channel).await;
        /// Sends a test message; rejects with why it did not arrive.
        act test_channel(channel: ChannelId) -> ChannelsView, [Channels] = |app|
            app.test_channel(&channel).await;
    }
    backups {
        /// Also where the app could not open its files.
        read get_backups() -> Vec<BackupView>, [Backups] = |desktop|
            backup::get_backups(desktop.paths()).await;
        /// The ledger of now becomes a backup itself. The app starts again; one that could not start is to try again.
        act restore_backup(name: String) -> (), [Backups] = |desktop|
            acts::restore_backup(desktop, name).await;
    }
    background {
        /// What the app does while nobody looks.
        read get_background() -> BackgroundView, [App] = |desktop|
            acts::background(desktop).await;
        act set_closing(closing: Closing) -> BackgroundView, [App] = |desktop|
            { desktop.app().await?.set_closing(closing).await?; acts::background(desktop).await };
        /// Whether the system starts the app when the person logs in.
        act set_at_log_in(on: bool) -> BackgroundView, [App] = |desktop|
            { desktop.start_at_log_in(on)?; acts::background(desktop).await };
        /// The answer to the question that closing the main window asks: remembered and done. `null`: the window stays.
        act answer_closing(closing: Option<Closing>) -> (), [App] = |desktop|
            acts::answer_closing(desktop, closing).await;
    }
    price_list {
        /// The list of a day, or of today.
        read get_price_list(day: Option<GivenDay>) -> PriceListView, [PriceList] = |app|
            app.get_price_list(day).await;
        act set_price_row(draft: PriceRowDraft) -> PriceListView, [PriceList, Usage] = |app|
            app.set_price_row(draft).await;
        act remove_price_row(id: PackId, from: GivenDay) -> PriceListView, [PriceList, Usage] = |app|
            app.remove_price_row(&id, from).await;
        act import_price_list(name: String, bytes: Base64Bytes) -> PriceListView, [PriceList, Usage] = |app|
            app.import_price_list(&name, bytes.0).await;
        /// 0 is the built-in list alone.
        act restore_price_list(version: u64) -> PriceListView, [PriceList, Usage] = |app|
            app.restore_price_list(version).await;
    }
    export {
        /// Into the shop's downloads, never over a file that is there.
        act export_table(format: ExportFormat, table: ExportTable) -> ExportedView = |app|
            app.export_table(format, table).await;
        /// A picture that the page took of itself.
        act export_picture(name: String, png: Base64Bytes) -> ExportedView = |app|
            app.export_picture(name, png.0).await;
        /// A text for a person to read.
        act export_text(name: String, text: String) -> ExportedView = |app|
            app.export_text(name, text).await;
        /// A text that is no secret into the clipboard.
        act copy_text(text: String) -> () = |desktop|
            desktop.copy_text(text).await;
        /// Opens the folder with the file in it; only files that were exported can be asked for.
        act show_export(name: String) -> () = |desktop|
            desktop.reveal_file(desktop.app().await?.exported(&name)?);
    }
    bill {
        /// The file is held in memory until the next one, at most for ten minutes after it was used.
        act read_bill_file(account: AccountId, name: String, bytes: Base64Bytes) -> BillFileView = |app|
            app.read_bill_file(&account, &name, bytes.0).await;
        act compare_bill_file(account: AccountId, columns: BillColumns) -> BillView = |app|
            app.compare_bill_file(&account, columns).await;
        /// Asks the member-card platform for the records.
        act compare_bill_platform(account: AccountId) -> BillView = |app|
            app.compare_bill_platform(&account).await;
    }
    bulk {
        /// Checks AppID and AppSecret by reading the orders once; the AppSecret goes into the keyring.
        act connect_provider(
            environment: Environment,
            name: String,
            app_id: String,
            app_secret: Secret<String>
        ) -> ProviderView, [Bulk] = |app|
            app.connect_provider(environment, &name, &app_id, app_secret).await;
        read get_providers() -> Vec<ProviderView>, [Bulk] = |app|
            app.get_providers().await;
        /// The AppSecret leaves the keyring; what was handed on stays on record.
        act remove_provider(provider: ProviderId) -> Vec<ProviderView>, [Bulk] = |app|
            app.remove_provider(&provider).await;
        /// Asks WeChat now, so no change of ours asks again.
        read get_bulk_orders(provider: ProviderId) -> Vec<BulkOrderView> = |app|
            app.get_bulk_orders(&provider).await;
        /// Who should get how many calls, so that nobody runs out within that number of days; without one, within the app's
        /// own. Asks WeChat for order and packs.
        read plan_allocations(
            provider: ProviderId,
            order: OrderId,
            cover_days: Option<u32>
        ) -> AllocationPlanView = |app|
            app.plan_allocations(&provider, &order, cover_days).await;
        /// Writes everything down, then sends it in the background; each keeps its request id, whatever happens. The page
        /// names the batch: sent once more, it is the same. Without `again` the answer asks before a receiver that is being
        /// served gets more.
        act send_allocations(
            provider: ProviderId,
            order: OrderId,
            picks: Vec<PickedShare>,
            batch: String,
            again: bool
        ) -> SendAnswer, [Bulk] = |app|
            app.send_allocations(&provider, &order, picks, &batch, again).await;
        /// Asks again now for what is not settled, under the same request ids; what was never sent is sent.
        act retry_allocations(provider: ProviderId) -> Vec<AllocationView>, [Bulk] = |app|
            app.retry_allocations(&provider).await;
        read get_allocations(provider: ProviderId) -> Vec<AllocationView>, [Bulk] = |app|
            app.get_allocations(&provider).await;
        act cancel_allocation(id: AllocationId) -> AllocationView, [Bulk] = |app|
            app.cancel_allocation(&id).await;
    }
    practice {
        act open_practice_phone() -> () = |desktop|
            desktop.open_practice(PracticePage::Phone, None).await;
        act open_practice_card_office(account: AccountId) -> () = |desktop|
            desktop.open_practice(PracticePage::CardOffice, Some(&account)).await;
        act open_practice_claim(account: AccountId) -> () = |desktop|
            desktop.open_practice(PracticePage::Claim, Some(&account)).await;
        act open_practice_provider() -> () = |desktop|
            desktop.open_practice(PracticePage::Provider, None).await;
        /// Practice's time is part of nearly every answer: all are out of date.
        act advance_practice_clock(days: u32) -> PracticeView = |desktop|
            desktop.advance_practice(days).await;
    }
}
