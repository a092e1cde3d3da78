use crate::support::world::{End, World};

#[tokio::test]
async fn opens() {
    let t = std::time::Instant::now();
    let mut world = World::open().await;
    eprintln!("open {:?}", t.elapsed());
    let app = world.main().await;
    app.see("wizard.step.welcome").await;
    app.fill("welcome.name", "晋味小馆 Ab1$%^").await;
    app.see_error("x_y").await;
    app.choose("eligibility.subject", "b").await;
    app.tick("c").await;
    app.click("b").await;
    app.see_text("b", "clicked").await;
    eprintln!("did {:?}", t.elapsed());
    std::fs::write("/tmp/pic.png", app.picture().await).unwrap();
    eprintln!("pic {:?} {:?}", t.elapsed(), world.processes());
    world.restart(End::Killed).await;
    eprintln!("killed {:?}", t.elapsed());
    world.main().await.see("wizard.step.welcome").await;
    world.restart(End::Quit).await;
    eprintln!("quit {:?}", t.elapsed());
    world.main().await.see("wizard.step.welcome").await;
}

#[tokio::test]
async fn keyrings() {
    use crate::support::desktop::Keyring;
    let mut world = World::prepare(Keyring::Unlocked).await;
    let store = |world: &World| { use std::io::Write; let mut c = world.desktop.command("secret-tool"); c.args(["store","--label=x","a","b"]).stdin(std::process::Stdio::piped()); let mut c = c.spawn().unwrap(); c.stdin.take().unwrap().write_all(b"s3cret").unwrap(); c.wait().unwrap().success() };
    assert!(store(&world));
    world.desktop.set_keyring(Keyring::Locked).await;
    eprintln!("locked: {}", store(&world));
    world.desktop.set_keyring(Keyring::Absent).await;
    assert!(!store(&world));
    world.desktop.set_keyring(Keyring::Unlocked).await;
    assert!(store(&world));
    let out = world.desktop.command("secret-tool").args(["lookup","a","b"]).output().unwrap();
    eprintln!("{out:?} {:?}", world.leaks(&["s3cret"]));
}
