use super::*;

fn file(name: &str, bytes: &[u8]) -> HandedFile {
    HandedFile { name: name.to_owned(), bytes: bytes.to_vec() }
}

fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    read(bytes).unwrap()
}

#[test]
fn separators_and_encodings_of_spreadsheets_are_recognised() {
    let wanted =
        [["时间", "手机号"], ["2026-11-20 10:32", "138****8000"]].map(|row| row.map(str::to_owned).to_vec());
    for separator in [",", "\t", ";"] {
        let text = wanted.clone().map(|row| row.join(separator)).join("\r\n");
        let (gbk, _, _) = encoding_rs::GBK.encode(&text);
        let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
        let utf16: Vec<u8> =
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for bytes in [text.as_bytes(), &gbk, &marked, &utf16] {
            assert_eq!(rows(bytes), wanted, "{separator:?}");
        }
    }
    assert_eq!(rows(b"a,\"b,\nc\"\n\n , \nd"), [vec!["a", "b,\nc"], vec!["d"]]);
}

#[test]
fn what_is_no_table_is_refused() {
    for bytes in [b"".as_slice(), b"  \n ", b"PK\x03\x04", &[0, 1, 2, 255, 254, 0], &[0xff; 40]] {
        assert_eq!(read(bytes), Err(Refused::Unreadable), "{bytes:?}");
    }
    let long = "a\n".repeat(ROWS_MAX + 1);
    assert_eq!(read(long.as_bytes()), Err(Refused::TooLarge));
    let large = vec![b'a'; (FILE_MAX_MB << 20) + 1];
    let refused = file("x", &large).within(FILE_MAX_MB).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::FileTooLarge);
}

/// A text in the last column of every row makes a table of empty cells: the file is small, what is read of it is not.
#[test]
fn a_table_takes_no_more_memory_than_it_may() {
    let row = format!("{}x\n", ",".repeat(COLUMNS_MAX - 1));
    let fits = TABLE_MAX_MB << 20;
    let rows = fits / (COLUMNS_MAX * size_of::<String>() + 1) + 1;
    assert_eq!(read(row.repeat(rows).as_bytes()), Err(Refused::TooLarge));
}

#[test]
fn one_long_text_in_many_cells_is_refused() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let text = "x".repeat(32_000);
    for row in 0..5_000 {
        sheet.write_string(row, 0, &text).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    assert!(bytes.len() < 1 << 20, "one string, many cells");
    assert_eq!(read(&bytes), Err(Refused::TooLarge));
}

proptest::proptest! {
    #[test]
    fn whatever_is_handed_over_ends_in_rows_or_a_refusal(bytes: Vec<u8>, zip: bool) {
        let bytes = if zip { [ZIP, &bytes].concat() } else { bytes };
        let _ends = read(&bytes);
    }
}
