//! The one way in which an alert comes into being: into the inbox, and to the owner's phone.

use std::sync::Arc;

use billing_core::alert::Alert;
use chrono::{DateTime, Utc};

use crate::api::Tag;
use crate::channels::delivery::send_in_background;
use crate::context::Context;
use crate::error::Error;
use crate::ports::{Clock, Randomness, new_id};
use crate::store::{Db, StoreError, channels, inbox};

/// Raises alerts within a commit. Not the context: a commit that outlives the application must not hold its home.
pub(crate) struct Raiser {
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
}

impl Raiser {
    pub(crate) fn of(context: &Context) -> Self {
        Self { clock: Arc::clone(&context.setup.clock), randomness: Arc::clone(&context.setup.randomness) }
    }

    /// Writes alerts and the messages about them, in the transaction of what they tell of, so that nothing is raised twice
    /// and nothing is lost. Returns whether there were any; if so, call [`announce`] after the commit. `at` is the present of
    /// the account, which practice moves.
    pub(crate) fn raise(
        &self,
        db: &Db<'_>,
        account: &str,
        alerts: &[Alert],
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let new_id = || new_id(self.clock.as_ref(), self.randomness.as_ref());
        let mut raised = Vec::new();
        for alert in alerts {
            let id = new_id();
            inbox::add(db, &id, account, alert, at)?;
            raised.push(id);
        }
        channels::queue(db, &raised, self.clock.now(), new_id)?;
        Ok(!raised.is_empty())
    }
}

/// Shows alerts that were raised, and sends the messages about them.
pub(crate) async fn announce(context: &Context) -> Result<(), Error> {
    context.changed_everywhere(&[Tag::Inbox, Tag::Channels]);
    send_in_background(context).await
}
