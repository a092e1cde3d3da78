//! Log files: one a day, fourteen kept, our own modules only.
//!
//! Nothing that comes from a person or a platform is logged except codes, hosts and counts.

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
}
