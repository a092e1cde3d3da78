//! What the shell hands to the UI: plain values, no behaviour.
//!
//! Every type here crosses IPC. The TypeScript twins in `ui/src/ipc/bindings.ts` are generated from this
//! module and committed; a test fails when they differ. Instants, days and money are values here and text on the wire
//! (`scalars.rs`); calls are numbers (at most 10^12, so exact in a double).

mod accounts;
mod app;
mod bill;
mod bulk;
mod channels;
mod desktop;
mod error_code;
mod export;
mod guard;
mod history;
mod ids;
mod inbox;
mod login;
mod member_card;
mod orders;
mod overview;
mod packs;
mod plans;
mod price_list;
mod scalars;
mod settings;
mod situation;
mod support;
mod usage;
mod wizard;

pub use accounts::*;
pub use app::*;
pub use bill::*;
pub use bulk::*;
pub use channels::*;
pub use desktop::*;
pub use error_code::*;
pub use export::*;
pub use guard::*;
pub use history::*;
pub use ids::*;
pub use inbox::*;
pub use login::*;
pub use member_card::*;
pub use orders::*;
pub use overview::*;
pub use packs::*;
pub use plans::*;
pub use price_list::*;
pub use scalars::*;
pub use settings::*;
pub use situation::*;
pub use support::*;
pub use usage::*;
pub use wizard::*;
