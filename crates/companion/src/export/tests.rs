use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};

use super::*;
use crate::api::{ExportColumn, ExportKind, ExportValue};

fn column(head: &str, kind: ExportKind) -> ExportColumn {
    ExportColumn { head: head.to_owned(), kind }
}

fn text(text: &str) -> ExportValue {
    ExportValue::Text(text.to_owned())
}

fn table() -> ExportTable {
    ExportTable {
        name: "订单 晋味小馆".to_owned(),
        columns: vec![
            column("名称", ExportKind::Text),
            column("次数", ExportKind::Count),
            column("金额", ExportKind::Money),
            column("付款时间", ExportKind::Moment),
            column("到期日", ExportKind::Day),
        ],
        rows: vec![
            vec![
                Some(text("=HYPERLINK(\"http://x\")")),
                Some(ExportValue::Count(1_000)),
                Some(text("30.00")),
                Some(text("2026-11-21T18:32:05+08:00")),
                Some(text("2027-03-12")),
            ],
            vec![Some(text("a,\"b\"\nc")), None, None, Some(text("2026-11-21T00:00:00Z")), None],
        ],
    }
}

fn csv_text(table: &ExportTable) -> String {
    String::from_utf8(csv::written(&Sheet::read(table).unwrap()).unwrap()).unwrap()
}

#[test]
fn csv_is_what_excel_and_wps_read() {
    assert_eq!(
        csv_text(&table()),
        "\u{feff}名称,次数,金额,付款时间,到期日\r\n\
         \"'=HYPERLINK(\"\"http://x\"\")\",1000,30.00,2026-11-21 18:32:05,2027-03-12\r\n\
         \"a,\"\"b\"\"\nc\",,,2026-11-21 08:00:00,\r\n"
    );
}

#[test]
fn no_text_is_taken_for_a_formula() {
    let starts = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1",
        "＠x",
        "\n=1",
        " =1",
        "　=1",
        "＋1",
        "－1",
        "\u{feff}=1",
    ];
    for start in starts {
        let table = ExportTable {
            name: "x".to_owned(),
            columns: vec![column(start, ExportKind::Text)],
            rows: vec![vec![Some(text(start))]],
        };
        let lines = csv_text(&table);
        for line in lines.trim_start_matches('\u{feff}').split("\r\n").filter(|line| !line.is_empty()) {
            assert!(line.trim_start_matches('"').starts_with('\''), "{line:?}");
        }
    }
}

#[test]
fn xlsx_has_real_types() {
    let table = table();
    let bytes = xlsx::written(&Sheet::read(&table).unwrap()).unwrap();
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["订单 晋味小馆"]);
    let page = book.worksheet_range("订单 晋味小馆").unwrap();
    let row: Vec<&Data> = page.rows().nth(1).unwrap().iter().collect();
    assert_eq!(row[0], &Data::String("=HYPERLINK(\"http://x\")".to_owned()));
    assert_eq!((row[1], row[2]), (&Data::Float(1_000.0), &Data::Float(30.0)));
    let time = |cell: &Data| match cell {
        Data::DateTime(time) => time.as_datetime().unwrap().to_string(),
        other => panic!("{other:?} is no time"),
    };
    assert_eq!((time(row[3]), time(row[4])), ("2026-11-21 18:32:05".into(), "2027-03-12 00:00:00".into()));
    let formulas = book.worksheet_formula("订单 晋味小馆").unwrap();
    assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()));
}

#[test]
fn any_name_makes_a_sheet_and_a_file() {
    let long = "很".repeat(200);
    for name in ["", "  ", "a/b\\c:d*e?f[g]h'i", "CON", "com1", "nul.x", "...", &long] {
        let table = ExportTable { name: name.to_owned(), columns: vec![], rows: vec![] };
        xlsx::written(&Sheet::read(&table).unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = file::save(folder.path(), name, "csv", b"x").unwrap();
        assert_eq!(path.parent().unwrap(), folder.path(), "{name}");
        let stem = path.file_stem().unwrap().to_string_lossy().to_lowercase();
        assert!(!["con", "com1", "nul"].contains(&stem.as_str()), "{name}");
    }
}

#[test]
fn nothing_is_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..3_u8)
        .map(|byte| file::save(folder.path(), "用量", "csv", &[byte]).unwrap())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names, ["用量.csv", "用量 (2).csv", "用量 (3).csv"]);
    assert_eq!(std::fs::read(folder.path().join("用量.csv")).unwrap(), [0]);
}

#[test]
fn values_that_are_not_what_their_column_says_are_refused() {
    let of = |kind, value| ExportTable {
        name: "x".to_owned(),
        columns: vec![column("x", kind)],
        rows: vec![vec![value]],
    };
    for (kind, value) in [
        (ExportKind::Count, Some(text("1"))),
        (ExportKind::Text, Some(ExportValue::Count(1))),
        (ExportKind::Money, Some(text("a lot"))),
        (ExportKind::Moment, Some(text("2026-11-21 10:00"))),
        (ExportKind::Day, Some(text("today"))),
    ] {
        assert!(Sheet::read(&of(kind, value.clone())).is_none(), "{kind:?} {value:?}");
        assert!(Sheet::read(&of(kind, None)).is_some());
    }
    let mut short = table();
    short.rows[0].pop();
    assert!(Sheet::read(&short).is_none());
}
