//! The command line of the shared core: scenario files in, statements out.

use billing_core::input::ReadError;
use billing_core::plan::{self, PlanError};
use billing_core::replay::{Statement, Stream};
use billing_core::tariff::PriceList;
use billing_core::{InputError, Tariff, forecast, time};
use serde::Serialize;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::process::ExitCode;

const HELP: &str = "\
billing - the rules of paid phone-number verification, on the command line

usage: billing replay FILE|-   apply a history and print its statement
       billing plan FILE|- [--bound]
                               print the cheapest purchases for a demand; with --bound also what any purchases cost at
                               the very least, even where they overlap, and the gap to it
       billing forecast FILE|- print how much will be used, day by day and in all, with its 80 % band
       billing tariff [--on DAY] [--import FILE|-]
                               print prices, ids and dates with their sources: all of them, or those of a day
                               (2024-01-01); with --import, the shop's price list in FILE (JSON or CSV) over ours
       billing --help

FILE is JSON where nothing else is said; - reads standard input. The answer is JSON on standard output.
Exit status: 0 done; 1 the file cannot be read; 2 the command or the input is refused, with the path of the field
on standard error and nothing on standard output.

examples:
  billing replay - <<'END'
  { \"account\": { \"kind\": \"mini_program\", \"subject\": \"enterprise\", \"category\": \"retail\", \"verified\": true },
    \"capability\": \"quick\",
    \"events\": [ { \"id\": \"u1\", \"at\": \"2023-09-02T09:00:00+08:00\", \"type\": \"use\", \"calls\": 1200 } ],
    \"report_at\": \"2023-10-01T00:00:00+08:00\" }
  END

  billing forecast - <<'END'
  { \"first_day\": \"2024-01-01\", \"daily\": [3, 5, null, 4], \"horizon\": 30,
    \"closed\": [\"2024-01-20\"], \"campaigns\": [ { \"day\": \"2024-01-27\", \"factor\": 3 } ] }
  END
";

/// A plan with what overlapping purchases could save at the very most.
#[derive(Serialize)]
struct WithBound {
    #[serde(flatten)]
    plan: plan::Plan,
    #[serde(flatten)]
    gap: Option<plan::Gap>,
}

/// Why there is no answer.
enum Failure {
    /// Refused: exit status 2.
    Refused(InputError),
    /// Not a command: exit status 2.
    Usage(String),
    /// The file or a stream failed: exit status 1.
    Stream(io::Error),
}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Self {
        Self::Refused(error)
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Refused(error) => Self::Refused(error),
            ReadError::Stream(error) => Self::Stream(error),
        }
    }
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Input(error) => Self::Refused(error),
            error @ (PlanError::TooManyPurchases | PlanError::TooHard | PlanError::CostTooLarge) => {
                Self::Refused(InputError::new("packs", error))
            }
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Stream(error)
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (status, message) = match answer(&arguments) {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Refused(error)) => (2, error.to_string()),
        Err(Failure::Usage(message)) => (2, format!("{message}\n{HELP}")),
        Err(Failure::Stream(error)) => (1, error.to_string()),
    };
    // Standard error may be closed; the exit status still tells.
    drop(writeln!(io::stderr(), "billing: {message}"));
    ExitCode::from(status)
}

fn answer(arguments: &[&str]) -> Result<(), Failure> {
    match arguments {
        ["replay", "-"] => {
            // Read more than once, which standard input cannot be.
            let mut kept = tempfile::tempfile()?;
            io::copy(&mut io::stdin().lock(), &mut kept)?;
            replay(kept)
        }
        ["replay", file] => replay(File::open(file).map_err(|error| named(file, &error))?),
        ["plan", file] => print(&plan::solve(&plan::parse(&read(file)?)?)?),
        ["plan", file, "--bound"] | ["plan", "--bound", file] => {
            let input = plan::parse(&read(file)?)?;
            let plan = plan::solve(&input)?;
            print(&WithBound { gap: plan::gap(&input, &plan)?, plan })
        }
        ["forecast", file] => print(&forecast::forecast(&forecast::parse(&read(file)?)?)?),
        ["tariff", options @ ..] => tariff(options),
        ["--help" | "-h" | "help"] => Ok(io::stdout().write_all(HELP.as_bytes())?),
        [] => Err(Failure::Usage("a command is missing".to_owned())),
        other => Err(Failure::Usage(format!("not a command: {}", other.join(" ")))),
    }
}

fn tariff(options: &[&str]) -> Result<(), Failure> {
    let (mut day, mut own) = (None, None);
    let mut options = options.iter().copied();
    while let Some(option) = options.next() {
        let place = match option {
            "--on" => &mut day,
            "--import" => &mut own,
            other => return Err(Failure::Usage(format!("tariff has no option {other}"))),
        };
        let value = options.next().ok_or_else(|| Failure::Usage(format!("{option} needs a value")))?;
        if place.replace(value).is_some() {
            return Err(Failure::Usage(format!("{option} is given twice")));
        }
    }
    let with_own = own.map(|file| -> Result<Tariff, Failure> {
        let text = read(file)?;
        let is_json = text.trim_ascii_start().first() == Some(&b'{');
        let list = if is_json { PriceList::from_json(&text) } else { PriceList::from_csv(&text) };
        Ok(Tariff::embedded().with_price_list(&list?)?)
    });
    let with_own = with_own.transpose()?;
    let tariff = with_own.as_ref().unwrap_or(Tariff::embedded());
    match day {
        None => print(tariff),
        Some(text) => {
            let day = time::parse_day(text).map_err(|error| InputError::new("--on", error))?;
            print(&tariff.on(day))
        }
    }
}

fn replay(file: File) -> Result<(), Failure> {
    print(&Statement::of(&Stream::open(file)?)?)
}

fn read(file: &str) -> io::Result<Vec<u8>> {
    if file == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(file).map_err(|error| named(file, &error))
}

fn named(file: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{file}: {error}"))
}

/// Only what was worked out to the end is printed: a refusal leaves standard output empty.
fn print(answer: &impl Serialize) -> Result<(), Failure> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    serde_json::to_writer_pretty(&mut out, answer).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}
