//! Log files: one a day, fourteen stay, our own modules only.
//!
//! Nothing that comes from a person or a platform is logged except codes, hosts and counts. Of a panic that is where it
//! happened: its text may quote anything.

use std::path::Path;

use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::{
    EnvFilter, fmt::writer::BoxMakeWriter, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

const OUR_MODULES: &str = "off,merchant_companion=info,companion=info,practice=info";
const DAYS_KEPT: usize = 14;

/// Writes logs below `folder`; where no file can be opened, to standard error.
pub(crate) fn start(folder: &Path) {
    // Where the folder cannot be made, opening the file fails, too.
    let _made = std::fs::create_dir_all(folder);
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("companion")
        .filename_suffix("log")
        .max_log_files(DAYS_KEPT)
        .build(folder);
    let writer = match file {
        Ok(file) => BoxMakeWriter::new(file),
        Err(_) => BoxMakeWriter::new(std::io::stderr),
    };
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(writer);
    let started = tracing_subscriber::registry().with(EnvFilter::new(OUR_MODULES)).with(layer).try_init();
    if started.is_err() {
        tracing::debug!("logging was already started");
    }
    log_panics();
}

fn log_panics() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(at, thread = std::thread::current().name(), "a panic");
        if cfg!(debug_assertions) {
            print(panic);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_panic_the_log_says_where_and_not_what() {
        let folder = tempfile::tempdir().unwrap();
        start(folder.path());
        std::thread::spawn(|| panic!("13800138000")).join().unwrap_err();
        let files = std::fs::read_dir(folder.path()).unwrap();
        let log: String = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
        assert!(log.contains("a panic") && log.contains("logs.rs"), "{log}");
        assert!(!log.contains("13800138000"), "{log}");
    }
}
