//! A crossing is one message, whatever happens to the process.

use super::*;

#[tokio::test]
async fn a_crossing_is_one_message_also_when_the_process_dies_before_it_is_sent() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&receiver).await;
    // Time does not pass: what is to be sent in a moment is not sent yet.
    shop.raises(1).await;
    let shop = shop.killed().await;
    assert_eq!((receiver.requests().len(), shop.view().await.waiting), (0, 1));
    shop.is(MessageState::Sent).await;
    let shop = shop.killed().await;
    shop.time.pass(TimeDelta::days(3));
    shop.rests(&channel).await;
    let [request] = &receiver.requests()[..] else { panic!("sent once") };
    assert_eq!(content(request), "验号管家：晋味小馆\n额度用完了");
    assert_eq!(shop.view().await.waiting, 0);
}

#[tokio::test]
async fn what_may_have_arrived_before_the_process_died_is_not_sent_again() {
    let receiver =
        Server::start(|_, before| if before == 0 { Answer::ThenSilence(Vec::new()) } else { ok(SENT) });
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&receiver).await;
    shop.raises(1).await;
    shop.in_time("the request came", || async { receiver.requests().len() == 1 }).await;
    let shop = shop.killed().await;
    let last = shop.view().await.last.unwrap();
    assert_eq!((last.state, last.problem.unwrap().code), (MessageState::Unclear, ErrorCode::ChannelUnclear));
    shop.time.pass(TimeDelta::hours(2));
    shop.rests(&channel).await;
    assert_eq!(receiver.requests().len(), 1);
    // What is raised later is another matter.
    shop.raises(1).await;
    shop.is(MessageState::Sent).await;
    assert_eq!(receiver.requests().len(), 2);
}

#[tokio::test]
async fn ten_thousand_alerts_at_once_are_one_message() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&receiver).await;
    shop.raises(10_000).await;
    assert_eq!(shop.view().await.waiting, 10_000);
    shop.is(MessageState::Sent).await;
    shop.rests(&channel).await;
    let [request] = &receiver.requests()[..] else { panic!("one message") };
    let said = content(request);
    assert!(said.len() <= 2_048, "{}", said.len());
    assert!(said.starts_with("验号管家：10000 条新提醒\n晋味小馆：额度用完了\n"), "{said}");
    assert!(said.ends_with("另有 9988 条，打开验号管家查看"), "{said}");
}

#[tokio::test]
async fn a_message_speaks_the_language_of_the_shop() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    shop.has_robot(&receiver).await;
    shop.context.store.ledger(|db| settings::set(db, Setting::Language, Language::En)).await.unwrap();
    shop.raises(1).await;
    shop.is(MessageState::Sent).await;
    assert_eq!(content(&receiver.requests()[0]), "Merchant Companion: 晋味小馆\nThe quota is used up");
}

/// What was raised while a message was under way waits in another one; when the first comes back undelivered, both are one.
#[tokio::test]
async fn a_message_that_comes_back_takes_up_what_was_raised_meanwhile() {
    let shop = Shop::open(NOON).await;
    let receiver = Server::script(vec![ok(SENT)]);
    let channel = shop.has_robot(&receiver).await;
    shop.raises(1).await;
    let context = shop.context.clone();
    let at = shop.time.now();
    let write = shop.context.store.ledger(move |db| {
        let first = channels::waiting(db, &channel)?.unwrap();
        assert!(channels::begin(db, &first.id, at)?);
        assert!(!channels::begin(db, &first.id, at)?, "once");
        let id = context.new_id();
        inbox::add(db, &id, "shop", &Alert::RunsOutSoon { in_days: 3 }, at)?;
        channels::queue(db, &[id], at, || context.new_id())?;
        assert_ne!(channels::waiting(db, &channel)?.unwrap().id, first.id);
        channels::hold(db, &first.id, None, Problem { code: ErrorCode::Unreachable, errcode: None })?;
        let waiting = channels::waiting(db, &channel)?.unwrap();
        assert_eq!(waiting.id, first.id);
        channels::alerts(db, &waiting.id)
    });
    assert_eq!(write.await.unwrap().len(), 2);
}
