//! XLSX with numbers that are numbers and days that are days.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook};

use super::Written;
use super::cells::{Cell, Sheet};
use crate::api::ExportKind;

/// Longest name of a sheet that Excel takes.
const SHEET_NAME_MAX: usize = 31;
/// What it does not take in one.
const NOT_IN_SHEET_NAMES: [char; 8] = ['[', ']', ':', '*', '?', '/', '\\', '\''];
/// Widths of columns, in digits: the least and the greatest.
const WIDTHS: (u16, u16) = (8, 48);
/// The room that the button of the filter takes in a head.
const FILTER_BUTTON: u16 = 2;

pub(super) fn written(sheet: &Sheet<'_>) -> Written {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.set_name(sheet_name(sheet.name))?;
    page.set_freeze_panes(1, 0)?;
    let head = Format::new()
        .set_bold()
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(0xEE_F0_EF))
        .set_border_bottom(FormatBorder::Thin);
    for (index, (column, (name, kind))) in (0_u16..).zip(&sheet.columns).enumerate() {
        page.write_string_with_format(0, column, *name, &head)?;
        page.set_column_format(column, &format_of(*kind))?;
        page.set_column_width(column, width(sheet, index))?;
    }
    for (index, cells) in (1_u32..).zip(&sheet.rows) {
        for ((column, cell), (_, kind)) in (0_u16..).zip(cells).zip(&sheet.columns) {
            let format = format_of(*kind);
            match cell {
                Cell::Empty => continue,
                // Written as a string, it is never taken for a formula.
                Cell::Text(text) => page.write_string_with_format(index, column, *text, &format)?,
                Cell::Count(count) => page.write_with_format(index, column, *count, &format)?,
                Cell::Money(yuan) => page.write_with_format(index, column, *yuan, &format)?,
                Cell::Moment(at) => page.write_with_format(index, column, at, &format)?,
                Cell::Day(day) => page.write_with_format(index, column, day, &format)?,
            };
        }
    }
    if let (Some(last), Ok(rows)) = (sheet.columns.len().checked_sub(1), u32::try_from(sheet.rows.len())) {
        page.autofilter(0, 0, rows, u16::try_from(last)?)?;
    }
    Ok(book.save_to_buffer()?)
}

fn format_of(kind: ExportKind) -> Format {
    match kind {
        ExportKind::Text => Format::new().set_num_format("@"),
        ExportKind::Count => Format::new().set_num_format("#,##0"),
        ExportKind::Money => Format::new().set_num_format("\"¥\"#,##0.00"),
        ExportKind::Moment => Format::new().set_num_format("yyyy-mm-dd hh:mm"),
        ExportKind::Day => Format::new().set_num_format("yyyy-mm-dd"),
    }
}

/// As wide as its longest text; a Chinese character takes two digits' room.
fn width(sheet: &Sheet<'_>, column: usize) -> u16 {
    let (least, most) = WIDTHS;
    let head = sheet.columns.get(column).map_or("", |(head, _)| *head);
    let values = sheet.rows.iter().filter_map(|row| row.get(column)).map(|cell| match cell {
        Cell::Text(text) => room(text),
        Cell::Count(count) => u16::try_from(count.to_string().len() * 4 / 3).unwrap_or(most),
        Cell::Money(_) => 12,
        Cell::Moment(_) => 17,
        Cell::Day(_) => 11,
        Cell::Empty => 0,
    });
    let widest = values.max().unwrap_or(0).max(room(head).saturating_add(FILTER_BUTTON));
    widest.saturating_add(2).clamp(least, most)
}

fn room(text: &str) -> u16 {
    text.chars().map(|letter| if letter.is_ascii() { 1_u16 } else { 2 }).fold(0, u16::saturating_add)
}

fn sheet_name(name: &str) -> String {
    let name: String =
        name.chars().filter(|letter| !NOT_IN_SHEET_NAMES.contains(letter)).take(SHEET_NAME_MAX).collect();
    if name.trim().is_empty() { "1".to_owned() } else { name }
}
