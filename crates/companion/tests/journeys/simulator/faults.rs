//! What goes wrong, and for how long.

use std::io;
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use companion::ports::Disk;
use companion::secrets::{Failure, SecretError};
use serde_json::json;
use testkit::world::World;

use super::computer::Computer;
use crate::bulk::ASSIGN;
use crate::guarded_month::Dice;
use crate::modes::CHANGE;
use crate::scripted::{CANCEL, TOKEN, USAGE};

const SETTINGS: &str = "/member-card/v1/settings";
const ORDERS: &str = "/wxa/charge/service-provider/order/query_list";
const PATHS: [&str; 7] = [TOKEN, USAGE, SETTINGS, CHANGE, ASSIGN, CANCEL, ORDERS];

/// Where commits fail.
#[derive(Debug, Clone, Copy)]
enum Commit {
    /// There is no room: the transaction is undone.
    Full,
    /// The disk does not answer: the transaction is undone.
    Failed,
    /// It was written, and the answer was an error all the same.
    Unheard,
}

/// A disk that fails from one of the next commits on, until it is mended.
#[derive(Debug, Default)]
pub(super) struct Brittle(Mutex<Option<(u64, Commit)>>);

impl Brittle {
    fn breaks(&self, after: u64, commit: Commit) {
        *self.0.lock().unwrap() = Some((after, commit));
    }

    fn mend(&self) {
        *self.0.lock().unwrap() = None;
    }
}

impl Disk for Brittle {
    fn before_commit(&self) -> io::Result<()> {
        match &mut *self.0.lock().unwrap() {
            Some((0, Commit::Full)) => Err(io::ErrorKind::StorageFull.into()),
            Some((0, Commit::Failed)) => Err(io::Error::other("told to fail")),
            Some((after, _)) if *after > 0 => {
                *after -= 1;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn after_commit(&self) -> io::Result<()> {
        match &*self.0.lock().unwrap() {
            Some((0, Commit::Unheard)) => Err(io::Error::other("told to fail")),
            _ => Ok(()),
        }
    }
}

/// One thing goes wrong, until it is mended.
pub(super) async fn one(world: &World, computer: &Computer, dice: &mut Dice) {
    match dice.roll(10) {
        0..=4 => network(world, dice).await,
        5 | 6 => {
            let kinds = [Commit::Full, Commit::Failed, Commit::Unheard];
            let kind = kinds[usize::try_from(dice.roll(3)).unwrap()];
            computer.disk.breaks(dice.roll(6), kind);
        }
        7 => world.secrets.fail(Some(Failure::Always(SecretError::Locked))),
        8 => computer.ahead.store(24, Ordering::SeqCst),
        _ => computer.ahead.store(-30, Ordering::SeqCst),
    }
}

async fn network(world: &World, dice: &mut Dice) {
    let path = PATHS[usize::try_from(dice.roll(7)).unwrap()];
    let fault = match dice.roll(10) {
        // Cut before the platform acts, or refused.
        0 => json!({ "kind": "reset" }),
        1 => json!({ "kind": "status", "status": 503 }),
        2 => json!({ "kind": "errcode", "errcode": -1 }),
        // Cut after it acted.
        3 => json!({ "kind": "truncated" }),
        4 => json!({ "kind": "cut_json" }),
        // The answer comes late, or never.
        5 => json!({ "kind": "slow_body", "millis": 15_000 }),
        6 => json!({ "kind": "slow_body", "millis": 600_000 }),
        7 => json!({ "kind": "delay", "millis": 600_000 }),
        // The call comes late, or twice.
        8 => json!({ "kind": "adrift", "millis": 2_000 }),
        _ => json!({ "kind": "twice" }),
    };
    // For some calls, or for as long as it lasts.
    let times = Some(dice.roll(6)).filter(|times| *times > 0).map(|times| u32::try_from(times).unwrap());
    world.fault(path, fault, times).await;
}

/// Everything works again.
pub(super) async fn mend(world: &World, computer: &Computer) {
    world.no_faults().await;
    world.secrets.fail(None);
    computer.disk.mend();
    computer.ahead.store(0, Ordering::SeqCst);
}
