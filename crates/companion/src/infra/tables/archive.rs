//! Looks into a spreadsheet before it is read: what its archive and its parts say of their own sizes may be missing or
//! false, and a reader that believes them ends the application.

use std::io::{self, BufReader, Cursor, Read};

use quick_xml::events::Event;
use zip::ZipArchive;

use super::Refused;

/// Unfolds every part once, to nowhere, and counts.
///
/// # Errors
/// `TooLarge` above `limit` bytes in all. `Unreadable` also when a list of strings claims more of them than it has bytes:
/// readers reserve memory by that number.
pub(super) fn examine(bytes: &[u8], limit: u64) -> Result<(), Refused> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refused::Unreadable)?;
    let mut left = limit;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| Refused::Unreadable)?;
        let has_strings =
            part.name().is_ok_and(|name| name.to_ascii_lowercase().ends_with("sharedstrings.xml"));
        // One byte more than may be there, so that the limit itself is not too much.
        let mut part = part.take(left + 1);
        let claimed = if has_strings { claimed_strings(&mut part)? } else { 0 };
        io::copy(&mut part, &mut io::sink()).map_err(|_| Refused::Unreadable)?;
        let size = left + 1 - part.limit();
        left = left.checked_sub(size).ok_or(Refused::TooLarge)?;
        if claimed > size {
            return Err(Refused::Unreadable);
        }
    }
    Ok(())
}

/// Returns how many strings a list says that it has; 0 when it does not say, or is no list.
fn claimed_strings(part: &mut impl Read) -> Result<u64, Refused> {
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| Refused::Unreadable)? {
            Event::Start(start) | Event::Empty(start) if start.local_name().as_ref() == "sst" => {
                let claimed = start.try_get_attribute("uniqueCount").map_err(|_| Refused::Unreadable)?;
                return claimed.map_or(Ok(0), |count| count.value.parse().map_err(|_| Refused::Unreadable));
            }
            Event::Eof => return Ok(0),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

    use super::*;

    const LIMIT: u64 = 100_000;

    /// Written to something that cannot go back, so that sizes follow the parts, as many programs write them.
    fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new_stream(Vec::new());
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, content) in parts {
            writer.start_file(*name, options).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn what_really_unfolds_is_counted() {
        let half = vec![b' '; usize::try_from(LIMIT / 2).unwrap()];
        let whole = archive(&[("a", &half), ("b", &half)]);
        assert!(
            ZipArchive::new(Cursor::new(&whole)).unwrap().decompressed_size().is_none(),
            "no size is said"
        );
        assert_eq!(examine(&whole, LIMIT), Ok(()));
        assert_eq!(
            examine(&archive(&[("a", &half), ("b", &half), ("c", b"x")]), LIMIT),
            Err(Refused::TooLarge)
        );
        assert_eq!(examine(b"PK\x03\x04", LIMIT), Err(Refused::Unreadable));
    }

    #[test]
    fn a_list_has_no_more_strings_than_bytes() {
        let list = |start: &str| {
            let content = format!("<?xml version=\"1.0\"?><!-- a list -->{start}<si><t>a</t></si></sst>");
            examine(&archive(&[("xl/SharedStrings.xml", content.as_bytes())]), LIMIT)
        };
        assert_eq!(list("<sst uniqueCount=\"1\">"), Ok(()));
        assert_eq!(list("<sst>"), Ok(()));
        for claimed in ["200000000000", "99999", "99999999999999999999999999", "-1", "many"] {
            let refused = Err(Refused::Unreadable);
            assert_eq!(list(&format!("<x:sst count='1' uniqueCount='{claimed}'>")), refused, "{claimed}");
        }
    }
}
