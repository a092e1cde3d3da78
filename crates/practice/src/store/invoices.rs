//! Invoices: one for an order that was paid and not refunded.

use super::columns::instant;
use super::error::Stored;
use super::orders::{self, StoredOrder};
use billing_core::Tariff;
use billing_core::order::Order;
use billing_core::time::{beijing_day, beijing_midnight};
use billing_core::working_days::Expected;
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, OptionalExtension};

words! {
    /// What kind of invoice.
    InvoiceKind {
        /// 电子普通发票, by e-mail.
        Ordinary = "ordinary",
        /// 增值税专用发票, by post **W**.
        Special = "special",
    }
}

/// What an invoice says, and where it goes.
#[derive(Debug, Clone)]
pub(crate) struct Invoice {
    pub(crate) kind: InvoiceKind,
    pub(crate) title: String,
    pub(crate) tax_number: Option<String>,
    /// An e-mail address, or name, telephone and address for the post.
    pub(crate) deliver_to: String,
    pub(crate) requested_at: DateTime<Utc>,
}

/// How an order's invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Being written; here on the first of these days at the earliest, on the second at the latest.
    Underway(NaiveDate, NaiveDate),
    Issued,
    /// The order went back, and the invoice with it.
    Void,
}

impl Invoice {
    /// How it stands. It is issued on the first day it can be **A**.
    pub(crate) fn progress(&self, order: &Order, now: DateTime<Utc>) -> Progress {
        if !matches!(order, Order::Paid(_)) {
            return Progress::Void;
        }
        match Tariff::embedded().holidays.invoice_expected(beijing_day(self.requested_at)) {
            Some(Expected { from, to, .. }) if beijing_midnight(from).is_some_and(|issued| now < issued) => {
                Progress::Underway(from, to)
            }
            Some(_) | None => Progress::Issued,
        }
    }
}

/// The invoice of an order.
pub(crate) fn find(connection: &Connection, order_id: &str) -> Stored<Option<Invoice>> {
    let found = connection
        .prepare_cached(
            "SELECT kind, title, tax_number, deliver_to, requested_at FROM invoices WHERE order_id = ?1",
        )?
        .query_row([order_id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get::<_, i64>(4)?))
        })
        .optional()?;
    found
        .map(|(kind, title, tax_number, deliver_to, at)| {
            Ok(Invoice { kind, title, tax_number, deliver_to, requested_at: instant(at)? })
        })
        .transpose()
}

/// What became of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Requested {
    Done,
    Unknown,
    /// Not paid, or refunded.
    NotPaid,
    /// There is one already.
    Already,
}

/// Asks for the invoice of a paid order.
pub(crate) fn request(
    connection: &Connection,
    app_id: &str,
    order_id: &str,
    invoice: &Invoice,
) -> Stored<Requested> {
    let Some(StoredOrder { order, .. }) = orders::find(connection, app_id, order_id, invoice.requested_at)?
    else {
        return Ok(Requested::Unknown);
    };
    if !matches!(order, Order::Paid(_)) {
        return Ok(Requested::NotPaid);
    }
    let added = connection.execute(
        "INSERT INTO invoices (order_id, kind, title, tax_number, deliver_to, requested_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (order_id) DO NOTHING",
        (
            order_id,
            invoice.kind,
            &invoice.title,
            &invoice.tax_number,
            &invoice.deliver_to,
            invoice.requested_at.timestamp(),
        ),
    )?;
    Ok(if added == 1 { Requested::Done } else { Requested::Already })
}
