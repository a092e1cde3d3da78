//! Which column says what: guessed from titles and cells, decided by the person, remembered by titles.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::records::{instant, phone};
use super::upload::BillFile;
use crate::api::{BillColumns, BillZone};

/// Digits of a telephone number without its area, the shortest that says whose a row is.
const LONG: usize = 7;

/// Words in titles, in lower case; the first word that a title has decides.
const TIME: [&str; 8] = ["时间", "日期", "注册", "领卡", "time", "date", "created", "at"];
const WHO: [&str; 9] = ["手机", "电话", "号码", "会员号", "会员编号", "openid", "phone", "mobile", "member"];
const WAY: [&str; 5] = ["方式", "渠道", "way", "mode", "channel"];
const VERSION: [&str; 3] = ["版本", "version", "env"];
const OUTCOME: [&str; 5] = ["结果", "状态", "outcome", "status", "result"];

/// A guess for this file.
pub(super) fn guessed(file: &BillFile) -> BillColumns {
    let titles: Vec<_> = file.titles.iter().map(|title| title.to_lowercase()).collect();
    let is_time = |index: usize| file.has(index, |cell| instant(cell).is_some());
    let is_phone = |index: usize| file.has(index, |cell| phone(cell).is_some());
    let mut taken = Vec::new();
    let mut take = |index: Option<usize>| {
        let index = index?;
        taken.push(index);
        u32::try_from(index).ok()
    };
    let all = || 0..titles.len();
    let times = named(&titles, &TIME, &[]).into_iter().chain(all());
    let time = take(times.into_iter().find(|index| is_time(*index)));
    let people = all().filter(|index| is_phone(*index)).chain(named(&titles, &WHO, &[]));
    let who = take(people.into_iter().find(|index| u32::try_from(*index).ok() != time));
    let mut rest = |words: &[&str]| {
        let index = named(&titles, words, &taken).into_iter().next()?;
        taken.push(index);
        u32::try_from(index).ok()
    };
    let (way, version, outcome) = (rest(&WAY), rest(&VERSION), rest(&OUTCOME));
    let is_utc = time.and_then(|at| titles.get(usize::try_from(at).ok()?));
    let zone =
        if is_utc.is_some_and(|title| title.contains("utc")) { BillZone::Utc } else { BillZone::Beijing };
    BillColumns { time, who, way, version, outcome, zone }
}

/// Columns whose titles have one of the words, best first.
fn named(titles: &[String], words: &[&str], taken: &[usize]) -> Vec<usize> {
    // Latin words stand alone: `at` is no part of `status`.
    let has = |title: &str, word: &str| {
        let stands_alone = || title.split(|letter: char| !letter.is_alphanumeric()).any(|part| part == word);
        if word.is_ascii() { stands_alone() } else { title.contains(word) }
    };
    let of_word = |word: &&str| {
        let hits = titles.iter().enumerate().filter(|(_, title)| has(title, word));
        hits.map(|(index, _)| index).collect::<Vec<_>>()
    };
    words.iter().flat_map(of_word).filter(|index| !taken.contains(index)).collect()
}

/// Columns that the table does not have are none.
pub(super) fn within(columns: BillColumns, width: usize) -> BillColumns {
    let inside =
        |column: Option<u32>| column.filter(|column| usize::try_from(*column).is_ok_and(|at| at < width));
    BillColumns {
        time: inside(columns.time),
        who: inside(columns.who),
        way: inside(columns.way),
        version: inside(columns.version),
        outcome: inside(columns.outcome),
        zone: columns.zone,
    }
}

/// What is stored of a choice: the titles can be recognised, not read. `None` where a title holds a number as long as a
/// telephone's: a file without titles begins with a customer.
pub(super) fn memory(titles: &[String], columns: BillColumns) -> Option<String> {
    if titles.iter().any(|title| has_long_number(title)) {
        return None;
    }
    let salt = format!("{:032x}", rand::random::<u128>());
    let stored = Memory { titles: fingerprint(&salt, titles), salt, columns };
    serde_json::to_string(&stored).ok()
}

/// The columns that were chosen for these very titles.
pub(super) fn remembered(text: &str, titles: &[String]) -> Option<BillColumns> {
    let stored: Memory = serde_json::from_str(text).ok()?;
    (stored.titles == fingerprint(&stored.salt, titles)).then_some(stored.columns)
}

#[derive(Serialize, Deserialize)]
struct Memory {
    salt: String,
    titles: String,
    columns: BillColumns,
}

/// A salted hash of the titles, in hexadecimal.
fn fingerprint(salt: &str, titles: &[String]) -> String {
    let mut hash = Sha256::new_with_prefix(salt);
    for title in titles {
        hash.update(title);
        // No title can hold it, so that ["ab", "c"] and ["a", "bc"] differ.
        hash.update([0xff]);
    }
    format!("{:x}", hash.finalize())
}

fn has_long_number(title: &str) -> bool {
    let digits = |run: &str| run.chars().filter(|letter| letter.is_numeric()).count();
    // Numbers are also written in groups: 138 0013 8000.
    title
        .split(|letter: char| !letter.is_numeric() && !matches!(letter, ' ' | '-'))
        .any(|run| digits(run) >= LONG)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infra::tables::Table;

    fn file(lines: &[&str]) -> BillFile {
        let row = |line: &&str| line.split(',').map(str::to_owned).collect();
        BillFile::of("x".to_owned(), Table { rows: lines.iter().map(row).collect() })
    }

    fn all(columns: BillColumns) -> [Option<u32>; 5] {
        [columns.time, columns.who, columns.way, columns.version, columns.outcome]
    }

    #[test]
    fn titles_of_shops_are_understood() {
        let rows: [(&[&str], [Option<u32>; 5]); 6] = [
            (
                &["会员姓名,手机号,领卡时间", "张三,13800138000,2026-11-20 10:32"],
                [Some(2), Some(1), None, None, None],
            ),
            (
                &[
                    "注册渠道,注册时间,手机号码,小程序版本,状态",
                    "授权,2026/11/20 9:05,13800138000,正式版,成功",
                ],
                [Some(1), Some(2), Some(0), Some(3), Some(4)],
            ),
            (
                &["id,created_at,phone,way,version,outcome", "1,2026-11-20T10:00:00Z,,manual,trial,"],
                [Some(1), Some(2), Some(3), Some(4), Some(5)],
            ),
            (&["status,at", "ok,2026-11-20"], [Some(1), None, None, None, Some(0)]),
            (
                &["13800138000,2026-11-20 10:32", "13800138001,2026-11-20 10:33"],
                [Some(1), Some(0), None, None, None],
            ),
            (&["一,二,三", "a,b,c"], [None; 5]),
        ];
        for (lines, expected) in rows {
            assert_eq!(all(guessed(&file(lines))), expected, "{lines:?}");
        }
    }

    #[test]
    fn a_column_in_utc_says_so() {
        let of = |title: &str| guessed(&file(&[title, "2026-11-20 10:32"])).zone;
        assert_eq!((of("时间 (UTC)"), of("时间")), (BillZone::Utc, BillZone::Beijing));
    }

    #[test]
    fn nothing_is_remembered_of_a_file_that_begins_with_a_customer() {
        let chosen = BillColumns::default();
        let first = |cell: &str| memory(&["备注".to_owned(), cell.to_owned()], chosen);
        for cell in
            ["13800138000", "身份证110101200001011234", "138 0013 8000", "021-5555", "１３８００１３８０００"]
        {
            assert_eq!(first(cell), None, "{cell}");
        }
        assert!(!first("2026 年领卡时间").unwrap().contains("领卡"), "titles cannot be read");
    }

    #[test]
    fn a_choice_is_remembered_for_its_titles_only() {
        let titles = ["时间".to_owned(), "手机号".to_owned()];
        let chosen = BillColumns { time: Some(0), who: Some(1), ..BillColumns::default() };
        let stored = memory(&titles, chosen).unwrap();
        assert_eq!(remembered(&stored, &titles), Some(chosen));
        assert_eq!(remembered(&stored, &titles[..1]), None);
        assert_eq!(remembered(&stored, &["时间手机".to_owned(), "号".to_owned()]), None);
        assert_eq!(remembered("{", &titles), None);
        assert_eq!(within(BillColumns { time: Some(9), ..chosen }, 2).time, None);
    }
}
