//! Our own books: what was tried, and what was acknowledged. In the end they are compared with the platform's file.

use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// How far an order came, by the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    Placed,
    Paid,
}

#[derive(Debug, Default)]
pub(crate) struct Books {
    /// Customers are numbered, and each presses the button once in all.
    pub(crate) customers: AtomicU32,
    /// Presses that were answered with a refusal for want of quota.
    pub(crate) denied: AtomicU64,
    /// Acknowledged charges: customer and code.
    pub(crate) codes: Mutex<BTreeMap<u32, String>>,
    /// Codes whose exchange was acknowledged.
    pub(crate) exchanged: Mutex<Vec<String>>,
    /// Orders that were meant to be paid, and by which mini-program.
    pub(crate) orders: Mutex<BTreeMap<String, (&'static str, Told)>>,
    /// Orders whose cancellation was acknowledged.
    pub(crate) cancelled: Mutex<Vec<String>>,
    /// Mode changes by request id, with the answer once there was one.
    pub(crate) modes: Mutex<BTreeMap<String, Option<String>>>,
}

impl Books {
    pub(crate) fn acknowledged(&self) -> u64 {
        u64::try_from(self.codes.lock().unwrap().len()).unwrap()
    }

    /// Presses with an unknown fate: the kill came before the answer.
    pub(crate) fn uncertain(&self) -> u64 {
        let pressed = u64::from(self.customers.load(Ordering::SeqCst));
        pressed - self.acknowledged() - self.denied.load(Ordering::SeqCst)
    }

    pub(crate) fn summary(&self) -> String {
        format!(
            "{} charges, {} exchanges, {} orders and {} mode changes acknowledged; {} presses cut off",
            self.acknowledged(),
            self.exchanged.lock().unwrap().len(),
            self.orders.lock().unwrap().values().filter(|(_, told)| *told == Told::Paid).count(),
            self.modes.lock().unwrap().values().flatten().count(),
            self.uncertain(),
        )
    }

    /// Holds the platform's file against our books, row by row.
    pub(crate) fn audit(&self, file: &Path) {
        let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
        let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        let has =
            |sql: &str, value: &str| connection.query_row(sql, [value], |row| row.get::<_, i64>(0)).unwrap();
        let check: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(check, "ok");

        let shop = crate::load::SHOP;
        let uses = has("SELECT count(*) FROM billing_events WHERE kind = 'use' AND app_id = ?1", shop);
        let calls = has("SELECT sum(calls) FROM billing_events WHERE kind = 'use' AND app_id = ?1", shop);
        let codes = has("SELECT count(*) FROM phone_codes WHERE app_id = ?1", shop);
        let customers = has("SELECT count(DISTINCT openid) FROM phone_codes WHERE app_id = ?1", shop);
        assert_eq!(
            (uses, calls),
            (codes, codes),
            "never a success without its charge, never a charge without it"
        );
        assert_eq!(customers, codes, "who pressed once has one code");
        for (customer, code) in self.codes.lock().unwrap().iter() {
            let found = has("SELECT count(*) FROM phone_codes WHERE code_hash = ?1", &hash(code));
            assert_eq!(found, 1, "the acknowledged charge of customer {customer}");
        }
        for code in self.exchanged.lock().unwrap().iter() {
            let sql = "SELECT count(*) FROM phone_codes WHERE code_hash = ?1 AND exchanged_at IS NOT NULL";
            assert_eq!(has(sql, &hash(code)), 1, "an acknowledged exchange");
        }
        let orders = self.orders.lock().unwrap();
        for (order, (_, told)) in orders.iter() {
            assert_eq!(*told, Told::Paid, "{order} was settled after the last kill");
            let sql = "SELECT count(*) FROM orders o JOIN billing_events e ON e.id = o.lot WHERE o.id = ?1";
            assert_eq!(has(sql, order), 1, "the pack of {order}");
        }
        for order in self.cancelled.lock().unwrap().iter() {
            assert_eq!(has("SELECT count(*) FROM orders WHERE id = ?1 AND lot IS NULL", order), 1, "{order}");
        }
        let packs = number("SELECT count(*) FROM billing_events WHERE kind = 'purchase'");
        assert_eq!(packs, i64::try_from(orders.len()).unwrap(), "as many packs as orders that were paid");
        let granted = 1_000
            + has(
                "SELECT coalesce(sum(calls), 0) FROM billing_events WHERE kind = 'purchase' AND app_id = ?1",
                shop,
            );
        assert!(calls <= granted, "{calls} charged of {granted} granted");
        for (request, answer) in self.modes.lock().unwrap().iter() {
            let kept: String = connection
                .query_row("SELECT answer FROM mode_changes WHERE request_id = ?1", [request], |row| {
                    row.get(0)
                })
                .unwrap();
            assert_eq!(Some(&kept), answer.as_ref(), "one change, one answer: {request}");
        }
    }
}

fn hash(code: &str) -> String {
    format!("{:x}", Sha256::digest(code.as_bytes()))
}
