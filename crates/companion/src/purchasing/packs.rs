//! The catalogue, and what we would do.

use billing_core::recommend::{self, Comparison, is_far_beyond};
use billing_core::stock::wasted_if_bought_now;
use billing_core::time::beijing_day;
use billing_core::{Pack, Tariff, Yuan};

use crate::accounts::overview::advice;
use crate::accounts::situation::advises_no_more;
use crate::accounts::start::get_app;
use crate::api::{
    Advice, BreakEvenView, Day, ErrorCode, Language, Money, MonthlyAverage, Origin, PackView, PackYear,
    PacksView, PricePerCall, PurchaseState, Reading, Tag, WizardView,
};
use crate::context::Context;
use crate::error::Error;
use crate::forecast::advice::{Start, advice_view, compare_year, year_view};
use crate::forecast::outlook::{Imagined, outlook};
use crate::forecast::stock::{Volume, packs_on, plan_pack, remaining_now};
use crate::infra::blocking::run_blocking;
use crate::onboarding::wizard::get_wizard;
use crate::snapshot::AccountSnapshot;
use crate::store::answers;
use crate::store::purchases::{self, Purchase};
use crate::usage::history::Past;

/// The price list with advice at the given or the known volume. Errors: `no_usage_yet` before usage is known and
/// without a volume, `figures_invalid`.
pub(crate) async fn get_packs(
    context: &Context,
    account: &str,
    monthly_calls: Option<u64>,
) -> Result<PacksView, Error> {
    let (known, past) = context.snapshot_and_past(account).await?;
    let language = get_app(context).await?.language;
    // Planning a year takes milliseconds, or a second for odd volumes: not on the runtime's own threads.
    run_blocking(move || packs_view(&known, &past, monthly_calls, language)).await?
}

/// Writes down which pack is wanted. Errors: `pack_unknown`, `purchase_open`, `step_not_ready`.
pub(crate) async fn pick_pack(context: &Context, account: &str, pack: &str) -> Result<WizardView, Error> {
    let known = context.snapshot(account).await?;
    let offered = packs_on(&known.tariff, beijing_day(known.now));
    let picked = offered.into_iter().find(|offered| offered.id == pack);
    let picked = picked.ok_or_else(|| Error::refused(ErrorCode::PackUnknown))?;
    if !known.may_buy() {
        return Err(Error::refused(ErrorCode::StepNotReady));
    }
    let purchase = Purchase {
        id: context.new_id(),
        account: known.account.id.clone(),
        pack: picked.id.clone(),
        calls: picked.calls.get(),
        days: u32::from(picked.days.get()),
        price: picked.price,
        state: PurchaseState::Picked,
        picked_at: known.now,
        handed_over_at: None,
        known_lots: known
            .figures
            .as_ref()
            .map(|figures| figures.lots.iter().map(|lot| lot.id.clone()).collect()),
        known_total: known_total(&known),
        arrived: None,
        last_checked: None,
    };
    let write = context.store.write_ledger(move |db| {
        if purchases::newest(db, &purchase.account)?
            .is_some_and(|newest| newest.state == PurchaseState::Waiting)
        {
            return Ok(false);
        }
        purchases::unpick(db, &purchase.account)?;
        purchases::save(db, &purchase)?;
        let mut answers = answers::of(db, &purchase.account)?;
        answers.nothing_at = None;
        answers.look_again = None;
        answers::save(db, &answers)?;
        Ok(true)
    });
    decided(context, &known, write.await?).await
}

/// Follows "buy nothing yet". Errors: `purchase_open`, `step_not_ready`.
pub(crate) async fn buy_nothing(context: &Context, account: &str) -> Result<WizardView, Error> {
    let known = context.snapshot(account).await?;
    if !known.may_buy() {
        return Err(Error::refused(ErrorCode::StepNotReady));
    }
    let outlook = outlook(context, &known).await?;
    let look_again = match advice(context, &known, &outlook).await? {
        Some(Advice::BuyNothing { look_again, .. }) => Some(look_again.0),
        _ => None,
    };
    let (id, now) = (known.account.id.clone(), known.now);
    let write = context.store.write_ledger(move |db| {
        if purchases::newest(db, &id)?.is_some_and(|newest| newest.state == PurchaseState::Waiting) {
            return Ok(false);
        }
        purchases::unpick(db, &id)?;
        let mut answers = answers::of(db, &id)?;
        answers.nothing_at = Some(now);
        answers.look_again = look_again;
        answers::save(db, &answers)?;
        Ok(true)
    });
    decided(context, &known, write.await?).await
}

async fn decided(context: &Context, known: &AccountSnapshot, written: bool) -> Result<WizardView, Error> {
    if !written {
        return Err(Error::refused(ErrorCode::PurchaseOpen));
    }
    context.changed(&known.account.id, &[Tag::Purchase, Tag::Wizard]);
    get_wizard(context, &known.account.id).await
}

/// The total of all quota as last known, by which an arrival shows where lots cannot be seen.
fn known_total(known: &AccountSnapshot) -> Option<u64> {
    let typed = known.connection.as_ref().and_then(|connection| connection.typed);
    typed.map(|typed| typed.total).or(known.figures.as_ref().map(|figures| figures.total))
}

fn packs_view(
    known: &AccountSnapshot,
    past: &Past,
    monthly_calls: Option<u64>,
    language: Language,
) -> Result<PacksView, Error> {
    let volume = monthly_calls.map(Volume::guessed).transpose()?;
    let start = Start::of(known, past, &Imagined { volume, campaign: None })?;
    let offered = packs_on(&known.tariff, beijing_day(known.now));
    let plan_packs: Vec<_> = offered.iter().map(|pack| plan_pack(pack)).collect();
    // One fen of bother, so that a pack is beaten only by what is no more bother, not by many smaller ones.
    let beaten = recommend::dominated(&plan_packs, Yuan::from_fen(1));
    let even = recommend::break_even(&plan_packs, Yuan::ZERO);
    let today = beijing_day(known.now);
    let (comparison, _) = compare_year(&start, &known.tariff, today, None)?;
    let likely = start.forecast.likely_days();
    let smallest =
        |pack: &Pack| !offered.iter().any(|other| other.days == pack.days && other.calls < pack.calls);
    let packs = offered
        .iter()
        .map(|pack| {
            let beaten_by = beaten
                .iter()
                .find(|beaten| beaten.pack == pack.id && beaten.times == 1)
                .map(|beaten| beaten.by.clone());
            let even = even.iter().find(|even| even.pack == pack.id);
            let days = pack.days.get().into();
            Ok(PackView {
                beaten_by,
                break_even: even
                    .map(|even| BreakEvenView { against: even.against.clone(), above: even.above }),
                year: year_of(&comparison, pack),
                far_beyond: !smallest(pack) && is_far_beyond(&plan_pack(pack), &likely),
                wasted_if_now: wasted_if_bought_now(&likely, &start.lots, pack.calls, days),
                ..pack_view(pack, source_text(&known.tariff, pack, language))?
            })
        })
        .collect::<Result<_, Error>>()?;
    let advice = if advises_no_more(known) {
        Advice::TooOld
    } else {
        advice_view(comparison.advice).ok_or_else(|| Error::refused(ErrorCode::FiguresInvalid))?
    };
    let average = known.figures.as_ref().and_then(|figures| {
        let (calls, at_most) = figures.average?;
        Some(Reading::new(MonthlyAverage { calls, at_most }, Origin::Platform, figures.read_at))
    });
    Ok(PacksView {
        average,
        monthly_calls: start.monthly.calls,
        monthly_is_estimate: start.monthly.is_estimate,
        remaining: remaining_now(known).unwrap_or_default(),
        ends_by_expiry: start.ends_by_expiry(),
        advice,
        packs,
    })
}

/// Where a row was read, in words.
fn source_text(tariff: &Tariff, pack: &Pack, language: Language) -> String {
    let note = tariff.source(&pack.source);
    note.map_or(&pack.source, |note| match language {
        Language::Zh => &note.title_zh,
        Language::En => &note.title_en,
    })
    .clone()
}

fn pack_view(pack: &Pack, source: String) -> Result<PackView, Error> {
    let invalid = || Error::refused(ErrorCode::FiguresInvalid);
    Ok(PackView {
        id: pack.id.clone(),
        calls: pack.calls.get(),
        days: u32::from(pack.days.get()),
        price: Money(pack.price),
        list_price: Money(pack.list_price),
        saves: pack.list_price.checked_sub(pack.price).filter(|less| *less > Yuan::ZERO).map(Money),
        price_per_call: PricePerCall(pack.price_per_call().ok_or_else(invalid)?),
        source,
        as_of: Day(pack.as_of),
        assumed: pack.assumed,
        year: None,
        wasted_if_now: 0,
        beaten_by: None,
        far_beyond: false,
        break_even: None,
    })
}

/// The year that starts with this pack; that of buying nothing where nothing is needed.
fn year_of(comparison: &Comparison, pack: &Pack) -> Option<PackYear> {
    let choice = comparison.plans.iter().find(|plan| plan.first.as_ref() == Some(&pack.id));
    let needs_nothing = comparison.plans.is_empty() && comparison.advice != recommend::Advice::Cannot;
    choice.or(needs_nothing.then_some(&comparison.nothing)).map(year_view)
}
