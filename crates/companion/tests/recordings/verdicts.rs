//! Who pays, and who does not: each answer of the second step.

use serde_json::{Value, json};

use crate::shop::{Done, Shop};
use crate::stage::Stage;

async fn decides(stage: &mut Stage, answers: Value, scene: &str) -> Shop {
    let shop = Shop::start(stage).await;
    shop.act(stage, "decide_eligibility", answers).await;
    stage.scene(scene).await;
    shop
}

#[tokio::test]
async fn each_verdict() {
    let verdicts = [
        ("enterprise", "catering", true, "eligibility.pays"),
        ("public_institution", "government_services", true, "eligibility.public_institution"),
        ("enterprise", "formal_education", true, "eligibility.formal_education"),
        ("individual", "retail", true, "eligibility.individual"),
        ("enterprise", "retail", false, "eligibility.not_verified"),
    ];
    for (subject, category, verified, scene) in verdicts {
        let mut stage = Stage::days_ago(0).await;
        let answers = json!({ "subject": subject, "category": category, "verified": verified });
        decides(&mut stage, answers, scene).await;
    }
}

#[tokio::test]
async fn an_account_that_pays_nothing_goes_on() {
    let mut stage = Stage::days_ago(0).await;
    let answers = json!({ "subject": "government", "category": "other", "verified": true });
    let shop = decides(&mut stage, answers, "eligibility.government").await;
    shop.goes_to(&mut stage, "done").await;
    stage.scene("wizard.free").await;
    shop.does(&mut stage, Done::All).await;
    stage.scene("shop.free").await;
    shop.goes_to(&mut stage, "connect").await;
    stage.scene("wizard.free_connect").await;
}
