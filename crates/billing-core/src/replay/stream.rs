//! A history too long for memory: read anew for each pass.
//!
//! The first pass checks every field and gathers ids. If the events are in time order, that is all that is kept, and
//! every later pass reads the text again; if not, they are sorted in memory.

use super::repeats::{Ids, Repeats};
use super::{History, Scenario, Setting, check, collect, wire};
use crate::account::Event;
use crate::input::{InputError, ReadError, Text};
use serde_json::de::IoRead;
use std::cell::RefCell;
use std::io::{self, BufReader, Read, Seek};

/// A checked scenario in a file.
#[derive(Debug)]
pub struct Stream<R>(Kept<R>);

#[derive(Debug)]
enum Kept<R> {
    InOrder { text: Rewound<R>, setting: Setting, repeats: Repeats },
    Sorted(Box<Scenario>),
}

/// A text that is read from its beginning each time.
#[derive(Debug)]
struct Rewound<R>(RefCell<R>);

/// A pass over it.
#[derive(Debug)]
struct Pass<'a, R>(&'a RefCell<R>);

impl<R: Read> Read for Pass<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.try_borrow_mut().map_err(io::Error::other)?.read(buffer)
    }
}

impl<R: Read + Seek> Text for Rewound<R> {
    type Read<'a>
        = IoRead<BufReader<Pass<'a, R>>>
    where
        R: 'a;

    fn open(&self) -> io::Result<serde_json::Deserializer<Self::Read<'_>>> {
        self.0.try_borrow_mut().map_err(io::Error::other)?.rewind()?;
        Ok(serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, Pass(&self.0))))
    }
}

impl<R: Read + Seek> Stream<R> {
    /// Reads a scenario from its beginning and checks it. The same text must be found again on every pass.
    pub fn open(text: R) -> Result<Self, ReadError> {
        let text = Rewound(RefCell::new(text));
        let mut ids = Ids::default();
        let mut last = None;
        let mut in_order = true;
        let wire = wire::read(&text, |index, event| {
            let event = check::event(index, event)?;
            in_order &= last.is_none_or(|last| last <= event.at);
            last = Some(event.at);
            ids.add(&event.id);
            Ok(())
        })?;
        Ok(Self(if in_order {
            Kept::InOrder { text, setting: check::setting(wire)?, repeats: ids.repeats() }
        } else {
            drop(ids);
            Kept::Sorted(Box::new(collect(&text)?))
        }))
    }
}

impl<R: Read + Seek> History for Stream<R> {
    fn setting(&self) -> &Setting {
        match &self.0 {
            Kept::InOrder { setting, .. } => setting,
            Kept::Sorted(scenario) => scenario.setting(),
        }
    }

    fn each(&self, mut apply: impl FnMut(&Event, bool) -> Result<(), InputError>) -> Result<(), ReadError> {
        let (text, setting, repeats) = match &self.0 {
            Kept::InOrder { text, setting, repeats } => (text, setting, repeats),
            Kept::Sorted(scenario) => return scenario.each(apply),
        };
        let mut walk = repeats.walk();
        let mut last = None;
        wire::read(text, |index, event| {
            let event = check::event(index, event)?;
            check::not_later(index, &event, setting.report_at)?;
            check::not_earlier(index, &event, last.replace(event.at))?;
            apply(&event, walk.is_repeat(&event.id))
        })?;
        Ok(())
    }
}
