//! Checking the bill: the shop's own sign-ups next to WeChat's deductions. A file that was handed over lives in memory
//! for a while (`state.rs`), and nowhere else.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use billing_core::bill::{SignUp, Version};

use super::columns;
use super::records::{self, Records};
use super::upload::BillFile;
use super::view::{self, WechatSide};
use crate::api::{BillColumns, BillFileView, BillSource, BillView, ErrorCode};
use crate::bill_check::state::BillCheck;
use crate::clients::member_card::{self, Outcome, ProgramVersion, SignUpQuestion};
use crate::context::Context;
use crate::error::Error;
use crate::infra::tables::HandedFile;
use crate::member_card::platform::member_card_key;
use crate::store::StoreError;
use crate::store::settings::{self, Setting};

/// Takes a file of sign-ups, and says which columns it seems to have. Errors: `file_unreadable`, `file_too_large`.
pub(crate) async fn read_bill_file(
    context: &Context,
    bill: &BillCheck,
    account: &str,
    name: &str,
    bytes: Vec<u8>,
) -> Result<BillFileView, Error> {
    let id = context.account(account).await?.id;
    let table = HandedFile { name: name.to_owned(), bytes }.table(context.setup.tables.as_ref()).await?;
    let file = Arc::new(BillFile::of(name.to_owned(), table));
    let stored: Option<String> = context.store.ledger(|db| settings::get(db, Setting::BillColumns)).await?;
    let remembered = stored.and_then(|text| columns::remembered(&text, &file.titles));
    let view = BillFileView {
        name: file.name.clone(),
        titles: file.titles.iter().map(|title| records::masked(title)).collect(),
        sample: file.sample(),
        rows: view::count(file.rows.len()),
        columns: remembered.unwrap_or_else(|| columns::guessed(&file)),
        remembered: remembered.is_some(),
    };
    bill.hold(id, file);
    Ok(view)
}

/// Compares the file that was handed over last. The columns are remembered for files with the same titles. Errors:
/// `bill_time_missing` where no row has a time, `bill_file_gone` without a file, `bill_no_days` without deductions to
/// compare with.
pub(crate) async fn compare_bill_file(
    context: &Context,
    bill: &BillCheck,
    account: &str,
    chosen: BillColumns,
) -> Result<BillView, Error> {
    let wechat = wechat(context, account).await?;
    let file = bill.file(&wechat.account).ok_or_else(|| Error::refused(ErrorCode::BillFileGone))?;
    let chosen = columns::within(chosen, file.titles.len());
    let memory = columns::memory(&file.titles, chosen);
    let view = away(move || {
        let records = file.records(chosen);
        if records.sign_ups.is_empty() {
            return Err(Error::refused(ErrorCode::BillTimeMissing));
        }
        wechat.compared(BillSource::File(file.name.clone()), &records)
    });
    let view = view.await?;
    if let Some(memory) = memory {
        context.store.write_ledger(move |db| settings::set(db, Setting::BillColumns, memory)).await?;
    }
    Ok(view)
}

/// Compares the sign-ups of the member-card platform. Errors: `member_card_not_connected`, everything the platform
/// can say, `keyring_…`, `bill_no_days`.
pub(crate) async fn compare_bill_platform(context: &Context, account: &str) -> Result<BillView, Error> {
    let wechat = wechat(context, account).await?;
    let account = context.account(account).await?;
    let key = member_card_key(context, &account).await?;
    let platform = context.member_card(account.environment)?;
    let wanted = SignUpQuestion { from: wechat.begins(), until: None, way: None };
    let asked = platform.sign_ups(&key, &wanted).await;
    let (found, _) = asked.map_err(context.client_error(account.environment))?;
    away(move || {
        let signs = RandomState::new();
        let sign_ups = found.iter().map(|one| sign_up(one, &signs)).collect();
        wechat
            .compared(BillSource::MemberCard, &Records { sign_ups, whole: true, left_out: 0, duplicates: 0 })
    })
    .await
}

/// WeChat's side of the comparison.
async fn wechat(context: &Context, account: &str) -> Result<WechatSide, Error> {
    let (known, past) = context.snapshot_and_past(account).await?;
    WechatSide::of(&known, &past).ok_or_else(|| Error::refused(ErrorCode::BillNoDays))
}

/// Hundreds of thousands of rows are no work for the threads that answer the window.
async fn away<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|stopped| StoreError::Unexpected(stopped.to_string()))?
}

fn sign_up(one: &member_card::SignUp, signs: &RandomState) -> SignUp {
    SignUp {
        at: one.at,
        who: one.member_id.as_ref().map(|id| signs.hash_one(id)),
        version: match one.program_version {
            Some(ProgramVersion::Trial) => Version::Trial,
            Some(ProgramVersion::Develop) => Version::Develop,
            Some(ProgramVersion::Release) | None => Version::Release,
        },
        authorised: one.way.uses_quota(),
        fetched: one.outcome != Outcome::NumberNotFetched,
        known: one.outcome == Outcome::AlreadyMember,
    }
}
