//! Usage: `/wxa/charge/usage/get` and `/wxa/charge/usage/get_recent_average` **W**.

use super::call::{Call, Page};
use super::caller::Caller;
use super::context::{Context, Reply, written};
use super::error::{Answer, ApiError};
use crate::assumed::{
    AVERAGE_DAYS, AVERAGE_MONTHS, CHARGE_READS_OF_MINI_GAMES, SERVICE_TIME_OF_PACKS, UNKNOWN_SPU_ON_USAGE,
    blur_average, counts_as_effective_use, row_status,
};
use crate::catalogue::{capability_of_spu, tariff, trial_sku};
use crate::store::billing::{self, Accounts};
use crate::store::error::{Stored, invalid_row};
use crate::store::programs;
use billing_core::{AccountKind, Capability, LotView, Source, Status};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Connection;
use serde::{Serialize, Serializer};
use serde_json::json;

/// `endTime` of the trial: it never ends **W** (observed).
const NEVER: i64 = 4_294_967_295;

/// A 64-bit number: a string on the wire **W**.
#[derive(Debug, Clone, Copy)]
pub(super) struct Long(pub(super) u64);

impl Serialize for Long {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Success carries no `errmsg`, as in the official sample **W**, unless the [other form](crate::variants) is chosen.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsageAnswer {
    errcode: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    errmsg: Option<&'static str>,
    effective_use: Long,
    effective_all: Long,
    all: Long,
    start_service_time: i64,
    end_service_time: i64,
    total: usize,
    detail_list: Vec<Row>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    pkg_id: String,
    status: u8,
    start_time: i64,
    end_time: i64,
    all: Long,
    used: Long,
    spu_id: String,
    sku_id: Long,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<u8>,
}

/// Whether charge reads know the account.
pub(crate) fn knows(connection: &Connection, app_id: &str) -> Stored<Answer<()>> {
    let program = programs::find(connection, app_id)?.ok_or_else(|| invalid_row("no mini-program"))?;
    Ok(match program.kind {
        AccountKind::MiniProgram => Ok(()),
        AccountKind::MiniGame => Err(ApiError::of(CHARGE_READS_OF_MINI_GAMES)),
    })
}

/// `GET /wxa/charge/usage/get`
pub(super) fn detail(context: &mut Context<'_>, call: &Call, caller: &Caller) -> Reply {
    knows(context.connection, &caller.app_id)??;
    let spu = call.parameter("spuId").ok_or_else(|| ApiError::bad_parameter("spuId"))?;
    let capability = capability_of_spu(spu).ok_or_else(|| ApiError::of(UNKNOWN_SPU_ON_USAGE))?;
    let page = Page::of(call)?;
    let mut usage = usage(context.connection, context.accounts, &caller.app_id, capability, context.now)?;
    usage.total = page.cut(&mut usage.detail_list);
    let choices = context.platform.variants.read();
    usage.errmsg = choices.usage_errmsg.then_some("ok");
    if !choices.usage_source {
        for row in &mut usage.detail_list {
            row.source = None;
        }
    }
    written(&usage)
}

/// Usage of one product, with every row.
pub(crate) fn usage(
    connection: &Connection,
    accounts: &Accounts,
    app_id: &str,
    capability: Capability,
    now: DateTime<Utc>,
) -> Stored<UsageAnswer> {
    let tariff = tariff(capability).ok_or_else(|| invalid_row("no tariff"))?;
    let program = programs::find(connection, app_id)?.ok_or_else(|| invalid_row("no mini-program"))?;
    let trial_since = tariff.charging_starts().max(program.created_at);
    let grants = billing::grants(connection, app_id, capability)?;
    let mut lots: Vec<(i64, u64, LotView)> = Vec::new();
    for lot in accounts.get(app_id, capability)?.lots(now) {
        let (granted, sku) = match (lot.source, grants.get(lot.lot.as_str())) {
            (Source::Trial, _) => (0, Some(trial_sku(capability))),
            (Source::Paid | Source::Allocated, Some((seq, sku))) => (*seq, *sku),
            (Source::Paid | Source::Allocated, None) => return Err(invalid_row("a lot without event")),
        };
        lots.push((granted, sku.unwrap_or_default(), lot));
    }
    lots.sort_by_key(|(granted, _, _)| *granted);
    let (mut all, mut effective_use) = (0, 0);
    let mut detail_list = Vec::with_capacity(lots.len());
    for (_, sku_id, lot) in lots {
        let status = row_status(&lot, now);
        if status == Status::InEffect {
            all += lot.total.get();
        }
        if counts_as_effective_use(status) {
            effective_use += lot.used.get();
        }
        let trial = lot.source == Source::Trial;
        detail_list.push(Row {
            pkg_id: if trial { String::new() } else { lot.lot.to_string() },
            status: status.code(),
            start_time: lot.effective_at.unwrap_or(trial_since).timestamp(),
            end_time: lot.expires_at.map_or(NEVER, |end| end.timestamp()),
            all: Long(lot.total.get()),
            used: Long(lot.used.get()),
            spu_id: tariff.spu_id.value.clone(),
            sku_id: Long(sku_id),
            source: Some(lot.source.code()),
        });
    }
    Ok(UsageAnswer {
        errcode: 0,
        errmsg: None,
        effective_use: Long(effective_use),
        effective_all: Long(all),
        all: Long(all),
        start_service_time: SERVICE_TIME_OF_PACKS,
        end_service_time: SERVICE_TIME_OF_PACKS,
        total: detail_list.len(),
        detail_list,
    })
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AverageAnswer {
    errcode: i64,
    average_data: u64,
}

/// `GET /wxa/charge/usage/get_recent_average`
pub(super) fn average(context: &mut Context<'_>, call: &Call, caller: &Caller) -> Reply {
    knows(context.connection, &caller.app_id)??;
    let spu = call.parameter("spuId").ok_or_else(|| ApiError::bad_parameter("spuId"))?;
    let capability = capability_of_spu(spu).ok_or_else(|| ApiError::of(10_120_700))?;
    let average = recent_average(context.connection, &caller.app_id, capability, context.now)??;
    if context.platform.variants.read().average_text {
        return written(&json!({ "errcode": 0, "averageData": average.average_data.to_string() }));
    }
    written(&average)
}

/// The blurred monthly average of the last three months.
pub(crate) fn recent_average(
    connection: &Connection,
    app_id: &str,
    capability: Capability,
    now: DateTime<Utc>,
) -> Stored<Answer<AverageAnswer>> {
    let calls = billing::calls_since(connection, app_id, capability, now - TimeDelta::days(AVERAGE_DAYS))?;
    if calls == 0 {
        return Ok(Err(ApiError::of(10_122_000)));
    }
    let monthly = calls.div_ceil(AVERAGE_MONTHS);
    Ok(Ok(AverageAnswer { errcode: 0, average_data: blur_average(monthly) }))
}

impl AverageAnswer {
    /// Calls a month; 50 means 50 or fewer.
    pub(crate) const fn monthly(&self) -> u64 {
        self.average_data
    }
}
