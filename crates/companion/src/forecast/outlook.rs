//! What lies ahead: when the quota runs out, what will be wasted, when a lot is used first. `billing-core` decides.

use std::sync::Arc;
use std::time::{Duration, Instant};

use billing_core::forecast::{self, Campaign, Fitted, Forecast, ForecastInput, History, Method};
use billing_core::recommend::HORIZON_DAYS;
use billing_core::stock::{Course, EndedBy, RemainingLot, RunOut};
use billing_core::time::beijing_day;
use chrono::{DateTime, NaiveDate, Utc};

use crate::api::{Day, ForecastMethod, MonthlyVolume, Origin, Reading, RunOutView, Tag};
use crate::context::{Context, JobKey};
use crate::error::Error;
use crate::forecast::stock::{Volume, open_lots, remaining_from};
use crate::infra::backoff::Backoff;
use crate::infra::blocking::run_blocking;
use crate::infra::jobs::Attempt;
use crate::snapshot::{AccountSnapshot, read_at};
use crate::store::outlooks::{self, FoundOutlook, LotOutlook, StoredOutlook};
use crate::store::readings::Lot;
use crate::usage::counted::history_from;
use crate::usage::history::Past;

/// A run-out further away than this is shown as "not within two years".
pub(crate) const SHOWN_DAYS_MAX: usize = 730;

/// What can be said about the days ahead.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outlook {
    found: Option<FoundOutlook>,
    read_at: Option<DateTime<Utc>>,
}

impl Outlook {
    pub(crate) fn new(stored: Option<StoredOutlook>, read_at: Option<DateTime<Utc>>) -> Self {
        Self { found: stored.and_then(|stored| stored.found), read_at }
    }

    pub(crate) fn run_out(&self) -> Option<Reading<RunOutView>> {
        let found = self.found.as_ref()?;
        let view = RunOutView {
            earliest: found.earliest.map(Day),
            likely: found.likely.map(Day),
            latest: found.latest.map(Day),
            by_expiry: found.by_expiry,
            method: found.method,
            known_days: found.known_days,
        };
        Some(Reading::new(view, Origin::Estimated, self.read_at?))
    }

    /// The same for the billing core; nothing where nothing can be said.
    pub(crate) fn dates(&self) -> Option<RunOut> {
        let found = self.found.as_ref()?;
        Some(RunOut { earliest: found.earliest, likely: found.likely, latest: found.latest })
    }

    /// What brings the likely date.
    pub(crate) fn ended_by(&self) -> EndedBy {
        let by_expiry = self.found.as_ref().is_some_and(|found| found.by_expiry);
        if by_expiry { EndedBy::Expiry } else { EndedBy::Use }
    }

    /// Calls of an average month of the year ahead.
    pub(crate) fn monthly(&self) -> Option<MonthlyVolume> {
        let found = self.found.as_ref()?;
        Some(MonthlyVolume { calls: found.monthly?, is_estimate: found.monthly_is_estimate })
    }

    /// Calls that the day of the reading hardly ever exceeds.
    pub(crate) fn hardly_exceeded(&self) -> Option<u64> {
        self.found.as_ref()?.hardly_exceeded
    }

    /// Calls of a lot that will expire unused.
    pub(crate) fn wasted(&self, lot: &str) -> Option<u64> {
        self.lot(lot)?.wasted
    }

    /// The earliest day on which a lot is likely to be used first.
    pub(crate) fn first_use(&self, lot: &str) -> Option<NaiveDate> {
        self.lot(lot)?.first_use
    }

    fn lot(&self, lot: &str) -> Option<&LotOutlook> {
        self.found.as_ref()?.lots.iter().find(|one| one.id == lot)
    }
}

/// What lies ahead of an account; worked out when it is not known yet for the present readings.
pub(crate) async fn outlook(context: &Context, known: &AccountSnapshot) -> Result<Outlook, Error> {
    let Some(basis) = basis(known) else { return Ok(Outlook::default()) };
    let stored = match known.outlook.as_ref().filter(|stored| stored.basis == basis) {
        Some(stored) => stored.clone(),
        None => find_outlook(context, known, basis).await?,
    };
    Ok(Outlook::new(Some(stored), read_at(known)))
}

/// Works an outlook out and keeps it.
pub(crate) async fn find_outlook(
    context: &Context,
    known: &AccountSnapshot,
    basis: String,
) -> Result<StoredOutlook, Error> {
    // A page, the look ahead and the alerts want it at once after a reading: the first of them works it out for all.
    let _turn = context.lock_for(&format!("outlook:{}", known.account.id)).await;
    let (latest, past) = context.snapshot_and_past(&known.account.id).await?;
    if let Some(stored) = latest.outlook.filter(|stored| stored.basis == basis) {
        return Ok(stored);
    }
    let problem = Problem::of(known, &past);
    let found = run_blocking(move || problem.map(Problem::solve)).await?;
    let stored = StoredOutlook { basis, found };
    let (id, saved) = (known.account.id.clone(), stored.clone());
    let saving = context.store.cache(move |db| outlooks::save(db, &id, &saved)).await;
    if let Err(error) = saving {
        // It can be worked out again: a full disk takes no page away.
        tracing::warn!(%error, "what lies ahead was not stored");
    }
    Ok(stored)
}

/// How often the pages hear of dates that were worked out.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// Works out in the background what lies ahead of every account that was read again, one after the other. One run at a
/// time: who asks meanwhile gets another run after it.
pub(crate) fn look_ahead_in_background(context: &Context) {
    let now = context.setup.clock.now();
    let backoff = Backoff::since(now, Arc::clone(&context.setup.clock));
    context.start_job(JobKey::Outlooks, backoff, |context| async move {
        match look_ahead(&context).await {
            Ok(()) => context.changed_everywhere(&[Tag::Outlooks]),
            // Not repeated, and no page asks again: it would only fail again.
            Err(error) => drop(context.report(&error)),
        }
        Attempt::Done
    });
}

async fn look_ahead(context: &Context) -> Result<(), Error> {
    let mut announced = Instant::now();
    for known in context.snapshots().await?.into_iter().filter(is_outdated) {
        let Some(basis) = basis(&known) else { continue };
        find_outlook(context, &known, basis).await?;
        if announced.elapsed() > TELL_EVERY {
            context.changed_everywhere(&[Tag::Outlooks]);
            announced = Instant::now();
        }
    }
    Ok(())
}

/// What an outlook rests on: the day it starts on, what was left on it, the count of sign-ups, and the guess that stands in
/// for an average. A reading that shows nothing new leaves it as it is, and so does the present instant.
pub(crate) fn basis(known: &AccountSnapshot) -> Option<String> {
    let day = beijing_day(read_at(known)?);
    let usage = Volume::known(known).map(|volume| volume.usage);
    let lots = remaining_from(known, read_at(known)?)?;
    let untouched: Vec<bool> = open_lots(known).map(|lot| lot.used == 0).collect();
    let ids: Vec<&str> = open_lots(known).map(|lot| lot.id.as_str()).collect();
    let counted_at = known.counted_at;
    // The first word changes with the way outlooks are worked out.
    Some(format!("sign-ups {day} {usage:?} {counted_at:?} {lots:?} {ids:?} {untouched:?}"))
}

/// Whether the dates rest on older figures than those that are known, or there are no dates yet.
pub(crate) fn is_outdated(known: &AccountSnapshot) -> bool {
    let outlook = known.outlook.as_ref();
    let wanted = known.account.archived_at.is_none() && !known.is_free();
    wanted && basis(known).is_some_and(|basis| outlook.is_none_or(|outlook| outlook.basis != basis))
}

/// What the shop imagines instead of what is known, or on top of it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Imagined {
    /// Instead of all that is known of its usage.
    pub(crate) volume: Option<Volume>,
    pub(crate) campaign: Option<Campaign>,
}

/// A fitted model, and where it starts.
pub(crate) struct Ahead {
    pub(crate) fitted: Fitted,
    pub(crate) method: ForecastMethod,
    /// Days of usage that are known.
    pub(crate) known_days: u32,
    /// The volume that was stated, where it decides: WeChat's "50 or fewer" is none, nor is its average where days were
    /// seen.
    stated: Option<Volume>,
}

impl Ahead {
    /// Calls of an average month of the year ahead: as they were stated, else as they are forecast.
    pub(crate) fn monthly(&self, forecast: &Forecast) -> MonthlyVolume {
        let year: u64 = forecast.likely_days().iter().take(HORIZON_DAYS).sum();
        MonthlyVolume {
            calls: self.stated.map_or_else(|| year.saturating_add(6) / 12, |volume| volume.calls().get()),
            is_estimate: !rests_on_days(self.method) && self.stated.is_none_or(|volume| volume.is_estimate),
        }
    }
}

/// Whether a forecast rests on days whose usage was seen.
fn rests_on_days(method: ForecastMethod) -> bool {
    matches!(method, ForecastMethod::SignUps | ForecastMethod::FewDays | ForecastMethod::WeekdayLevel)
}

/// Fits what is known of an account's usage; nothing while nothing is.
pub(crate) fn ahead(known: &AccountSnapshot, past: &Past, horizon: usize) -> Option<Ahead> {
    ahead_if(known, past, horizon, &Imagined::default())
}

/// The same, with what the shop imagines.
pub(crate) fn ahead_if(
    known: &AccountSnapshot,
    past: &Past,
    horizon: usize,
    imagined: &Imagined,
) -> Option<Ahead> {
    let today = beijing_day(read_at(known)?);
    let own = past.history().filter(|_| imagined.volume.is_none());
    let counted = imagined.volume.is_none().then(|| {
        let average = known.figures.as_ref().and_then(|figures| figures.average);
        let plain = average.filter(|(_, at_most)| !at_most).map(|(calls, _)| calls);
        history_from(&past.counted, own.as_ref(), today, plain)
    });
    let counted = counted.flatten();
    let is_counted = counted.is_some();
    let history = counted.or(own).map(|history| history.followed_until(today));
    let volume = imagined.volume.or_else(|| Volume::known(known));
    let known_days = history.as_ref().map(History::known_days).unwrap_or_default();
    let input = ForecastInput {
        history: history.unwrap_or_else(|| History::none(today)),
        monthly_average: volume.map(|volume| volume.usage),
        horizon,
        closed: past.days_without_calls(),
        campaigns: imagined.campaign.into_iter().collect(),
    };
    // Refused while there is neither a day nor an average.
    let fitted = forecast::fit(&input).ok()?;
    let method = match fitted.method() {
        Method::MonthlyAverage if volume.is_some_and(|volume| volume.is_estimate) => ForecastMethod::Guess,
        Method::MonthlyAverage => ForecastMethod::MonthlyAverage,
        Method::MonthlyAtMost => ForecastMethod::MonthlyAtMost,
        Method::FewDays | Method::WeekdayLevel if is_counted => ForecastMethod::SignUps,
        Method::FewDays => ForecastMethod::FewDays,
        Method::WeekdayLevel => ForecastMethod::WeekdayLevel,
    };
    let stated = volume.filter(|_| !rests_on_days(method) && method != ForecastMethod::MonthlyAtMost);
    Some(Ahead { fitted, method, known_days: u32::try_from(known_days).unwrap_or(u32::MAX), stated })
}

/// Everything an outlook is worked out from.
struct Problem {
    ahead: Ahead,
    today: NaiveDate,
    /// In the order of consumption.
    lots: Vec<RemainingLot>,
    /// Their ids, and whether nothing of them was used; none where only a sum is known.
    ids: Vec<(String, bool)>,
}

impl Problem {
    fn of(known: &AccountSnapshot, past: &Past) -> Option<Self> {
        let read_at = read_at(known)?;
        let lots = remaining_from(known, read_at)?;
        // A pack bought today may be refundable for a week, and dates are shown for two years.
        let ids = open_lots(known).map(|lot: &Lot| (lot.id.clone(), lot.used == 0)).collect();
        Some(Self { ahead: ahead(known, past, SHOWN_DAYS_MAX)?, today: beijing_day(read_at), lots, ids })
    }

    fn solve(self) -> FoundOutlook {
        let Self { ahead, today, lots, ids } = self;
        let forecast = ahead.fitted.forecast();
        let run_out = forecast::run_out(&forecast, &lots);
        // On the same likely way as the likely date, so that the two never contradict each other.
        let Course { ends, wasted } = forecast::likely_course(&forecast, &lots);
        let monthly = ahead.monthly(&forecast);
        let of_lots = (0_usize..).zip(ids).map(|(index, (id, untouched))| {
            // It is used first when those before it are.
            let first_use = || match index {
                0 => Some(today),
                index => forecast::run_out(&forecast, lots.get(..index)?).earliest,
            };
            LotOutlook {
                id,
                wasted: wasted.get(index).copied().flatten(),
                first_use: untouched.then(first_use).flatten(),
            }
        });
        FoundOutlook {
            method: ahead.method,
            known_days: ahead.known_days,
            earliest: run_out.earliest,
            likely: run_out.likely,
            latest: run_out.latest,
            by_expiry: ends.is_some_and(|(_, by)| by == EndedBy::Expiry),
            monthly: Some(monthly.calls),
            monthly_is_estimate: monthly.is_estimate,
            hardly_exceeded: ahead.fitted.hardly_exceeded().filter(|_| rests_on_days(ahead.method)),
            lots: of_lots.collect(),
        }
    }
}
