//! `.evtx` files: chunk by chunk, so that a damaged one costs only itself and memory stays flat.

use std::io::{Read, Seek, SeekFrom};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use evtx::err::EvtxError;
use evtx::{
    ChunkFlags, EvtxChunkData, EvtxFileHeader, EvtxRecordHeader, HeaderFlags, ParserSettings,
};
use jiff::Timestamp;

use super::error::EventError;
use super::record::{self, Seen};
use super::{Looking, Scan};
use crate::run::panic_text;
use crate::xml::{Xml, XmlError};

/// What such a file begins with.
pub(super) const MAGIC: &[u8; 8] = b"ElfFile\0";

const FILE_HEADER: u64 = 4096;
const CHUNK: usize = 65536;
const CHUNK_HEADER: usize = 512;
const CHUNK_MAGIC: &[u8; 8] = b"ElfChnk\0";

/// Reads a file of `size` bytes.
pub(super) fn scan(
    source: &mut (impl Read + Seek),
    size: u64,
    mut looking: Looking<'_>,
) -> Result<Scan, EventError> {
    let name = looking.name;
    let header = EvtxFileHeader::from_stream(source).map_err(|error| match size {
        0..FILE_HEADER => EventError::Truncated {
            place: name.to_owned(),
        },
        _ => EventError::Unreadable {
            path: name.to_owned(),
            detail: with_causes(&error),
        },
    })?;
    let body = size.saturating_sub(FILE_HEADER);
    let count = body / CHUNK as u64;
    let oldest = oldest_chunk(source, count).map_err(|error| EventError::from_io(name, &error))?;
    let settings = Arc::new(ParserSettings::new().indent(false));
    let mut data = Vec::new();
    // Windows writes a full log around: its oldest records may lie anywhere, and the file goes on at its start.
    for (done, number) in (oldest..count).chain(0..oldest).enumerate() {
        let percent = done as u64 * 100 / count.max(1);
        if !looking.reader.progress(u8::try_from(percent).unwrap_or(99)) {
            return Ok(looking.scan);
        }
        let offset = FILE_HEADER + number * CHUNK as u64;
        read_at(source, offset, CHUNK, &mut data)
            .map_err(|error| EventError::from_io(name, &error))?;
        let chunk = Chunk {
            offset,
            live: may_be_live(&header, number),
            settings: &settings,
        };
        if !chunk.read(std::mem::take(&mut data), &mut looking) {
            return Ok(looking.scan);
        }
    }
    let rest = body % CHUNK as u64;
    if rest > 0 {
        let offset = size - rest;
        read_at(source, offset, CHUNK, &mut data)
            .map_err(|error| EventError::from_io(name, &error))?;
        if data.iter().any(|&byte| byte != 0) {
            let after = looking.scan.newest;
            looking
                .scan
                .damage(offset, "the file ends inside of this chunk", after);
        }
    }
    Ok(looking.scan)
}

/// Whether this chunk may have been written to when the file was copied: its checksums are then those of before.
fn may_be_live(header: &EvtxFileHeader, number: u64) -> bool {
    // The header may be one chunk behind.
    header.flags.contains(HeaderFlags::DIRTY)
        && (number == header.last_chunk_number || number == header.last_chunk_number + 1)
}

/// The chunk that holds the oldest records: the one whose header names the lowest record.
fn oldest_chunk(source: &mut (impl Read + Seek), count: u64) -> std::io::Result<u64> {
    let mut oldest = (u64::MAX, 0);
    let mut header = Vec::new();
    for number in 0..count {
        read_at(source, FILE_HEADER + number * CHUNK as u64, 48, &mut header)?;
        let field = |at: usize| {
            header
                .get(at..at + 8)
                .and_then(|bytes| bytes.try_into().ok())
                .map(u64::from_le_bytes)
        };
        if header.starts_with(CHUNK_MAGIC)
            && let (Some(first), Some(last)) = (field(24), field(32))
            && first <= last
            && first < oldest.0
        {
            oldest = (first, number);
        }
    }
    Ok(oldest.1)
}

/// Reads up to `length` bytes at an offset; fewer at the end of the file.
fn read_at(
    source: &mut (impl Read + Seek),
    offset: u64,
    length: usize,
    into: &mut Vec<u8>,
) -> std::io::Result<()> {
    into.clear();
    source.seek(SeekFrom::Start(offset))?;
    source.take(length as u64).read_to_end(into)?;
    Ok(())
}

/// A record as its header says: where it stands, its number and time.
#[derive(Debug, Clone, Copy)]
struct Place {
    offset: u64,
    id: u64,
    time: Timestamp,
}

/// A record as XML, or what is wrong with it.
type Rendered = (u64, Result<Vec<u8>, String>);

/// One chunk of the file.
struct Chunk<'a> {
    offset: u64,
    live: bool,
    settings: &'a Arc<ParserSettings>,
}

impl Chunk<'_> {
    /// Reads its records; false ends the reading.
    fn read(&self, data: Vec<u8>, looking: &mut Looking<'_>) -> bool {
        if data.iter().all(|&byte| byte == 0) {
            // Windows lets a log grow by empty chunks.
            return true;
        }
        let after = looking.scan.newest;
        let mut chunk = match EvtxChunkData::new(data, false) {
            Ok(chunk) => chunk,
            Err(error) => {
                looking.scan.damage(self.offset, with_causes(&error), after);
                return true;
            }
        };
        let excused = self.live || chunk.header.flags.contains(ChunkFlags::DIRTY);
        if !excused && !chunk.validate_checksum() {
            looking.scan.damage(
                self.offset,
                "the checksum of this chunk is not that of its content",
                after,
            );
            return true;
        }
        let places = self.places(&chunk);
        for place in &places {
            looking.scan.saw(place.time);
        }
        if !mentions_us(&chunk.data) {
            looking.scan.foreign |= !places.is_empty();
            return true;
        }
        let wanted = |time: Timestamp| looking.filter.time(time);
        let settings = Arc::clone(self.settings);
        let rendered =
            std::panic::catch_unwind(AssertUnwindSafe(|| render(&mut chunk, settings, wanted)));
        let rendered = match rendered {
            Ok(Ok(rendered)) => rendered,
            Ok(Err(detail)) => {
                looking.scan.damage(self.offset, detail, after);
                return true;
            }
            Err(panic) => {
                looking.scan.damage(self.offset, panic_text(&*panic), after);
                return true;
            }
        };
        for (id, xml) in rendered {
            let place = places.iter().find(|place| place.id == id);
            let offset = place.map_or(self.offset, |place| place.offset);
            let read =
                xml.and_then(|xml| one_event(xml, looking.name).map_err(|it| it.to_string()));
            match read {
                Ok(Some(Seen::Ours(record))) => {
                    if !looking.record(*record) {
                        return false;
                    }
                }
                Ok(Some(Seen::Foreign(_)) | None) => looking.scan.foreign = true,
                Err(detail) => {
                    let time = place.map(|place| place.time);
                    looking.scan.damage(offset, detail, time.or(after));
                    if let (Some(time), Some(part)) = (time, looking.scan.damaged.last_mut()) {
                        part.to = Some(time);
                    }
                }
            }
        }
        true
    }

    /// Where the records stand, by their headers alone.
    fn places(&self, chunk: &EvtxChunkData) -> Vec<Place> {
        let end = (chunk.header.free_space_offset as usize).min(chunk.data.len());
        let mut places = Vec::new();
        let mut at = CHUNK_HEADER;
        while at < end
            && let Ok(header) = EvtxRecordHeader::from_bytes_at(&chunk.data, at)
        {
            places.push(Place {
                offset: self.offset + at as u64,
                id: header.event_record_id,
                time: header.timestamp,
            });
            match header.data_size {
                // Smaller than its own header: there is no way on.
                0..28 => break,
                size => at += size as usize,
            }
        }
        places
    }
}

/// The wanted records of a chunk as XML.
fn render(
    chunk: &mut EvtxChunkData,
    settings: Arc<ParserSettings>,
    wanted: impl Fn(Timestamp) -> bool,
) -> Result<Vec<Rendered>, String> {
    let mut chunk = chunk.parse(settings).map_err(|error| with_causes(&error))?;
    let mut all = Vec::new();
    for record in chunk.iter() {
        match record {
            Ok(record) if wanted(record.timestamp) => {
                let id = record.event_record_id;
                let xml = record.into_xml_bytes();
                all.push((
                    id,
                    xml.map(|xml| xml.data).map_err(|error| with_causes(&error)),
                ));
            }
            Ok(_) => {}
            Err(error) => {
                let id = match &error {
                    EvtxError::FailedToParseRecord { record_id, .. } => *record_id,
                    _ => 0,
                };
                all.push((id, Err(with_causes(&error))));
            }
        }
    }
    Ok(all)
}

/// The event of a record; none where another provider wrote it.
fn one_event(xml: Vec<u8>, name: &str) -> Result<Option<Seen>, XmlError> {
    if !mentions_us(&xml) {
        return Ok(None);
    }
    let size = xml.len();
    let mut xml = Xml::with_buffer(Box::new(std::io::Cursor::new(xml)), name, size);
    let mut seen = None;
    xml.roots(|xml, root| {
        if root.name == "Event" {
            seen = Some(record::read(xml)?);
        }
        Ok(())
    })?;
    Ok(seen)
}

/// Whether the letters that both providers share ("sync") stand anywhere, in any letter case, in bytes or in UTF-16: a
/// chunk without them need not be understood.
fn mentions_us(data: &[u8]) -> bool {
    memchr::memchr2_iter(b'y', b'Y', data).any(|at| {
        let spells = |step: usize| {
            at >= step
                && [(at - step, b's'), (at + step, b'n'), (at + 2 * step, b'c')]
                    .iter()
                    .all(|&(at, letter)| {
                        data.get(at)
                            .is_some_and(|byte| byte.eq_ignore_ascii_case(&letter))
                    })
        };
        spells(1) || spells(2)
    })
}

/// An error and what caused it, in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        next = cause.source();
    }
    text
}
