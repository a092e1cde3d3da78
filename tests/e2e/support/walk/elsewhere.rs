//! What the shop's owner does in windows that are not ours.

use super::Shop;
use crate::support::{driver::Driver, world::World};

impl Shop {
    /// Sets e-mail and password in 小程序助手, by the steps that the wizard explains.
    pub(super) async fn set_login_on_the_phone(&mut self, world: &World) {
        let app = world.main().await;
        self.picture(app, "login-saved").await;
        let app_id = world.practice.first().await.app_id;
        app.click("login.open_phone").await;
        let phone = app.foreign_window("/practice/phone").await;
        phone.fill("helper.search", "小程序助手").await;
        phone.click("helper.search_go").await;
        phone.click("helper.result").await;
        phone.click(&format!("helper.program.{app_id}")).await;
        self.picture_of_page(phone, "phone-program").await;
        phone.click("helper.name").await;
        phone.click("helper.login").await;
        phone.fill("helper.email", &self.email).await;
        phone.fill("helper.password", &self.password).await;
        self.picture_of_page(phone, "phone-login").await;
        phone.click("helper.save").await;
        phone.see("helper.saved").await;
        world.close_foreign_windows().await;
        app.tick("login.confirm").await;
    }

    /// A new AppSecret from 开发设置; signs in again where the console asks for it.
    pub(crate) async fn generate_app_secret(&mut self, world: &World) -> (String, String) {
        let console = self.console_window(world, "connect.open_dev_settings", "dev.app_id").await;
        let app_id = console.text("dev.app_id").await;
        if console.sees("dev.understood").await {
            console.tick("dev.understood").await;
        }
        console.click("dev.generate").await;
        let app_secret = console.text("dev.app_secret").await;
        self.picture_of_page(console, "console-app-secret").await;
        console.click("dev.close").await;
        (app_id.trim().to_owned(), app_secret.trim().to_owned())
    }

    /// Presses `button` and waits for `wanted` in the console window, signing in if that is asked for.
    pub(crate) async fn console_window<'a>(
        &self,
        world: &'a World,
        button: &str,
        wanted: &'static str,
    ) -> &'a Driver {
        world.main().await.click(button).await;
        let console = world.app().console_window().await;
        if console.see_one_of(&[wanted, "console.signin"]).await != wanted {
            console.fill("console.account", &self.email).await;
            console.fill("console.password", &self.password).await;
            confirm_sign_in(console).await;
            world.main().await.click(button).await;
            world.app().console_window().await.see(wanted).await;
        }
        console
    }
}

/// Sends e-mail and password, and confirms with the scan that the console asks for next.
pub(super) async fn confirm_sign_in(console: &Driver) {
    console.click("console.signin").await;
    console.see_no_more("console.password").await;
    console.click("console.scan").await;
    console.see("console.program").await;
}
