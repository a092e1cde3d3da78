//! A file of a gigabyte, replayed as a stream.

use crate::growth::peak_megabytes;
use crate::shop::{Ids, events, setting};
use crate::text;
use billing_core::replay::{Statement, Stream};
use std::fs::File;
use std::io::{BufWriter, Write, sink};
use std::process::Command;

/// Uses per file; the larger file has 1 GB.
const USES: [usize; 3] = [125_000, 1_250_000, 12_500_000];

pub(crate) fn gigabyte() {
    println!("\nA file replayed as a stream, 1,000 lots (each a process of its own)\n");
    println!("| file | uses | peak memory | of it per id |\n|---|---|---|---|");
    for uses in USES {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut out = BufWriter::new(file.as_file());
        text::scenario(&mut out, &setting(), events(uses, 1_000, Ids::Counted)).unwrap();
        out.flush().unwrap();
        let size = file.as_file().metadata().unwrap().len();
        let this = std::env::current_exe().unwrap();
        let read = Command::new(this).arg("read").arg(file.path()).output().unwrap();
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
        let peak: f64 = String::from_utf8(read.stdout).unwrap().trim().parse().unwrap();
        let per_id = peak * 1024.0 * 1024.0 / f64::from(u32::try_from(uses).unwrap());
        println!("| {} MB | {uses} | {peak:.0} MB | {per_id:.0} B |", size / 1_000_000);
    }
}

/// Replays the file, prints its statement nowhere, and then the peak memory.
pub(crate) fn read(file: &str) {
    let stream = Stream::open(File::open(file).unwrap()).unwrap();
    serde_json::to_writer_pretty(BufWriter::new(sink()), &Statement::of(&stream).unwrap()).unwrap();
    println!("{}", peak_megabytes());
}
