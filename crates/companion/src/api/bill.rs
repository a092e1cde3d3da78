use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Day, Instant};

/// Which column of a file says what, counted from 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BillColumns {
    /// When somebody signed up. Without it nothing can be compared.
    pub time: Option<u32>,
    /// The phone number, or another sign of who it was.
    pub who: Option<u32>,
    /// Authorised or typed.
    pub way: Option<u32>,
    /// Release, trial or development version.
    pub version: Option<u32>,
    /// Whether the number was fetched, and made a new member.
    pub outcome: Option<u32>,
    /// What the clock of the times shows.
    pub zone: BillZone,
}

/// A clock whose times say nothing of it themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BillZone {
    #[default]
    Beijing,
    Utc,
}

/// A file of sign-ups as it was handed over, before anything is compared. Phone numbers are masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BillFileView {
    pub name: String,
    /// One a column; empty where the file has none.
    pub titles: Vec<String>,
    /// The first rows below the titles.
    pub sample: Vec<Vec<String>>,
    pub rows: u32,
    /// What was chosen last time for the same titles, or a guess.
    pub columns: BillColumns,
    /// They were chosen last time.
    pub remembered: bool,
}

/// Where the shop's records came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind", content = "name")]
pub enum BillSource {
    File(String),
    MemberCard,
}

/// Why calls were charged that made no new member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BillReason {
    /// The same person authorised again.
    Again,
    /// The trial or the development version was used.
    OtherVersion,
    /// The code was never exchanged for the number.
    NotFetched,
    /// The call stands on the neighbouring day.
    Midnight,
}

/// How many calls a reason accounts for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BillReasonView {
    pub reason: BillReason,
    pub calls: u64,
    /// When the first of them were, as far as it is known.
    pub times: Vec<Instant>,
}

/// What WeChat's interface showed at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BillReadingView {
    pub at: Instant,
    /// All calls until then.
    pub used: u64,
}

/// WeChat's deductions of a day, or of days without a reading in between, next to the records of the same days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BillDaysView {
    pub first: Day,
    pub last: Day,
    /// `None` where the readings do not tell.
    pub charged: Option<u64>,
    /// Charged first sign-ups in the release version; of unknown days, recorded ones.
    pub members: u64,
    /// Numbers that were typed, which cost nothing.
    pub typed: u64,
    pub reasons: Vec<BillReasonView>,
    /// Charged and in no record, where the records may have only a part of the day.
    pub open: u64,
    /// Charged, and in no record.
    pub missing: u64,
    /// In the records, and not charged.
    pub uncharged: u64,
    /// The last reading before these days and the first one after them.
    pub readings: Vec<BillReadingView>,
}

/// What follows from a comparison. Only `Missing` says anything against the bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BillVerdict {
    /// No day is known on both sides.
    NoCommonDay,
    /// Far more was recorded than charged: the records may be of something else.
    TooManyRecords,
    /// Far fewer were recorded than charged: the records may be only a part.
    TooFewRecords,
    /// Calls were charged that no record has.
    Missing,
    /// Calls were charged that no record has, and the records may be incomplete.
    Open,
    /// More was charged than members came, and the records say why.
    Explained,
    /// Fewer were charged than recorded.
    Uncharged,
    /// Each charged call made a new member.
    Agrees,
}

/// The bill compared with the shop's own records. Sums are of compared days whose deductions are known:
/// `charged = members + explained + open + missing`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BillView {
    /// The account's name.
    pub account: String,
    pub app_id: Option<String>,
    pub source: BillSource,
    pub verdict: BillVerdict,
    /// Records with a time that can be read, each once.
    pub records: u32,
    /// Rows that repeat another one in every cell: not counted.
    pub duplicates: u32,
    /// Rows without a time that can be read.
    pub left_out: u32,
    /// Records of days that were not compared.
    pub outside: u32,
    /// When the first and the last record are.
    pub records_from: Option<Instant>,
    pub records_until: Option<Instant>,
    /// The first and the last whole day of WeChat's readings.
    pub read_first: Day,
    pub read_last: Day,
    /// The first and the last day that were compared; `None` where no day is known on both sides.
    pub first: Option<Day>,
    pub last: Option<Day>,
    pub charged: u64,
    /// Calls in the records of the compared days.
    pub recorded: u64,
    pub members: u64,
    /// Charged, and no new member: `explained`, `open` and `missing` together.
    pub extra: u64,
    pub explained: u64,
    pub open: u64,
    pub missing: u64,
    pub uncharged: u64,
    pub reasons: Vec<BillReasonView>,
    pub days: Vec<BillDaysView>,
}
