//! The shop's own price list over the built-in one. Every version is stored, so that any change can be taken back.

use std::collections::HashSet;

use billing_core::tariff::PriceList;
use billing_core::time::{beijing_day, parse_day};
use billing_core::{Calls, Capability, Days, Pack, Tariff};
use chrono::NaiveDate;

use crate::api::{
    AccountKind, Day, ErrorCode, GivenDay, Instant, Money, PriceListView, PricePerCall, PriceRowDraft,
    PriceRowView, PricedCapability, PricedCapabilityView, SourceText, StartClaimView, Tag,
};
use crate::context::Context;
use crate::error::Error;
use crate::infra::amounts::typed_amount;
use crate::infra::tables::HandedFile;
use crate::prices::file::{self, row_refused};
use crate::store::price_lists::{self, StoredList};

/// The price list of a day (today, unless given), each row with its source and its date. Errors:
/// `price_invalid` where the day is invalid.
pub(crate) async fn get_price_list(context: &Context, day: Option<GivenDay>) -> Result<PriceListView, Error> {
    let today = beijing_day(context.setup.clock.now());
    let day = day.map_or(Ok(today), given_day)?;
    let stored = context.store.ledger(|db| price_lists::newest(db)).await?;
    Ok(view(&context.tariff(), stored.as_ref(), day))
}

/// Writes one row. From its first day on it replaces the row there was; an own row of the same first day
/// is overwritten. Errors: `price_invalid` with the field.
pub(crate) async fn set_price_row(context: &Context, draft: PriceRowDraft) -> Result<PriceListView, Error> {
    let today = beijing_day(context.setup.clock.now());
    let row = drafted(draft, today)?;
    change_prices(context, move |mut packs| {
        packs.retain(|pack| pack.id != row.id || pack.listed_from != row.listed_from);
        for earlier in packs.iter_mut().filter(|pack| pack.id == row.id) {
            let reaches_in = earlier.listed_until.is_none_or(|until| until > row.listed_from);
            if earlier.listed_from < row.listed_from && reaches_in {
                earlier.listed_until = Some(row.listed_from);
            }
        }
        packs.push(row);
        Ok(packs)
    })
    .await
}

/// Takes a row of the shop's own back; what was before it stands again. Errors: `not_found`.
pub(crate) async fn remove_price_row(
    context: &Context,
    id: &str,
    from: GivenDay,
) -> Result<PriceListView, Error> {
    let from = given_day(from)?;
    let id = id.to_owned();
    change_prices(context, move |mut packs| {
        let index = packs.iter().position(|pack| pack.id == id && pack.listed_from == from);
        let gone = packs.remove(index.ok_or_else(|| Error::refused(ErrorCode::NotFound))?);
        let before = packs.iter_mut().find(|pack| pack.id == id && pack.listed_until == Some(from));
        if let Some(before) = before {
            before.listed_until = gone.listed_until;
        }
        Ok(packs)
    })
    .await
}

/// Puts the rows of a file – CSV, XLSX, TOML or JSON – instead of the shop's own. Errors: `file_unreadable`,
/// `file_too_large`, `price_invalid` with row and field.
pub(crate) async fn import_price_list(
    context: &Context,
    name: &str,
    bytes: Vec<u8>,
) -> Result<PriceListView, Error> {
    let list = file::read(HandedFile { name: name.to_owned(), bytes }, context.setup.tables.as_ref()).await?;
    change_prices(context, move |_| Ok(list.packs().to_vec())).await
}

/// Puts an earlier version of the shop's list in force again; 0 is the built-in list alone. Errors: `not_found`.
pub(crate) async fn restore_price_list(context: &Context, version: u64) -> Result<PriceListView, Error> {
    let packs = if version == 0 {
        Vec::new()
    } else {
        let found = context.store.ledger(move |db| price_lists::find(db, version)).await?;
        found.ok_or_else(|| Error::refused(ErrorCode::NotFound))?.packs
    };
    change_prices(context, move |_| Ok(packs)).await
}

async fn change_prices(
    context: &Context,
    change: impl FnOnce(Vec<Pack>) -> Result<Vec<Pack>, Error>,
) -> Result<PriceListView, Error> {
    let _lock = context.lock_for("price-list").await;
    let stored = context.store.ledger(|db| price_lists::newest(db)).await?;
    let packs = change(stored.map(|stored| stored.packs).unwrap_or_default())?;
    let list = PriceList::new(packs.clone()).map_err(|refused| row_refused(&refused))?;
    let tariff = Tariff::embedded().with_price_list(&list).map_err(|refused| row_refused(&refused))?;
    let now = context.setup.clock.now();
    context.store.write_ledger(move |db| price_lists::keep(db, now, packs)).await?;
    context.set_tariff(tariff);
    context.changed_everywhere(&[Tag::PriceList, Tag::Usage]);
    get_price_list(context, None).await
}

fn field_refused(field: &str) -> Error {
    Error::refused(ErrorCode::PriceInvalid).with("row", 1).with("field", field)
}

fn given_day(day: GivenDay) -> Result<NaiveDate, Error> {
    day.day().ok_or_else(|| field_refused("from"))
}

fn a_day(text: &str, field: &str) -> Result<NaiveDate, Error> {
    parse_day(text.trim()).map_err(|_| field_refused(field))
}

fn drafted(draft: PriceRowDraft, today: NaiveDate) -> Result<Pack, Error> {
    let calls = Calls::new(draft.calls).ok().filter(|calls| !calls.is_zero());
    let calls = calls.ok_or_else(|| field_refused("calls"))?;
    let days = Days::new(draft.days.into()).map_err(|_| field_refused("days"))?;
    let price = typed_amount(&draft.price).ok_or_else(|| field_refused("price"))?;
    let list_price = draft.list_price.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let list_price =
        list_price.map_or(Some(price), typed_amount).ok_or_else(|| field_refused("list_price"))?;
    let listed_from = a_day(&draft.from, "from")?;
    let listed_until = draft.until.as_deref().map(|text| a_day(text, "until")).transpose()?;
    if list_price < price {
        return Err(field_refused("list_price"));
    }
    if listed_until.is_some_and(|until| until <= listed_from) {
        return Err(field_refused("until"));
    }
    let source = draft.source.trim();
    if source.is_empty() {
        return Err(field_refused("source"));
    }
    let (capability, letter) = match draft.capability {
        PricedCapability::Quick => (Capability::Quick, 'q'),
        PricedCapability::Realtime => (Capability::Realtime, 'r'),
    };
    Ok(Pack {
        id: format!("{letter}-{days}-{calls}"),
        capability,
        calls,
        days,
        price,
        list_price,
        listed_from,
        listed_until,
        source: source.to_owned(),
        as_of: today,
        assumed: false,
    })
}

fn view(tariff: &Tariff, stored: Option<&StoredList>, day: NaiveDate) -> PriceListView {
    let own_packs = stored.map(|stored| stored.packs.as_slice()).unwrap_or_default();
    let own: HashSet<_> = own_packs.iter().map(|pack| (pack.id.as_str(), pack.listed_from)).collect();
    let fits = own_packs.iter().all(|pack| tariff.packs.contains(pack));
    let mut packs: Vec<_> = tariff.packs.iter().collect();
    packs.sort_by_key(|pack| {
        let newest_first = std::cmp::Reverse(pack.listed_from);
        (pack.capability, std::cmp::Reverse(pack.days), pack.calls, newest_first)
    });
    PriceListView {
        day: Day(day),
        version: stored.map_or(0, |stored| stored.version),
        changed_at: stored.map(|stored| Instant(stored.saved_at)),
        own_rows: u32::try_from(own_packs.len()).unwrap_or(u32::MAX),
        built_in_as_of: Day(Tariff::embedded().version),
        fits,
        rows: packs
            .into_iter()
            .map(|pack| row_view(tariff, pack, own.contains(&(pack.id.as_str(), pack.listed_from)), day))
            .collect(),
        capabilities: capabilities(tariff),
    }
}

fn row_view(tariff: &Tariff, pack: &Pack, own: bool, day: NaiveDate) -> PriceRowView {
    PriceRowView {
        id: pack.id.clone(),
        capability: capability_view(pack.capability),
        calls: pack.calls.get(),
        days: pack.days.get().into(),
        price: Money(pack.price),
        list_price: Money(pack.list_price),
        price_per_call: pack.price_per_call().map(PricePerCall),
        from: Day(pack.listed_from),
        until: pack.listed_until.map(Day),
        source: source_text(tariff, &pack.source),
        as_of: Day(pack.as_of),
        assumed: pack.assumed,
        own,
        in_force: pack.is_listed(day),
    }
}

const fn kind_view(kind: billing_core::AccountKind) -> AccountKind {
    match kind {
        billing_core::AccountKind::MiniProgram => AccountKind::MiniProgram,
        billing_core::AccountKind::MiniGame => AccountKind::MiniGame,
    }
}

const fn capability_view(capability: Capability) -> PricedCapability {
    match capability {
        Capability::Quick => PricedCapability::Quick,
        Capability::Realtime => PricedCapability::Realtime,
    }
}

fn source_text(tariff: &Tariff, key: &str) -> SourceText {
    tariff.source(key).map_or_else(
        || SourceText { zh: key.to_owned(), en: key.to_owned() },
        |note| SourceText { zh: note.title_zh.clone(), en: note.title_en.clone() },
    )
}

fn capabilities(tariff: &Tariff) -> Vec<PricedCapabilityView> {
    let views = tariff.capabilities.iter().map(|entry| {
        let starts = &entry.charging_starts;
        let claims = std::iter::once(&starts.in_force).chain(&starts.superseded).enumerate();
        PricedCapabilityView {
            kind: kind_view(entry.kind),
            capability: capability_view(entry.capability),
            unit_price: PricePerCall(entry.unit_price.value),
            unit_price_source: source_text(tariff, &entry.unit_price.source),
            unit_price_as_of: Day(entry.unit_price.as_of),
            charging_starts: claims
                .map(|(index, claim)| StartClaimView {
                    day: Day(beijing_day(claim.at)),
                    source: source_text(tariff, &claim.source),
                    as_of: Day(claim.as_of),
                    in_force: index == 0,
                })
                .collect(),
        }
    });
    views.collect()
}
