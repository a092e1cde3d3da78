//! What holds a message up, and what becomes of it.

use super::*;

#[tokio::test]
async fn quiet_hours_over_midnight_are_waited_for_and_what_comes_meanwhile_joins() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open("2026-03-10T22:00:00+08:00").await;
    let channel = shop.has_robot(&receiver).await;
    shop.is_quiet(22, 8).await;
    for hours in [1, 2, 3, 3] {
        shop.raises(1).await;
        shop.time.pass(TimeDelta::seconds(5));
        shop.rests(&channel).await;
        shop.time.pass(TimeDelta::hours(hours));
        send_in_background(&shop.context).await.unwrap();
    }
    // 07:00 and some seconds.
    shop.rests(&channel).await;
    assert_eq!((receiver.requests().len(), shop.view().await.waiting), (0, 4));
    // Anybody may be woken by a button pressed on purpose.
    test_channel(&shop.context, &channel).await.unwrap();
    shop.time.pass(TimeDelta::hours(1));
    send_in_background(&shop.context).await.unwrap();
    shop.in_time("it is said", || async { receiver.requests().len() == 2 }).await;
    assert!(content(&receiver.requests()[1]).starts_with("验号管家：4 条新提醒"));
}

#[tokio::test]
async fn a_limit_is_waited_for_and_then_everything_is_one_message() {
    let limited = r#"{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}"#;
    let shop = Shop::open(NOON).await;
    let (times, time) = (Arc::new(Mutex::new(Vec::new())), shop.time.clone());
    let receiver = {
        let times = Arc::clone(&times);
        Server::start(move |_, before| {
            times.lock().unwrap().push(time.now());
            ok(if before == 0 { limited } else { SENT })
        })
    };
    let channel = shop.adds(ChannelKind::Dingtalk, "/robot/send?access_token=a", &receiver).await;
    shop.raises(1).await;
    shop.in_time("the limit was met", || async { shop.view().await.held.is_some() }).await;
    let held = shop.view().await.held.unwrap();
    assert_eq!((held.code, held.params["errcode"].as_str()), (ErrorCode::ChannelLimited, "130101"));
    // That more is raised meanwhile makes nothing sooner.
    shop.raises(1).await;
    shop.time.pass(TimeDelta::minutes(9));
    shop.is(MessageState::Sent).await;
    shop.rests(&channel).await;
    let times = times.lock().unwrap().clone();
    assert_eq!(times.len(), 2);
    assert!(times[1] - times[0] >= TimeDelta::minutes(10), "{times:?}");
    assert!(content(&receiver.requests()[1]).starts_with("验号管家：2 条新提醒"));
}

#[tokio::test]
async fn messages_of_one_channel_are_a_minute_apart_and_those_of_another_are_their_own() {
    let shop = Shop::open(NOON).await;
    let receiver = Server::script(vec![ok(SENT)]);
    let broken = Server::script(vec![ok(r#"{"errcode":93000}"#)]);
    shop.has_robot(&receiver).await;
    shop.has_robot(&broken).await;
    let mut times = Vec::new();
    for round in 1..=2 {
        shop.raises(1).await;
        let both = || async {
            let channels = get_channels(&shop.context).await.unwrap().channels;
            let settled = channels.iter().all(|channel| {
                channel.last.as_ref().is_some_and(|last| {
                    matches!(last.state, MessageState::Sent | MessageState::Refused) && channel.waiting == 0
                })
            });
            settled && receiver.requests().len() + broken.requests().len() == 2 * round
        };
        shop.in_time("both", both).await;
        times.push(shop.view().await.last.unwrap().at.0);
    }
    assert!(times[1] - times[0] >= TimeDelta::minutes(1), "{times:?}");
    assert_eq!((receiver.requests().len(), broken.requests().len()), (2, 2));
}

#[tokio::test]
async fn what_cannot_be_sent_waits_for_a_day_and_then_stays_in_the_inbox() {
    let nobody = Nobody::default();
    let shop = Shop::open(NOON).await;
    let address = Secret::from(format!("{}a", nobody.url));
    let channel = shop.adds_at(ChannelKind::Webhook, address, None).await.unwrap();
    shop.raises(1).await;
    shop.in_time("it was met", || async { shop.view().await.held.is_some() }).await;
    assert_eq!(shop.view().await.held.unwrap().code, ErrorCode::Unreachable);
    shop.time.pass(TimeDelta::hours(25));
    shop.is(MessageState::GivenUp).await;
    shop.rests(&channel).await;
    let view = shop.view().await;
    assert_eq!((view.waiting, view.held), (0, None));
    assert_eq!(view.last.unwrap().problem.unwrap().code, ErrorCode::Unreachable);
    let unread = shop.context.store.ledger(|db| inbox::unread(db)).await.unwrap();
    assert_eq!(unread, 1);
}

#[tokio::test]
async fn a_locked_keyring_holds_a_message_up_and_loses_nothing() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&receiver).await;
    shop.secrets.fail(Some(Failure::Always(SecretError::Locked)));
    shop.raises(1).await;
    shop.time.pass(TimeDelta::seconds(30));
    assert_eq!(code(test_channel(&shop.context, &channel).await), ErrorCode::KeyringLocked);
    assert_eq!((receiver.requests().len(), shop.view().await.waiting), (0, 1));
    shop.secrets.fail(None);
    shop.is(MessageState::Sent).await;
    assert_eq!(receiver.requests().len(), 1);
}

#[tokio::test]
async fn a_month_has_its_allowance() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&receiver).await;
    let (id, at) = (channel.clone(), shop.time.now() - TimeDelta::days(2));
    let write = shop.context.store.ledger(move |db| {
        for number in 0..MONTHLY {
            let message = number.to_string();
            channels::begin_test(db, &message, &id, at)?;
            channels::finish(db, &message, MessageState::Sent, None)?;
        }
        Ok(())
    });
    write.await.unwrap();
    let refused = test_channel(&shop.context, &channel).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ChannelUsedUp);
    assert_eq!(refused.retry(), Retry::Later(parse_instant("2026-04-01T00:00:00+08:00").unwrap().into()));
    shop.raises(1).await;
    shop.in_time("it is held", || async { shop.view().await.held.is_some() }).await;
    assert_eq!(shop.view().await.held.unwrap().code, ErrorCode::ChannelUsedUp);
    assert_eq!(receiver.requests().len(), 0);
}

#[tokio::test]
async fn what_was_read_or_switched_off_meanwhile_is_not_sent() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&receiver).await;
    shop.raises(3).await;
    let at = shop.time.now();
    shop.context.store.ledger(move |db| inbox::mark_read(db, None, at)).await.unwrap();
    shop.rests(&channel).await;
    shop.raises(1).await;
    switch_channel(&shop.context, &channel, false).await.unwrap();
    shop.rests(&channel).await;
    let view = switch_channel(&shop.context, &channel, true).await.unwrap().channels.remove(0);
    assert_eq!((view.waiting, view.on, view.last), (0, true, None));
    shop.time.pass(TimeDelta::minutes(5));
    shop.raises(1).await;
    shop.is(MessageState::Sent).await;
    assert_eq!(receiver.requests().len(), 1);
}
