//! Plan files, read strictly.

use super::{CALLS_A_DAY_MAX, DAYS_MAX, PACKS_MAX, PlanInput, PlanLot, PlanPack};
use crate::input::{self, InputError, Object, present, required};
use crate::{Calls, Days, Yuan};
use serde::{Deserialize, Deserializer};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanWire {
    #[serde(default, deserialize_with = "present")]
    daily_demand: Option<Vec<u32>>,
    #[serde(default, deserialize_with = "present")]
    lots: Option<Vec<Object<LotWire>>>,
    #[serde(default, deserialize_with = "present")]
    packs: Option<Vec<Object<PackWire>>>,
    #[serde(default, deserialize_with = "present")]
    bother: Option<Yuan>,
    /// `null` says: no limit.
    #[serde(default, deserialize_with = "nullable")]
    max_purchases: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LotWire {
    #[serde(default, deserialize_with = "present")]
    calls: Option<Calls>,
    #[serde(default, deserialize_with = "present")]
    usable_days: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackWire {
    #[serde(default, deserialize_with = "present")]
    id: Option<String>,
    #[serde(default, deserialize_with = "present")]
    calls: Option<Calls>,
    #[serde(default, deserialize_with = "present")]
    days: Option<Days>,
    #[serde(default, deserialize_with = "present")]
    price: Option<Yuan>,
}

fn nullable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Option::deserialize(deserializer)
}

/// Reads a plan file. `bother` and `max_purchases` may be missing: no bother, no limit.
pub fn parse(json: &[u8]) -> Result<PlanInput, InputError> {
    let Object(wire): Object<PlanWire> = input::parse(json)?;
    let lots = required(wire.lots, "", "lots")?.into_iter().enumerate().map(|(index, Object(lot))| {
        let path = format!("lots[{index}]");
        Ok(PlanLot {
            calls: required(lot.calls, &path, "calls")?,
            usable_days: required(lot.usable_days, &path, "usable_days")?,
        })
    });
    let packs = required(wire.packs, "", "packs")?.into_iter().enumerate().map(|(index, Object(pack))| {
        let path = format!("packs[{index}]");
        Ok(PlanPack {
            id: required(pack.id, &path, "id")?,
            calls: required(pack.calls, &path, "calls")?,
            days: required(pack.days, &path, "days")?,
            price: required(pack.price, &path, "price")?,
        })
    });
    let plan = PlanInput {
        daily_demand: required(wire.daily_demand, "", "daily_demand")?,
        lots: lots.collect::<Result<_, InputError>>()?,
        packs: packs.collect::<Result<_, InputError>>()?,
        bother: wire.bother.unwrap_or_default(),
        max_purchases: wire.max_purchases,
    };
    check(&plan)?;
    Ok(plan)
}

/// The limits of docs/billing-rules.md §13.
pub(super) fn check(plan: &PlanInput) -> Result<(), InputError> {
    if plan.daily_demand.len() > DAYS_MAX {
        return Err(InputError::new("daily_demand", format_args!("more than {DAYS_MAX} days")));
    }
    if let Some(day) = plan.daily_demand.iter().position(|calls| *calls > CALLS_A_DAY_MAX) {
        let path = format!("daily_demand[{day}]");
        return Err(InputError::new(path, format_args!("more than {CALLS_A_DAY_MAX} calls on a day")));
    }
    // No lots of any account come near this; below it all sums are exact.
    let lots = plan.lots.iter().try_fold(0_u64, |sum, lot| sum.checked_add(lot.calls.get()));
    if lots.is_none_or(|calls| calls > u64::MAX / 2) {
        return Err(InputError::new("lots", "more calls than can be counted"));
    }
    if plan.packs.len() > PACKS_MAX {
        return Err(InputError::new("packs", format_args!("more than {PACKS_MAX} packs")));
    }
    match plan.packs.iter().position(|pack| pack.calls.is_zero()) {
        Some(index) => Err(InputError::new(format!("packs[{index}].calls"), "a pack has at least one call")),
        None => Ok(()),
    }
}
