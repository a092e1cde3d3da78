//! CSV as Excel and WPS read it: UTF-8 with a byte order mark, so that Chinese is not garbled, and CRLF.

use csv::{Terminator, WriterBuilder};

use super::Written;
use super::cells::{Cell, Sheet};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// What a text may not begin with, also behind what a spreadsheet leaves out at the front: it runs it as a formula.
const FORMULA_STARTS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

pub(super) fn written(sheet: &Sheet<'_>) -> Written {
    let mut bytes = BYTE_ORDER_MARK.to_vec();
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(&mut bytes);
    writer.write_record(sheet.columns.iter().map(|(head, _)| harmless(head)))?;
    for row in &sheet.rows {
        writer.write_record(row.iter().map(|cell| text(*cell)))?;
    }
    writer.flush()?;
    drop(writer);
    Ok(bytes)
}

fn text(cell: Cell<'_>) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => harmless(text),
        Cell::Count(count) => count.to_string(),
        Cell::Money(yuan) => format!("{yuan:.2}"),
        Cell::Moment(at) => at.format("%Y-%m-%d %H:%M:%S").to_string(),
        Cell::Day(day) => day.to_string(),
    }
}

/// An apostrophe before it makes a spreadsheet take it for text.
fn harmless(text: &str) -> String {
    let is_skipped = |letter: char| letter.is_whitespace() || letter.is_control() || letter == '\u{feff}';
    let runs = text.trim_start_matches(is_skipped).starts_with(FORMULA_STARTS);
    if runs || text.starts_with(char::is_control) { format!("'{text}") } else { text.to_owned() }
}
