//! Numbered pictures of what is in front, for people to look at.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{driver::Driver, practice::MiniProgram};

/// Set: also the dark theme and the smallest window, not only both languages.
const EVERY_LOOK: &str = "COMPANION_WALKTHROUGH_EVERY_LOOK";

/// How a page of ours can look.
#[derive(Clone, Copy)]
struct Look {
    language: &'static str,
    theme: &'static str,
    size: (u32, u32),
}

pub(crate) struct Album {
    folder: PathBuf,
    looks: Vec<Look>,
    number: u32,
    entries: Vec<String>,
}

impl Album {
    /// The folder must exist.
    pub(crate) fn new(folder: PathBuf) -> Self {
        let (themes, sizes): (&[_], &[_]) = if std::env::var_os(EVERY_LOOK).is_some() {
            (&["dark", "light"], &[(1024, 700), (1280, 800)])
        } else {
            (&["light"], &[(1280, 800)])
        };
        let mut looks = Vec::new();
        for &size in sizes {
            for &theme in themes {
                looks.extend(["en", "zh"].map(|language| Look { language, theme, size }));
            }
        }
        Self { folder, looks, number: 0, entries: Vec::new() }
    }

    /// A page of ours in every look; the last look stays.
    pub(crate) async fn keep(&mut self, app: &Driver, name: &str) {
        self.number += 1;
        for look in self.looks.clone() {
            let Look { language, theme, size: (width, height) } = look;
            let suffix = if self.looks.len() == 2 {
                language.to_owned()
            } else {
                app.resize(width, height).await;
                format!("{language}-{theme}-{width}x{height}")
            };
            choose_look(app, name, look).await;
            self.write(app, name, &suffix).await;
        }
    }

    /// A practice page, which speaks Chinese and has one look.
    pub(crate) async fn keep_foreign(&mut self, page: &Driver, name: &str) {
        self.number += 1;
        self.write(page, name, "zh").await;
    }

    /// A picture that the app made itself.
    pub(crate) fn keep_file(&mut self, picture: &Path, name: &str) {
        self.number += 1;
        let file = format!("{:02}-{name}.png", self.number);
        fs::copy(picture, self.folder.join(&file)).expect("a picture");
        self.entries.push(file);
    }

    async fn write(&mut self, page: &Driver, name: &str, look: &str) {
        let file = format!("{:02}-{name}-{look}.png", self.number);
        fs::write(self.folder.join(&file), page.picture().await).expect("a picture");
        self.entries.push(file);
    }

    /// Writes what the album holds, and how the platform stands in the end.
    pub(crate) fn finish(&self, program: &MiniProgram) {
        let mut summary = format!(
            "# 开通向导走查 · Onboarding walkthrough\n\n{} ({}): mode {}, {} calls used, {} remaining, {} order(s).\n\n",
            program.name,
            program.app_id,
            program.mode,
            program.used,
            program.remaining,
            program.orders.len(),
        );
        summary.extend(self.entries.iter().map(|file| format!("- [{file}]({file})\n")));
        fs::write(self.folder.join("summary.md"), summary).expect("the summary");
    }
}

/// Speaks and is painted so from now on, with the page of that name in front again.
async fn choose_look(app: &Driver, page: &str, Look { language, theme, .. }: Look) {
    if app.sees("wizard").await {
        choose_language(app, language).await;
        app.choose("app.theme", theme).await;
        return app.see_theme(theme).await;
    }
    app.click("rail.settings").await;
    app.click("settings.tab.general").await;
    for choice in [format!("settings.theme.{theme}"), format!("settings.language.{language}")] {
        app.click(&choice).await;
        app.see_attribute(&choice, "data-state", "on").await;
    }
    app.click(&format!("rail.{page}")).await;
    app.see(page).await;
}

/// Speaks `language` from now on; in the wizard, from which the settings cannot be reached.
pub(crate) async fn choose_language(app: &Driver, language: &str) {
    app.click(&format!("app.language.{language}")).await;
    app.see_attribute(&format!("app.language.{language}"), "aria-pressed", "true").await;
}
