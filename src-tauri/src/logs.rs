//! Log files: one a day, fourteen kept, our own modules only.
//!
//! Nothing that comes from a person or a platform is logged except codes, hosts and counts.

use std::path::Path;

use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};

const OUR_MODULES: &str = "off,merchant_companion=info,companion=info,practice=info";
const DAYS_KEPT: usize = 14;

/// Writes logs below `folder`; where no file can be opened, to standard error.
pub(crate) fn start(folder: &Path) {
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("companion")
        .filename_suffix("log")
        .max_log_files(DAYS_KEPT)
        .build(folder);
    let filter = EnvFilter::new(OUR_MODULES);
    let started = match file {
        Ok(file) => {
            let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(file);
            tracing_subscriber::registry().with(filter).with(layer).try_init()
        }
        Err(_) => {
            let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(std::io::stderr);
            tracing_subscriber::registry().with(filter).with(layer).try_init()
        }
    };
    if started.is_err() {
        tracing::debug!("logging was already started");
    }
}
