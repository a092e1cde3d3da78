//! "Remind me again on that day."

use std::time::Duration;

use companion::Companion;
use companion::api::{Advice, AlertView, Day, ErrorCode};
use testkit::code;
use testkit::world::World;

async fn reminded(companion: &Companion, account: &str) -> Option<Day> {
    let alerts = companion.get_overview(account).await.unwrap().alerts;
    alerts.into_iter().find_map(|alert| match alert {
        AlertView::Reminder { day } => Some(day),
        _ => None,
    })
}

#[tokio::test]
async fn a_reminder_waits_for_its_day_across_restarts_and_can_be_taken_back() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    let Some(Advice::BuyNothing { look_again, .. }) = companion.get_overview(&account).await.unwrap().advice
    else {
        panic!("there is nothing to buy yet")
    };
    let (look_again, text) = (Some(look_again), look_again.to_string());
    let text = text.as_str();
    let asked = companion.set_reminder(&account, Some(text.into())).await.unwrap();
    assert_eq!(asked.reminder, look_again);
    assert_eq!(reminded(&companion, &account).await, None);
    companion.close().await;

    let companion = world.open().await;
    let kept = companion.get_overview(&account).await.unwrap().reminder;
    assert_eq!(kept, look_again);
    world.practice.advance(Duration::from_hours(24 * 200)).await.unwrap();
    assert_eq!(reminded(&companion, &account).await, look_again);
    assert_eq!(companion.get_overview(&account).await.unwrap().reminder, None);

    companion.set_reminder(&account, None).await.unwrap();
    assert_eq!(reminded(&companion, &account).await, None);
    // The way back from that.
    companion.set_reminder(&account, Some(text.into())).await.unwrap();
    assert_eq!(reminded(&companion, &account).await, look_again);
}

#[tokio::test]
async fn what_is_no_day_is_refused_and_leaves_the_reminder() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    companion.set_reminder(&account, Some("2999-01-01".into())).await.unwrap();
    for wrong in ["", "tomorrow", "2027-02-30"] {
        let refused = companion.set_reminder(&account, Some(wrong.into())).await;
        assert_eq!(code(refused), ErrorCode::FiguresInvalid, "{wrong}");
    }
    assert_eq!(companion.get_overview(&account).await.unwrap().reminder.unwrap(), "2999-01-01");
    assert_eq!(code(companion.set_reminder("nobody", None).await), ErrorCode::NotFound);
}
