//! Channels are added, tested and removed.

use super::*;

#[tokio::test]
async fn every_kind_of_receiver_gets_its_own_request_and_its_yes_is_understood() {
    let shop = Shop::open(NOON).await;
    for (kind, path, signing, target, answer) in [
        (ChannelKind::Wecom, "/cgi-bin/webhook/send?key=a", None, "/cgi-bin/webhook/send?key=a", SENT),
        (
            ChannelKind::Dingtalk,
            "/robot/send?access_token=a",
            Some("SECthis is secret"),
            // Worked out by Python's `hmac`.
            "/robot/send?access_token=a&timestamp=1773115200000&sign=THdn0x5%2BdRzG4euPFcl2XM7MBbHt7Kfic0JfXTnkwHw%3D",
            SENT,
        ),
        (
            ChannelKind::Feishu,
            "/open-apis/bot/v2/hook/a",
            Some("demo"),
            "/open-apis/bot/v2/hook/a",
            r#"{"code":0,"msg":"success","data":{}}"#,
        ),
        (ChannelKind::Bark, "/device/words", None, "/push", r#"{"code":200,"message":"success"}"#),
        (ChannelKind::Serverchan, "/SCT12345T6.send", None, "/SCT12345T6.send", r#"{"code":0,"message":""}"#),
        (ChannelKind::Webhook, "/a?b=c", None, "/a?b=c", ""),
    ] {
        let receiver = Server::script(vec![ok(answer)]);
        let address = Secret::from(format!("http://{}{path}", receiver.host()));
        let channel = shop.adds_at(kind, address, signing).await.unwrap();
        let view = test_channel(&shop.context, &channel).await.unwrap().channels.remove(0);
        assert_eq!((view.kind, view.label.as_str(), view.on), (kind, "店长群", true));
        assert_eq!(view.last.unwrap().state, MessageState::Sent, "{kind:?}");
        let [request] = &receiver.requests()[..] else { panic!("{kind:?}: one request") };
        assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", target));
        assert_eq!(request.header("content-type"), Some("application/json; charset=utf-8"));
        let body = &request.body;
        assert!(body.contains("测试消息") && body.contains("额度提醒就会发到这里"), "{body}");
        assert_eq!(
            body.contains("q6nAiPMowHOGHY5dqra5iUgveibkWdwZtGEOGhYnsXM="),
            kind == ChannelKind::Feishu
        );
        remove_channel(&shop.context, &channel).await.unwrap();
    }
}

#[tokio::test]
async fn a_test_says_why_it_did_not_arrive() {
    let shop = Shop::open(NOON).await;
    let elsewhere = Server::script(vec![ok(SENT)]);
    let redirect = format!(
        "HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        elsewhere.url()
    );
    for (answer, expected, state) in [
        (
            ok(r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#),
            ErrorCode::ChannelAddressRefused,
            MessageState::Refused,
        ),
        (
            ok(r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#),
            ErrorCode::ChannelLimited,
            MessageState::Refused,
        ),
        (Answer::Bytes(redirect.into_bytes()), ErrorCode::ChannelRedirects, MessageState::Refused),
        (ok("<html>please sign in</html>"), ErrorCode::ChannelUnclear, MessageState::Unclear),
        (status("502 Bad Gateway", ""), ErrorCode::ChannelUnclear, MessageState::Unclear),
        (Answer::Reset, ErrorCode::ChannelUnclear, MessageState::Unclear),
    ] {
        let receiver = Server::script(vec![answer]);
        let channel = shop.has_robot(&receiver).await;
        assert_eq!(code(test_channel(&shop.context, &channel).await), expected);
        let last = shop.view().await.last.unwrap();
        assert_eq!((last.state, last.problem.map(|problem| problem.code)), (state, Some(expected)));
        assert_eq!(receiver.requests().len(), 1, "{expected:?}");
        remove_channel(&shop.context, &channel).await.unwrap();
    }
    assert_eq!(elsewhere.requests().len(), 0, "a redirect is not followed");
    let nobody = Nobody::default();
    let address = Secret::from(format!("{}cgi-bin/webhook/send?key=a", nobody.url));
    let channel = shop.adds_at(ChannelKind::Wecom, address, None).await.unwrap();
    assert_eq!(code(test_channel(&shop.context, &channel).await), ErrorCode::Unreachable);
}

#[tokio::test]
async fn a_channel_without_its_address_says_so() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&receiver).await;
    shop.context.remove_secret(SecretName::of_channel(&channel)).await.unwrap();
    assert_eq!(code(test_channel(&shop.context, &channel).await), ErrorCode::ChannelSecretGone);
    shop.raises(1).await;
    shop.is(MessageState::Refused).await;
    assert_eq!(shop.view().await.last.unwrap().problem.unwrap().code, ErrorCode::ChannelSecretGone);
    assert_eq!(receiver.requests().len(), 0);
}

#[tokio::test]
async fn tests_too_stay_below_the_limit_of_a_minute() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let channel = shop.has_robot(&receiver).await;
    for _ in 0..15 {
        test_channel(&shop.context, &channel).await.unwrap();
    }
    assert_eq!(code(test_channel(&shop.context, &channel).await), ErrorCode::ChannelLimited);
    assert_eq!(receiver.requests().len(), 15);
    shop.time.pass(TimeDelta::seconds(61));
    test_channel(&shop.context, &channel).await.unwrap();
}

#[tokio::test]
async fn a_removed_channel_leaves_nothing_in_the_keyring_and_its_key_was_in_no_file() {
    let receiver = Server::script(vec![ok(SENT)]);
    let shop = Shop::open(NOON).await;
    let address = Secret::from(format!("http://{}/robot/send?access_token=planted-key", receiver.host()));
    let channel = shop.adds_at(ChannelKind::Dingtalk, address.duplicate(), Some("SECplanted")).await.unwrap();
    assert_eq!(shop.secrets.names(), [SecretName::of_channel(&channel)]);
    assert_eq!(
        shop.adds_at(ChannelKind::Dingtalk, address, None).await.unwrap_err().code(),
        ErrorCode::ChannelTwice
    );
    shop.raises(1).await;
    shop.is(MessageState::Sent).await;
    shop.raises(1).await;
    assert_eq!(files_with(shop.home.path(), &["planted"]), [""; 0]);
    // As long as the keyring is locked, the channel is there.
    shop.secrets.fail(Some(Failure::Always(SecretError::Locked)));
    assert_eq!(code(remove_channel(&shop.context, &channel).await), ErrorCode::KeyringLocked);
    assert_eq!(get_channels(&shop.context).await.unwrap().channels.len(), 1);
    shop.secrets.fail(None);
    assert_eq!(remove_channel(&shop.context, &channel).await.unwrap().channels, []);
    assert!(shop.secrets.names().is_empty());
    shop.rests(&channel).await;
    shop.time.pass(TimeDelta::minutes(5));
    shop.raises(1).await;
    assert_eq!(receiver.requests().len(), 1);
}

#[tokio::test]
async fn one_receiver_is_not_added_twice_however_its_address_was_copied() {
    let shop = Shop::open(NOON).await;
    for (kind, address, again) in [
        (ChannelKind::Bark, "https://api.day.app/key/words", "https://api.day.app/key"),
        (ChannelKind::Serverchan, "SCT12345T6", " https://sctapi.ftqq.com/SCT12345T6.send"),
        (ChannelKind::Webhook, "https://hooks.example.com/a", "https://hooks.example.com/a#b"),
    ] {
        shop.adds_at(kind, Secret::from(address), None).await.unwrap();
        let refused = shop.adds_at(kind, Secret::from(again), None).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::ChannelTwice, "{again}");
    }
    shop.adds_at(ChannelKind::Bark, Secret::from("https://api.day.app/other"), None).await.unwrap();
    assert_eq!(get_channels(&shop.context).await.unwrap().channels.len(), 4);
}

#[tokio::test]
async fn a_channel_whose_address_cannot_be_stored_is_not_added() {
    let shop = Shop::open(NOON).await;
    let address = || Secret::from("https://hooks.example.com/a");
    shop.secrets.fail(Some(Failure::Always(SecretError::Absent)));
    let refused = shop.adds_at(ChannelKind::Webhook, address(), None).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::KeyringAbsent);
    assert_eq!(get_channels(&shop.context).await.unwrap().channels, []);
    shop.secrets.fail(None);
    let wrong = shop.adds_at(ChannelKind::Wecom, address(), None).await.unwrap_err();
    assert_eq!(wrong.code(), ErrorCode::ChannelHostWrong);
    assert!(shop.secrets.names().is_empty());
}
