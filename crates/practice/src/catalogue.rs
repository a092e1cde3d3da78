//! What the console sells: the price list of the billing core, and a few packs that no source lists.

use crate::assumed::{
    FIRST_PACK_SKU_QUICK, FIRST_PACK_SKU_REALTIME, TRIAL_SKU_QUICK, TRIAL_SKU_REALTIME, UNLISTED_PACKS,
    WHOLESALE_PACKS, bulk_name, can_become,
};
use crate::model::CAPABILITIES;
use billing_core::time::beijing_day;
use billing_core::{AccountKind, Calls, Capability, CapabilityTariff, Days, Tariff, Yuan};
use chrono::{DateTime, Utc};

/// The tabs of the purchase page, in days **S3**.
pub(crate) const VALIDITIES: [u16; 3] = [365, 180, 90];

/// One pack on the purchase page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) id: String,
    pub(crate) sku_id: u64,
    pub(crate) capability: Capability,
    pub(crate) calls: Calls,
    pub(crate) days: Days,
    pub(crate) price: Yuan,
    pub(crate) list_price: Yuan,
}

/// The tariff of a capability on a mini-program. Its product ids and names are those of a mini-game, too **A**.
pub(crate) fn tariff(capability: Capability) -> Option<&'static CapabilityTariff> {
    Tariff::embedded().capability(AccountKind::MiniProgram, capability)
}

/// The capability of a product id.
pub(crate) fn capability_of_spu(spu_id: &str) -> Option<Capability> {
    let mut entries = Tariff::embedded().capabilities.iter();
    entries
        .find(|entry| entry.kind == AccountKind::MiniProgram && entry.spu_id.value == spu_id)
        .map(|entry| entry.capability)
}

/// A pack that providers buy in bulk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wholesale {
    pub(crate) sku_id: u64,
    pub(crate) capability: Capability,
    pub(crate) calls: Calls,
    pub(crate) days: Days,
    pub(crate) price: Yuan,
}

/// The wholesale pack of a SKU.
pub(crate) fn wholesale(sku_id: u64) -> Option<Wholesale> {
    let (_, capability, calls, days, fen) = WHOLESALE_PACKS.into_iter().find(|pack| pack.0 == sku_id)?;
    let (calls, days) = (Calls::new(calls).ok()?, Days::new(days).ok()?);
    Some(Wholesale { sku_id, capability, calls, days, price: Yuan::from_fen(fen) })
}

/// The wholesale packs of a capability.
pub(crate) fn wholesales(capability: Capability) -> Vec<Wholesale> {
    let packs = WHOLESALE_PACKS.into_iter().filter_map(|pack| wholesale(pack.0));
    packs.filter(|pack| pack.capability == capability).collect()
}

/// The retail packs that a wholesale pack can be turned into: of its capability.
pub(crate) fn convertible(sku_id: u64, now: DateTime<Utc>) -> Vec<Offer> {
    let Some(pack) = wholesale(sku_id) else { return Vec::new() };
    let mut offers = offers(pack.capability, now);
    offers.retain(|offer| can_become(pack.calls, offer.calls));
    offers
}

/// The product id of a capability's bulk orders.
pub(crate) fn bulk_spu(capability: Capability) -> &'static str {
    let spu = tariff(capability).and_then(|tariff| tariff.bulk_spu_id.as_ref());
    spu.map_or("", |spu| spu.value.as_str())
}

/// The name of that product.
pub(crate) fn bulk_spu_name(capability: Capability) -> String {
    bulk_name(tariff(capability).map_or("", |tariff| tariff.component.as_str()))
}

/// The capability of a product id of bulk orders.
pub(crate) fn capability_of_bulk_spu(spu_id: &str) -> Option<Capability> {
    CAPABILITIES.into_iter().find(|capability| bulk_spu(*capability) == spu_id)
}

/// The SKU of a capability's trial row.
pub(crate) const fn trial_sku(capability: Capability) -> u64 {
    match capability {
        Capability::Quick => TRIAL_SKU_QUICK,
        Capability::Realtime => TRIAL_SKU_REALTIME,
    }
}

/// Everything on sale, longest validity first, then by calls.
pub(crate) fn offers(capability: Capability, now: DateTime<Utc>) -> Vec<Offer> {
    let first_sku = match capability {
        Capability::Quick => FIRST_PACK_SKU_QUICK,
        Capability::Realtime => FIRST_PACK_SKU_REALTIME,
    };
    let listed = Tariff::embedded().packs(capability, beijing_day(now)).into_iter().map(|pack| Offer {
        id: pack.id.clone(),
        sku_id: 0,
        capability,
        calls: pack.calls,
        days: pack.days,
        price: pack.price,
        list_price: pack.list_price,
    });
    let mut offers: Vec<Offer> = listed.collect();
    for unlisted in unlisted(capability) {
        if !offers.iter().any(|offer| offer.calls == unlisted.calls && offer.days == unlisted.days) {
            offers.push(unlisted);
        }
    }
    offers.sort_by_key(|offer| (std::cmp::Reverse(offer.days), offer.calls));
    for (offer, sku_id) in offers.iter_mut().zip(first_sku..) {
        offer.sku_id = sku_id;
    }
    offers
}

fn unlisted(capability: Capability) -> Vec<Offer> {
    let (Capability::Quick, Some(tariff)) = (capability, tariff(capability)) else { return Vec::new() };
    let offer = |(calls, days)| {
        let (calls, days) = (Calls::new(calls).ok()?, Days::new(days).ok()?);
        let price = tariff.unit_price.value.times(calls)?;
        let id = format!("q-{days}-{calls}");
        Some(Offer { id, sku_id: 0, capability, calls, days, price, list_price: price })
    };
    UNLISTED_PACKS.into_iter().filter_map(offer).collect()
}
