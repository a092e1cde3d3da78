use crate::support::world::{End, World};

#[tokio::test]
async fn opens() {
    let mut world = World::open().await;
    let app = world.main().await;
    app.see("wizard.step.welcome").await;
    world.restart(End::Killed).await;
    world.main().await.see("wizard.step.welcome").await;
    world.restart(End::Quit).await;
    world.main().await.see("wizard.step.welcome").await;
}
