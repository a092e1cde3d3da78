//! Channels of every sort, as the settings show them. Their receivers are on this computer.

use serde_json::{Value, json};
use testkit::server::{Server, ok};

use crate::stage::Stage;

const QUESTIONS: [&str; 2] = ["get_channels", "get_hosts"];

async fn scene(stage: &mut Stage, name: &str) {
    let questions = QUESTIONS.map(|command| (command, json!({})));
    stage.scene_with(name, &questions).await;
}

/// A channel that a person adds; its id.
async fn adds(stage: &mut Stage, kind: &str, label: &str, address: String) -> Value {
    let args = json!({ "kind": kind, "label": label, "address": address, "signing": null });
    let view = stage.act("add_channel", args).await;
    view["channels"].as_array().unwrap().last().unwrap()["id"].clone()
}

#[tokio::test]
async fn two_channels_and_what_is_done_with_them() {
    let mut stage = Stage::with_programs(0, Some(1)).await;
    scene(&mut stage, "channels.none").await;
    let robot = Server::script(vec![ok(r#"{"errcode":0,"errmsg":"ok"}"#)]);
    let strict = Server::script(vec![ok(r#"{"errcode":310000,"errmsg":"keywords not in content"}"#)]);
    stage.stands_for(robot.host(), "qyapi.weixin.qq.com");
    stage.stands_for(strict.host(), "oapi.dingtalk.com");
    let wecom = format!("http://{}/cgi-bin/webhook/send?key=a", robot.host());
    let first = adds(&mut stage, "wecom", "店长群", wecom).await;
    stage.act("test_channel", json!({ "channel": first })).await;
    scene(&mut stage, "channels.first").await;
    let dingtalk = format!("http://{}/robot/send?access_token=a", strict.host());
    let second = adds(&mut stage, "dingtalk", "", dingtalk).await;
    let second_id = second.as_str().unwrap();
    stage.companion().test_channel(second_id).await.unwrap_err();
    scene(&mut stage, "channels").await;
    let address = json!({ "address": "https://api.day.app/key/words" });
    stage.act("recognise_channel", address).await;
    adds(&mut stage, "bark", "", "https://api.day.app/key/words".to_owned()).await;
    scene(&mut stage, "channels.added").await;
    stage.act("switch_channel", json!({ "channel": first, "on": false })).await;
    scene(&mut stage, "channels.off").await;
    stage.act("switch_channel", json!({ "channel": first, "on": true })).await;
    scene(&mut stage, "channels.on").await;
    stage.act("remove_channel", json!({ "channel": second })).await;
    scene(&mut stage, "channels.removed").await;
}
