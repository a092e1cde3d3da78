//! The application's own vocabulary.

pub(crate) mod stored;
