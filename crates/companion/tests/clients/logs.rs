//! What is logged while the tests run, by us and by every library below us, for the test that looks for secrets in it.

use std::io;
use std::sync::{Arc, Mutex, OnceLock};

use tracing_subscriber::fmt::MakeWriter;

static LINES: OnceLock<Lines> = OnceLock::new();

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

/// Begins capturing, once for the whole test binary: a subscriber of one test alone would miss log points that another
/// test reached first.
pub(crate) fn capture() {
    LINES.get_or_init(|| {
        let lines = Lines::default();
        tracing_subscriber::fmt().with_env_filter("trace").with_writer(lines.clone()).init();
        lines
    });
}

/// Everything logged so far.
pub(crate) fn text() -> String {
    let lines = LINES.get().expect("a client was made, so capturing has begun");
    String::from_utf8(lines.0.lock().unwrap().clone()).unwrap()
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
