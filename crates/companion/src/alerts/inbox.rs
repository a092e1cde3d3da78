//! The inbox: every alert that was raised, and which of them the system is still to show.

use billing_core::alert::Alert;
use billing_core::time::beijing_hour;

use crate::api::{Day, InboxAlert, InboxItemView, InboxView, Instant, NoticeView, Tag};
use crate::context::Context;
use crate::error::Error;
use crate::store::inbox::{self, Raised};
use crate::store::settings::quiet_hours;

/// More are not on the page; nobody reads them.
const SHOWN: u32 = 200;
/// More at once become one notice.
const APART: usize = 3;

/// The newest alerts, and how many were not read.
pub(crate) async fn get_inbox(context: &Context) -> Result<InboxView, Error> {
    let read = context.store.ledger(|db| Ok((inbox::newest(db, SHOWN)?, inbox::unread(db)?)));
    let (raised, unread) = read.await?;
    Ok(InboxView { items: raised.iter().filter_map(item_view).collect(), unread })
}

/// Marks one alert as read; without an id, all of them.
pub(crate) async fn mark_inbox_read(context: &Context, id: Option<String>) -> Result<InboxView, Error> {
    let now = context.setup.clock.now();
    context.store.ledger(move |db| inbox::mark_read(db, id.as_deref(), now)).await?;
    context.changed_everywhere(&[Tag::Inbox]);
    get_inbox(context).await
}

/// What the system is to show now: each alert once, whatever happens to the notice. Nothing during quiet hours.
pub(crate) async fn take_notices(context: &Context) -> Result<Vec<NoticeView>, Error> {
    let now = context.setup.clock.now();
    let taken = context.store.ledger(move |db| {
        let is_quiet = quiet_hours(db)?.is_some_and(|quiet| quiet.contains(beijing_hour(now)));
        if is_quiet { Ok(Vec::new()) } else { inbox::take_new(db, now) }
    });
    Ok(notices(&taken.await?))
}

/// Whether it is a quiet hour.
pub(crate) async fn is_quiet(context: &Context) -> Result<bool, Error> {
    let hour = beijing_hour(context.setup.clock.now());
    let quiet = context.store.ledger(|db| quiet_hours(db)).await?;
    Ok(quiet.is_some_and(|quiet| quiet.contains(hour)))
}

fn notices(raised: &[Raised]) -> Vec<NoticeView> {
    if raised.len() > APART {
        return vec![NoticeView::Digest { count: u32::try_from(raised.len()).unwrap_or(u32::MAX) }];
    }
    raised.iter().filter_map(item_view).map(NoticeView::Alert).collect()
}

fn item_view(raised: &Raised) -> Option<InboxItemView> {
    Some(InboxItemView {
        id: raised.id.clone(),
        account: raised.account.clone(),
        account_name: raised.account_name.clone(),
        environment: raised.environment,
        alert: alert_view(&raised.alert)?,
        raised_at: Instant(raised.at),
        read: raised.read_at.is_some(),
    })
}

/// The alert in the words of the page. Lots are observed by the day on which they end.
fn alert_view(alert: &Alert) -> Option<InboxAlert> {
    Some(match alert {
        Alert::PercentLeft { percent, remaining } => {
            InboxAlert::QuotaLow { percent: u32::from(*percent), remaining: remaining.get() }
        }
        Alert::EndsSoon { lot, days, remaining } => InboxAlert::EndsSoon {
            day: Day(lot.parse().ok()?),
            days: u32::from(*days),
            calls: remaining.get(),
        },
        Alert::RunsOutSoon { in_days } => InboxAlert::RunsOutSoon { days: *in_days },
        Alert::WillExpire { lot, calls } => {
            InboxAlert::WillExpire { day: Day(lot.parse().ok()?), calls: calls.get() }
        }
        Alert::Guarded { act, dry_run, remaining } => {
            InboxAlert::Guarded { act: (*act).into(), dry_run: *dry_run, remaining: *remaining }
        }
        Alert::GuardStuck { remaining } => InboxAlert::GuardStuck { remaining: *remaining },
        Alert::UsageHigh { calls, expected } => InboxAlert::UsageHigh { calls: *calls, expected: *expected },
    })
}

#[cfg(test)]
mod tests {
    use billing_core::time::parse_instant;

    use super::*;
    use crate::api::Environment;

    fn raised(number: u32) -> Raised {
        Raised {
            id: number.to_string(),
            account: "a".to_owned(),
            account_name: "晋味小馆".to_owned(),
            environment: Environment::Live,
            alert: Alert::RunsOutSoon { in_days: number },
            at: parse_instant("2026-03-10T12:00:00+08:00").unwrap(),
            read_at: None,
        }
    }

    #[test]
    fn several_at_once_become_one_notice() {
        let all: Vec<_> = (0..10_000).map(raised).collect();
        assert_eq!(notices(&all[..0]), []);
        assert_eq!(notices(&all[..3]).len(), 3);
        assert_eq!(notices(&all[..4]), [NoticeView::Digest { count: 4 }]);
        assert_eq!(notices(&all), [NoticeView::Digest { count: 10_000 }]);
    }
}
