//! How fast the core is, next to something that marks what is possible. `cargo xtask bench core` runs this.
//!
//! The sides of a comparison take turns, round by round, so that whatever else the machine does hits all alike; a ratio is
//! the median over the rounds. Memory is measured in a process of its own, started for each point.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a benchmark fails by panicking")]
#![allow(clippy::print_stdout, reason = "it speaks on its output")]

mod growth;
mod packs;
mod parse;
mod plan;
mod replay;
mod shop;
mod sides;
mod stream;
#[path = "../../tests/support/text.rs"]
mod text;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => {
            replay::compare();
            parse::compare();
            growth::curve();
            stream::gigabyte();
            plan::beside(&[]);
        }
        ["replay"] => replay::compare(),
        ["parse"] => parse::compare(),
        ["growth"] => growth::curve(),
        ["stream"] => stream::gigabyte(),
        ["plan", solver @ ..] => plan::beside(solver),
        // How this program calls itself, for a point whose memory is measured.
        ["point", events, lots] => growth::point(events.parse().unwrap(), lots.parse().unwrap()),
        ["read", file] => stream::read(file),
        other => panic!("not a benchmark: {other:?}; replay, parse, growth, stream or plan"),
    }
}
