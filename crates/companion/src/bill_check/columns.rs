//! Which column says what: guessed from titles and cells, decided by the person, remembered by titles.

use serde_json::{Value, json};

use super::records::{instant, phone};
use super::upload::BillFile;
use crate::api::{BillColumns, BillZone};

/// Words in titles, in lower case; the first word that a title has decides.
const TIME: [&str; 8] = ["时间", "日期", "注册", "领卡", "time", "date", "created", "at"];
const WHO: [&str; 9] = ["手机", "电话", "号码", "会员号", "会员编号", "openid", "phone", "mobile", "member"];
const WAY: [&str; 5] = ["方式", "渠道", "way", "mode", "channel"];
const VERSION: [&str; 3] = ["版本", "version", "env"];
const OUTCOME: [&str; 5] = ["结果", "状态", "outcome", "status", "result"];

/// A guess for this file.
pub(super) fn guessed(file: &BillFile) -> BillColumns {
    let titles: Vec<_> = file.titles.iter().map(|title| title.to_lowercase()).collect();
    let is_time = |place: usize| file.has(place, |cell| instant(cell).is_some());
    let is_phone = |place: usize| file.has(place, |cell| phone(cell).is_some());
    let mut taken = Vec::new();
    let mut take = |place: Option<usize>| {
        let place = place?;
        taken.push(place);
        u32::try_from(place).ok()
    };
    let all = || 0..titles.len();
    let times = named(&titles, &TIME, &[]).into_iter().chain(all());
    let time = take(times.into_iter().find(|place| is_time(*place)));
    let people = all().filter(|place| is_phone(*place)).chain(named(&titles, &WHO, &[]));
    let who = take(people.into_iter().find(|place| u32::try_from(*place).ok() != time));
    let mut rest = |words: &[&str]| {
        let place = named(&titles, words, &taken).into_iter().next()?;
        taken.push(place);
        u32::try_from(place).ok()
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
        hits.map(|(place, _)| place).collect::<Vec<_>>()
    };
    words.iter().flat_map(of_word).filter(|place| !taken.contains(place)).collect()
}

/// Columns that the table does not have are none.
pub(super) fn within(columns: BillColumns, width: usize) -> BillColumns {
    let kept =
        |column: Option<u32>| column.filter(|column| usize::try_from(*column).is_ok_and(|at| at < width));
    BillColumns {
        time: kept(columns.time),
        who: kept(columns.who),
        way: kept(columns.way),
        version: kept(columns.version),
        outcome: kept(columns.outcome),
        zone: columns.zone,
    }
}

/// What is kept of a choice. Titles only: no cell of a file is ever stored.
pub(super) fn memory(titles: &[String], columns: BillColumns) -> String {
    json!({ "titles": titles, "columns": columns }).to_string()
}

/// The columns that were chosen for these very titles.
pub(super) fn remembered(text: &str, titles: &[String]) -> Option<BillColumns> {
    let kept: Value = serde_json::from_str(text).ok()?;
    let same = kept.get("titles")? == &json!(titles);
    if same { serde_json::from_value(kept.get("columns")?.clone()).ok() } else { None }
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
    fn a_choice_is_remembered_for_its_titles_only() {
        let titles = ["时间".to_owned(), "手机号".to_owned()];
        let chosen = BillColumns { time: Some(0), who: Some(1), ..BillColumns::default() };
        let kept = memory(&titles, chosen);
        assert_eq!(remembered(&kept, &titles), Some(chosen));
        assert_eq!(remembered(&kept, &titles[..1]), None);
        assert_eq!(remembered("{", &titles), None);
        assert_eq!(within(BillColumns { time: Some(9), ..chosen }, 2).time, None);
    }
}
