//! Channels: where alerts go besides this computer, such as the robot of a chat group (`docs/owners-phone.md`).

pub(crate) mod delivery;
pub(crate) mod page;
pub(crate) mod words;

mod message;
mod stored;

#[cfg(test)]
mod tests;
