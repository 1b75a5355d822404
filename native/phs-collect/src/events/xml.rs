//! XML exports: `wevtutil qe` (no root element), Event Viewer (`<Events>`).

use std::io::Read;

use super::error::EventError;
use super::record::{self, Seen};
use super::{Looking, Scan};
use crate::xml::{Element, Xml, XmlError};

/// How often progress is told, in events.
const TELL_EVERY: usize = 256;

/// Reads an export of `size` bytes.
pub(super) fn scan(
    source: Box<dyn Read + Send>,
    size: u64,
    mut looking: Looking<'_>,
) -> Result<Scan, EventError> {
    let mut xml = Xml::from_read(source, looking.name);
    let mut seen = 0usize;
    let mut stopped = false;
    let read = xml.roots(|xml, root| {
        if root.name == "Events" {
            xml.children(|xml, child| {
                event(xml, child, size, &mut looking, &mut seen, &mut stopped)
            })
        } else {
            event(xml, root, size, &mut looking, &mut seen, &mut stopped)
        }
    });
    let mut scan = looking.scan;
    match read {
        Ok(()) if seen == 0 => Err(EventError::NoEvents {
            path: looking.name.to_owned(),
        }),
        Ok(()) => Ok(scan),
        Err(_) if stopped => Ok(scan),
        Err(error) if seen == 0 => Err(error.into()),
        Err(error) => {
            let after = scan.newest;
            scan.damage(xml.place().offset, error.to_string(), after);
            scan.broken = Some(error.into());
            Ok(scan)
        }
    }
}

/// One child of the export. What is no event is passed over.
fn event(
    xml: &mut Xml,
    element: &Element,
    size: u64,
    looking: &mut Looking<'_>,
    seen: &mut usize,
    stopped: &mut bool,
) -> Result<(), XmlError> {
    if element.name != "Event" {
        return Ok(());
    }
    let start = xml.place().offset;
    let go_on = match record::read(xml) {
        Ok(Seen::Ours(record)) => {
            looking.scan.saw(record.time);
            looking.record(*record)
        }
        Ok(Seen::Foreign(time)) => {
            looking.scan.foreign = true;
            if let Some(time) = time {
                looking.scan.saw(time);
            }
            true
        }
        // The markup is whole: only this event is lost.
        Err(error @ XmlError::Invalid { .. }) => {
            let after = looking.scan.newest;
            looking.scan.damage(start, error.to_string(), after);
            true
        }
        Err(error) => return Err(error),
    };
    *seen += 1;
    let told = if seen.is_multiple_of(TELL_EVERY) {
        // Offsets are of the decoded text, which may be longer or shorter than the file.
        let percent = start.saturating_mul(100) / size.max(1);
        looking
            .reader
            .progress(u8::try_from(percent.min(99)).unwrap_or(99))
    } else {
        true
    };
    if go_on && told {
        return Ok(());
    }
    *stopped = true;
    // Any error ends the reading; nobody sees this one.
    Err(xml.invalid("stopped"))
}
