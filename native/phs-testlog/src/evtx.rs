//! Writes the binary format of an event log: file header, chunks of 64 KiB, records in binary XML
//! (MS-EVEN6 2.2.12 for the tokens).
//!
//! Each chunk defines one template for each provider at its first record and refers to it afterwards, as Windows does.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::Record;

/// Size of the file header block.
pub const FILE_HEADER: usize = 4096;
/// Size of a chunk.
pub const CHUNK: usize = 65536;
/// Size of a chunk's header.
const CHUNK_HEADER: usize = 512;
/// Size of a record's header, without the copy of its size at the end.
const RECORD_HEADER: usize = 24;
/// 1601-01-01 in seconds before 1970-01-01.
const FILETIME_EPOCH: i64 = 11_644_473_600;
/// 2^7 is the mask of an array in a value's type.
const ARRAY: u8 = 0x80;

/// How the strings of an event are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strings {
    /// One string.
    One,
    /// An array of strings, one `Data` element each: what a classic provider writes.
    Array,
}

/// A record too large for a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge {
    /// Its number.
    pub record_id: u64,
}

impl std::fmt::Display for TooLarge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "record {} does not fit into a chunk", self.record_id)
    }
}

impl std::error::Error for TooLarge {}

/// A log of these records, oldest first.
///
/// # Errors
/// [`TooLarge`] for a record that does not fit into a chunk.
pub fn write(records: &[Record], strings: Strings) -> Result<Vec<u8>, TooLarge> {
    let mut log = Log::new(strings);
    let mut body = Vec::new();
    for record in records {
        body.extend(log.push(record)?);
    }
    let (header, last) = log.finish();
    Ok([header, body, last].concat())
}

/// A log that is written while its records are made, so that it may be larger than memory.
pub struct Log {
    chunk: Chunk,
    /// Chunks that were handed out.
    full: usize,
}

impl Log {
    /// A log without records.
    pub fn new(strings: Strings) -> Self {
        Self {
            chunk: Chunk::new(strings),
            full: 0,
        }
    }

    /// Appends a record, younger than those before it; gives the chunk that it filled up, to be written next, or nothing.
    /// The first of them stands behind [`FILE_HEADER`] octets.
    ///
    /// # Errors
    /// [`TooLarge`] for a record that does not fit into a chunk.
    pub fn push(&mut self, record: &Record) -> Result<Vec<u8>, TooLarge> {
        if self.chunk.push(record) {
            return Ok(Vec::new());
        }
        let next = Chunk::new(self.chunk.strings);
        let full = std::mem::replace(&mut self.chunk, next).finish(self.full);
        self.full += 1;
        if self.chunk.push(record) {
            Ok(full)
        } else {
            Err(TooLarge {
                record_id: record.record_id,
            })
        }
    }

    /// The header of the file, and its last chunk.
    pub fn finish(self) -> (Vec<u8>, Vec<u8>) {
        let header = file_header(self.full + 1, self.chunk.last + 1);
        (header, self.chunk.finish(self.full))
    }
}

/// Turns a log's chunks so that the oldest is no longer the first, as in a full log that was written around.
pub fn wrap(file: &[u8], by: usize) -> Vec<u8> {
    let (header, chunks) = file.split_at(FILE_HEADER);
    let mut turned: Vec<u8> = chunks.to_vec();
    turned.rotate_right(by * CHUNK);
    [header, &turned].concat()
}

fn file_header(chunks: usize, next_record: u64) -> Vec<u8> {
    let mut header = b"ElfFile\0".to_vec();
    header.extend(0u64.to_le_bytes());
    header.extend((chunks as u64 - 1).to_le_bytes());
    header.extend(next_record.to_le_bytes());
    header.extend(128u32.to_le_bytes());
    header.extend(1u16.to_le_bytes());
    header.extend(3u16.to_le_bytes());
    header.extend(4096u16.to_le_bytes());
    // A log of more chunks than this field can count has its count elsewhere: the file's size.
    header.extend(u16::try_from(chunks).unwrap_or(u16::MAX).to_le_bytes());
    header.resize(120, 0);
    let checksum = crc32fast::hash(&header);
    header.extend(0u32.to_le_bytes());
    header.extend(checksum.to_le_bytes());
    header.resize(FILE_HEADER, 0);
    header
}

/// One chunk being filled.
struct Chunk {
    data: Vec<u8>,
    strings: Strings,
    /// Offset of each name in the chunk.
    names: BTreeMap<String, u32>,
    /// Newest name of each bucket of the name table.
    name_buckets: [u32; 64],
    /// Offset of each provider's template.
    templates: BTreeMap<String, u32>,
    template_buckets: [u32; 32],
    first: u64,
    last: u64,
    last_offset: u32,
}

impl Chunk {
    fn new(strings: Strings) -> Self {
        Self {
            data: vec![0; CHUNK_HEADER],
            strings,
            names: BTreeMap::new(),
            name_buckets: [0; 64],
            templates: BTreeMap::new(),
            template_buckets: [0; 32],
            first: 0,
            last: 0,
            last_offset: 0,
        }
    }

    /// Appends a record; false when it does not fit, and then nothing has changed.
    fn push(&mut self, record: &Record) -> bool {
        let before = (
            self.data.len(),
            self.names.clone(),
            self.name_buckets,
            self.templates.clone(),
            self.template_buckets,
        );
        let start = self.data.len();
        self.record(record);
        if self.data.len() > CHUNK {
            self.data.truncate(before.0);
            self.names = before.1;
            self.name_buckets = before.2;
            self.templates = before.3;
            self.template_buckets = before.4;
            return false;
        }
        if self.first == 0 {
            self.first = record.record_id;
        }
        self.last = record.record_id;
        self.last_offset = position(start);
        true
    }

    fn record(&mut self, record: &Record) {
        let start = self.data.len();
        self.bytes(b"\x2a\x2a\0\0");
        self.u32(0);
        self.u64(record.record_id);
        self.u64(filetime(record.time));
        self.fragment();
        self.template_instance(record);
        self.bytes(&[0]);
        // Records begin at a multiple of eight.
        while !(self.data.len() + 4 - start).is_multiple_of(8) {
            self.bytes(&[0]);
        }
        let size = position(self.data.len() + 4 - start);
        self.u32(size);
        self.patch(start + 4, size);
        debug_assert!(size as usize > RECORD_HEADER);
    }

    fn template_instance(&mut self, record: &Record) {
        // The id stands for the template's GUID, which begins with it.
        let id = u32::from(name_hash(&record.provider)) | 0x5048_0000;
        self.bytes(&[0x0c, 1]);
        self.u32(id);
        if let Some(known) = self.templates.get(&record.provider) {
            let known = *known;
            self.u32(known);
        } else {
            let at = position(self.data.len() + 4);
            self.u32(at);
            self.templates.insert(record.provider.clone(), at);
            let bucket = id as usize % self.template_buckets.len();
            let next = std::mem::replace(&mut self.template_buckets[bucket], at);
            self.u32(next);
            self.u32(id);
            self.bytes(b"test-records");
            let size = self.data.len();
            self.u32(0);
            self.fragment();
            self.definition(&record.provider);
            self.bytes(&[0]);
            let length = position(self.data.len() - size - 4);
            self.patch(size, length);
        }
        self.values(record);
    }

    /// The event's shape; what differs between records are substitutions.
    fn definition(&mut self, provider: &str) {
        self.open(
            "Event",
            &[(
                ("xmlns"),
                Value::Text("http://schemas.microsoft.com/win/2004/08/events/event"),
            )],
            |it| {
                it.open("System", &[], |it| {
                    it.empty("Provider", &[("Name", Value::Text(provider))]);
                    it.leaf(
                        "EventID",
                        &[("Qualifiers", Value::Slot(1, 0x06))],
                        Value::Slot(0, 0x06),
                    );
                    it.leaf("Version", &[], Value::Slot(9, 0x04));
                    it.leaf("Level", &[], Value::Slot(2, 0x04));
                    it.leaf("Task", &[], Value::Slot(3, 0x06));
                    it.leaf("Opcode", &[], Value::Slot(10, 0x04));
                    it.leaf("Keywords", &[], Value::Slot(4, 0x15));
                    it.empty("TimeCreated", &[("SystemTime", Value::Slot(5, 0x11))]);
                    it.leaf("EventRecordID", &[], Value::Slot(6, 0x0a));
                    it.leaf("Channel", &[], Value::Text("Application"));
                    it.leaf("Computer", &[], Value::Slot(7, 0x01));
                    it.empty("Security", &[]);
                });
                let kind = match it.strings {
                    Strings::One => 0x01,
                    Strings::Array => 0x01 | ARRAY,
                };
                it.open("EventData", &[], |it| {
                    it.leaf("Data", &[], Value::Slot(8, kind));
                });
            },
        );
    }

    fn values(&mut self, record: &Record) {
        let text = match self.strings {
            Strings::One => (0x01, utf16(&record.strings.join("\n"))),
            Strings::Array => (
                0x01 | ARRAY,
                record
                    .strings
                    .iter()
                    .flat_map(|string| [utf16(string), vec![0, 0]].concat())
                    .collect(),
            ),
        };
        let values: [(u8, Vec<u8>); 11] = [
            (0x06, record.id.to_le_bytes().to_vec()),
            (0x06, 0u16.to_le_bytes().to_vec()),
            (0x04, vec![record.level]),
            (0x06, 0u16.to_le_bytes().to_vec()),
            // The keyword of every classic event.
            (0x15, 0x0080_0000_0000_0000u64.to_le_bytes().to_vec()),
            (0x11, filetime(record.time).to_le_bytes().to_vec()),
            (0x0a, record.record_id.to_le_bytes().to_vec()),
            (0x01, utf16(&record.computer)),
            text,
            (0x04, vec![0]),
            (0x04, vec![0]),
        ];
        self.u32(position(values.len()));
        for (kind, value) in &values {
            // A value too long for its length field makes the record too large for the chunk as well.
            let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
            self.bytes(&length.to_le_bytes());
            self.bytes(&[*kind, 0]);
        }
        for (_, value) in &values {
            self.bytes(value);
        }
    }

    /// An element with children.
    fn open(
        &mut self,
        name: &str,
        attributes: &[(&str, Value<'_>)],
        inside: impl FnOnce(&mut Self),
    ) {
        let size = self.start(name, attributes);
        self.bytes(&[0x02]);
        inside(self);
        self.bytes(&[0x04]);
        self.end(size);
    }

    /// An element with one value.
    fn leaf(&mut self, name: &str, attributes: &[(&str, Value<'_>)], value: Value<'_>) {
        self.open(name, attributes, |it| it.value(value));
    }

    /// An element without content.
    fn empty(&mut self, name: &str, attributes: &[(&str, Value<'_>)]) {
        let size = self.start(name, attributes);
        self.bytes(&[0x03]);
        self.end(size);
    }

    /// Begins an element; gives where its size stands.
    fn start(&mut self, name: &str, attributes: &[(&str, Value<'_>)]) -> usize {
        self.bytes(&[if attributes.is_empty() { 0x01 } else { 0x41 }]);
        self.bytes(&u16::MAX.to_le_bytes());
        let size = self.data.len();
        self.u32(0);
        self.name(name);
        if !attributes.is_empty() {
            let size_at = self.data.len();
            self.u32(0);
            for (index, (name, value)) in attributes.iter().enumerate() {
                let last = index + 1 == attributes.len();
                self.bytes(&[if last { 0x06 } else { 0x46 }]);
                self.name(name);
                self.value(*value);
            }
            let length = position(self.data.len() - size_at - 4);
            self.patch(size_at, length);
        }
        size
    }

    fn end(&mut self, size: usize) {
        let length = position(self.data.len() - size - 4);
        self.patch(size, length);
    }

    fn value(&mut self, value: Value<'_>) {
        match value {
            Value::Text(text) => {
                let units = utf16(text);
                self.bytes(&[0x05, 0x01]);
                let count = u16::try_from(units.len() / 2).unwrap_or(u16::MAX);
                self.bytes(&count.to_le_bytes());
                self.bytes(&units);
            }
            Value::Slot(index, kind) => {
                self.bytes(&[0x0d]);
                self.bytes(&index.to_le_bytes());
                self.bytes(&[kind]);
            }
        }
    }

    /// A name: where it stands, and at its first use the name itself.
    fn name(&mut self, name: &str) {
        if let Some(known) = self.names.get(name) {
            let known = *known;
            self.u32(known);
            return;
        }
        let at = position(self.data.len() + 4);
        self.u32(at);
        self.names.insert(name.to_owned(), at);
        let hash = name_hash(name);
        let bucket = usize::from(hash) % self.name_buckets.len();
        let next = std::mem::replace(&mut self.name_buckets[bucket], at);
        self.u32(next);
        self.bytes(&hash.to_le_bytes());
        let units = utf16(name);
        let count = u16::try_from(units.len() / 2).unwrap_or(u16::MAX);
        self.bytes(&count.to_le_bytes());
        self.bytes(&units);
        self.bytes(&[0, 0]);
    }

    fn fragment(&mut self) {
        self.bytes(&[0x0f, 1, 1, 0]);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.data.extend_from_slice(bytes);
    }

    fn u32(&mut self, number: u32) {
        self.bytes(&number.to_le_bytes());
    }

    fn u64(&mut self, number: u64) {
        self.bytes(&number.to_le_bytes());
    }

    fn patch(&mut self, at: usize, number: u32) {
        self.data[at..at + 4].copy_from_slice(&number.to_le_bytes());
    }

    fn finish(mut self, index: usize) -> Vec<u8> {
        let free = position(self.data.len());
        let checksum = crc32fast::hash(&self.data[CHUNK_HEADER..]);
        let mut header = b"ElfChnk\0".to_vec();
        for number in [self.first, self.last, self.first, self.last] {
            header.extend(number.to_le_bytes());
        }
        for number in [128, self.last_offset, free, checksum] {
            header.extend(number.to_le_bytes());
        }
        header.resize(128, 0);
        for offset in self.name_buckets.iter().chain(&self.template_buckets) {
            header.extend(offset.to_le_bytes());
        }
        debug_assert_eq!(header.len(), CHUNK_HEADER, "chunk {index}");
        let mut covered = header[..120].to_vec();
        covered.extend(&header[128..]);
        header[124..128].copy_from_slice(&crc32fast::hash(&covered).to_le_bytes());
        self.data[..CHUNK_HEADER].copy_from_slice(&header);
        self.data.resize(CHUNK, 0);
        self.data
    }
}

/// A value in a template.
#[derive(Debug, Clone, Copy)]
enum Value<'a> {
    /// The same in every record.
    Text(&'a str),
    /// The record's value of this number and type.
    Slot(u16, u8),
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn name_hash(name: &str) -> u16 {
    let hash = name.encode_utf16().fold(0u32, |hash, unit| {
        hash.wrapping_mul(65599).wrapping_add(u32::from(unit))
    });
    u16::try_from(hash & 0xffff).unwrap_or_default()
}

/// An offset inside a chunk.
fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn filetime(time: Timestamp) -> u64 {
    let hundreds = i128::from(FILETIME_EPOCH) * 10_000_000 + time.as_nanosecond() / 100;
    u64::try_from(hundreds).unwrap_or_default()
}
