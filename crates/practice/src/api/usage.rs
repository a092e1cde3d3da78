//! Usage: `/wxa/charge/usage/get` and `/wxa/charge/usage/get_recent_average` **W**.

use super::{Answer, ApiError, Call, program_of, respond};
use crate::assumed::{
    AVERAGE_DAYS, AVERAGE_MONTHS, SERVICE_TIME_OF_PACKS, UNKNOWN_SPU_ON_USAGE, blur_average,
    counts_as_effective_use, row_status,
};
use crate::catalogue::{capability_of_spu, tariff, trial_sku};
use crate::platform::Platform;
use crate::store::billing::{self, Accounts};
use crate::store::{Stored, nonsense, programs};
use axum::extract::{Request, State};
use axum::response::Response;
use billing_core::{Capability, LotView, Source, Status};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Connection;
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// Most rows of one page **W**.
const LIMIT_MAX: u64 = 20;

/// `endTime` of the trial: it never ends **W** (observed).
const NEVER: i64 = 4_294_967_295;

/// A 64-bit number: a string on the wire **W**.
#[derive(Debug, Clone, Copy)]
struct Long(u64);

impl Serialize for Long {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Success carries no `errmsg`, as in the official sample **W**.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsageAnswer {
    errcode: i64,
    effective_use: Long,
    effective_all: Long,
    all: Long,
    start_service_time: i64,
    end_service_time: i64,
    total: usize,
    detail_list: Vec<Row>,
}

#[derive(Debug, Serialize)]
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
    source: u8,
}

/// Which rows of which product.
#[derive(Debug, Clone, Copy)]
struct Page {
    capability: Capability,
    offset: u64,
    limit: u64,
}

impl Page {
    fn read(call: &Call) -> Answer<Self> {
        let bad = |name: &str| ApiError::new(10_120_002, format!("invalid parameter: {name}"));
        let number = |name: &str| {
            let digits = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
            let number = call.parameter(name).filter(digits).and_then(|text| text.parse::<u64>().ok());
            number.ok_or_else(|| bad(name))
        };
        let spu = call.parameter("spuId").ok_or_else(|| bad("spuId"))?;
        let unknown = || ApiError::new(UNKNOWN_SPU_ON_USAGE, "invalid parameter: spuId");
        let capability = capability_of_spu(spu).ok_or_else(unknown)?;
        let (offset, limit) = (number("offset")?, number("limit")?);
        if limit > LIMIT_MAX {
            return Err(ApiError::new(10_120_003, "limit is too large, at most 20"));
        }
        if limit == 0 {
            return Err(bad("limit"));
        }
        Ok(Self { capability, offset, limit })
    }
}

/// `GET /wxa/charge/usage/get`
pub(crate) async fn detail(State(platform): State<Arc<Platform>>, request: Request) -> Response {
    respond(&platform, detail_answer(&platform, request).await)
}

async fn detail_answer(platform: &Platform, request: Request) -> Answer<UsageAnswer> {
    let call = Call::read(request).await?;
    call.must_get()?;
    let token = call.token()?;
    let page = Page::read(&call);
    platform
        .read(move |connection, accounts, now| {
            let app_id = match program_of(connection, &token, now)? {
                Ok(app_id) => app_id,
                Err(refused) => return Ok(Err(refused)),
            };
            let Page { capability, offset, limit } = match page {
                Ok(page) => page,
                Err(refused) => return Ok(Err(refused)),
            };
            let mut usage = usage(connection, accounts, &app_id, capability, now)?;
            let skipped = usize::try_from(offset).unwrap_or(usize::MAX).min(usage.detail_list.len());
            usage.detail_list.drain(..skipped);
            usage.detail_list.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            Ok(Ok(usage))
        })
        .await?
}

/// Usage of one product, with every row.
pub(crate) fn usage(
    connection: &Connection,
    accounts: &Accounts,
    app_id: &str,
    capability: Capability,
    now: DateTime<Utc>,
) -> Stored<UsageAnswer> {
    let tariff = tariff(capability).ok_or_else(|| nonsense("no tariff"))?;
    let program = programs::find(connection, app_id)?.ok_or_else(|| nonsense("no mini-program"))?;
    let trial_since = tariff.charging_starts().max(program.created_at);
    let grants = billing::grants(connection, app_id, capability)?;
    let mut lots: Vec<(i64, u64, LotView)> = Vec::new();
    for lot in accounts.get(app_id, capability)?.lots(now) {
        let (granted, sku) = match (lot.source, grants.get(lot.lot.as_str())) {
            (Source::Trial, _) => (0, Some(trial_sku(capability))),
            (Source::Paid | Source::Allocated, Some((seq, sku))) => (*seq, *sku),
            (Source::Paid | Source::Allocated, None) => return Err(nonsense("a lot without event")),
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
            source: lot.source.code(),
        });
    }
    Ok(UsageAnswer {
        errcode: 0,
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
pub(crate) async fn average(State(platform): State<Arc<Platform>>, request: Request) -> Response {
    respond(&platform, average_answer(&platform, request).await)
}

async fn average_answer(platform: &Platform, request: Request) -> Answer<AverageAnswer> {
    let call = Call::read(request).await?;
    call.must_get()?;
    let token = call.token()?;
    let capability = match call.parameter("spuId") {
        None => Err(ApiError::new(10_120_002, "invalid parameter: spuId")),
        Some(spu) => capability_of_spu(spu).ok_or_else(|| ApiError::new(10_120_700, "illegal spuId")),
    };
    platform
        .read(move |connection, _, now| {
            let app_id = match program_of(connection, &token, now)? {
                Ok(app_id) => app_id,
                Err(refused) => return Ok(Err(refused)),
            };
            match capability {
                Ok(capability) => recent_average(connection, &app_id, capability, now),
                Err(refused) => Ok(Err(refused)),
            }
        })
        .await?
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
        return Ok(Err(ApiError::new(10_122_000, "no recent usage data of this product")));
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
