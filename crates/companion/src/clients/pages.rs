//! Lists in pages of WeChat's kind – an offset, a limit, a total – that may change while they are read.
//!
//! A page is one instant, a list is not: a row that joins or moves between two pages would be missed or come twice. So a
//! list counts only when every page announced the same total and no row came back on a later page; otherwise it is read
//! again from the start. This is what makes a reading one consistent list without a cursor.

use std::collections::HashSet;
use std::hash::Hash;

use super::answer::wrong;
use super::error::ClientError;

/// Rows per page; WeChat refuses more with 10120003 **W**.
pub(super) const PAGE_ROWS: u64 = 20;
/// Rows a list may have. A shop has some dozens; a thousand is no list, but a fault.
const ROWS_MAX: u64 = 1_000;
/// Pages one reading may ask for, should the platform hand out short ones.
const PAGES_MAX: usize = 60;
/// How often the list is read from the start because it changed under the reading.
const READINGS: usize = 3;

/// One page as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page<Row, Sums> {
    /// Rows over all pages.
    pub(super) total: u64,
    pub(super) rows: Vec<Row>,
    /// What stands above the rows.
    pub(super) sums: Sums,
}

/// A row of a list in pages.
pub(super) trait Keyed {
    /// What tells rows apart.
    type Key: Eq + Hash;
    fn key(&self) -> Self::Key;
}

/// What stands above the rows of every page.
pub(super) trait Sums {
    /// The two pages can belong to one list.
    fn fits(&self, later: &Self) -> bool;
}

impl Sums for () {
    fn fits(&self, (): &Self) -> bool {
        true
    }
}

/// Reads every page of one consistent list: its rows in the platform's order, no row twice, and the newest sums.
///
/// # Errors
/// Also [`ClientError::Unsettled`] when the list changed during each of three readings.
pub(super) async fn read_all<Row, S, F>(
    host: &str,
    page_at: impl Fn(u64) -> F,
) -> Result<(Vec<Row>, S), ClientError>
where
    Row: Keyed,
    S: Sums,
    F: Future<Output = Result<Page<Row, S>, ClientError>>,
{
    let mut short: Option<HashSet<Row::Key>> = None;
    for _ in 0..READINGS {
        match read_once(host, &page_at).await? {
            Listed::Complete(list) => return Ok((list.rows, list.sums)),
            // Fewer rows than announced, and the same ones twice: that is how the platform lists them.
            Listed::Short(list) if short.as_ref() == Some(&list.known) => {
                tracing::warn!(rows = list.rows.len(), "fewer rows than announced");
                return Ok((list.rows, list.sums));
            }
            Listed::Short(list) => short = Some(list.known),
            Listed::Moved => short = None,
        }
    }
    Err(ClientError::Unsettled { host: host.to_owned() })
}

/// How the reading of a list ended.
enum Listed<Row: Keyed, S> {
    Complete(List<Row, S>),
    /// It ended before the announced number of rows.
    Short(List<Row, S>),
    /// Rows moved between pages; what was read may miss a row or have it twice.
    Moved,
}

async fn read_once<Row, S, F>(host: &str, page_at: &impl Fn(u64) -> F) -> Result<Listed<Row, S>, ClientError>
where
    Row: Keyed,
    S: Sums,
    F: Future<Output = Result<Page<Row, S>, ClientError>>,
{
    let mut list = List::begin(page_at(0).await?);
    if list.total > ROWS_MAX {
        return Err(wrong(host, "total"));
    }
    for _ in 1..PAGES_MAX {
        if !list.wants_more() {
            return Ok(list.end());
        }
        let page = page_at(list.seen).await?;
        if page.rows.is_empty() {
            return Ok(list.end());
        }
        if !list.add(page) {
            return Ok(Listed::Moved);
        }
    }
    if list.wants_more() { Err(wrong(host, "detailList")) } else { Ok(list.end()) }
}

/// A list as its pages come in.
struct List<Row: Keyed, S> {
    total: u64,
    /// Rows received, repeats included: the offset of the next page.
    seen: u64,
    known: HashSet<Row::Key>,
    rows: Vec<Row>,
    sums: S,
}

impl<Row: Keyed, S: Sums> List<Row, S> {
    fn begin(first: Page<Row, S>) -> Self {
        let Page { total, rows, sums } = first;
        let mut list = Self { total, seen: 0, known: HashSet::new(), rows: Vec::new(), sums };
        // A repeat within one page is not a move: the page is one instant. It is only dropped.
        list.take(rows);
        list
    }

    fn wants_more(&self) -> bool {
        self.seen > 0 && self.seen < self.total
    }

    /// Adds a further page; `false` when the list changed since the first one.
    fn add(&mut self, page: Page<Row, S>) -> bool {
        let same_list = page.total == self.total && self.sums.fits(&page.sums);
        if !same_list || page.rows.iter().any(|row| self.known.contains(&row.key())) {
            return false;
        }
        // Calls go on while pages are read: the newest sums count.
        self.sums = page.sums;
        self.take(page.rows);
        true
    }

    fn take(&mut self, rows: Vec<Row>) {
        for row in rows {
            self.seen += 1;
            if self.known.insert(row.key()) {
                self.rows.push(row);
            }
        }
    }

    fn end(self) -> Listed<Row, S> {
        if self.seen >= self.total { Listed::Complete(self) } else { Listed::Short(self) }
    }
}
