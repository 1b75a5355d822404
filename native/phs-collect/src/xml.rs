//! A streaming reader over one XML file, with limits.
//!
//! Elements are visited by closures; what a closure does not visit is passed over without building anything, so that a
//! schema of megabytes costs little. Only the five predefined entities and character references are resolved; a document
//! type definition is an error before anything in it is read.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use quick_xml::encoding::DecodingReader;
use quick_xml::errors::{IllFormedError, SyntaxError};
use quick_xml::escape::{EscapeError, resolve_predefined_entity};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Error, Reader, XmlVersion};

/// Deepest nesting of elements.
pub(crate) const MAX_DEPTH: usize = 64;
/// Longest text of one element or attribute, in bytes.
pub(crate) const MAX_TEXT: usize = 1 << 20;

/// Longest part of a value that an error quotes.
const QUOTED: usize = 160;

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file's name as the user knows it.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Byte offset of the text in UTF-8, from 0.
    pub offset: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}, line {}, offset {}",
            self.file, self.line, self.offset
        )
    }
}

/// What can be wrong with the XML of a file.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum XmlError {
    /// The file could not be read on.
    #[error("{file} could not be read: {error}")]
    Io {
        /// The file.
        file: String,
        /// What the system said.
        error: Arc<io::Error>,
    },
    /// It is no XML.
    #[error("not well-formed XML at {place}: {detail}")]
    NotXml {
        /// Where.
        place: Place,
        /// What the parser said.
        detail: String,
    },
    /// It ends before its last element does.
    #[error("the file ends too early at {place}")]
    Truncated {
        /// Where.
        place: Place,
    },
    /// It has a document type definition.
    #[error("document type definition at {place}")]
    Dtd {
        /// Where.
        place: Place,
    },
    /// Elements are nested deeper than [`MAX_DEPTH`].
    #[error("elements nested more than {MAX_DEPTH} deep at {place}")]
    TooDeep {
        /// Where.
        place: Place,
    },
    /// A text is longer than [`MAX_TEXT`].
    #[error("text longer than {MAX_TEXT} bytes at {place}")]
    TextTooLong {
        /// Where.
        place: Place,
    },
    /// Bytes are not of the encoding that the file declares.
    #[error("not UTF-8, nor UTF-16 with a byte order mark, at {place}")]
    Encoding {
        /// Where.
        place: Place,
    },
    /// XML of another kind, or a value that is needed and missing or wrong.
    #[error("{detail} at {place}")]
    Invalid {
        /// Where.
        place: Place,
        /// What is wrong.
        detail: String,
    },
}

/// A start tag.
#[derive(Debug)]
pub(crate) struct Element {
    /// Name without prefix.
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    /// An attribute by its name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

type Source = BufReader<Box<dyn Read + Send>>;

/// One XML file being read.
pub(crate) struct Xml {
    reader: Reader<Lines<DecodingReader<Source>>>,
    buffer: Vec<u8>,
    depth: usize,
    file: String,
}

/// What a visitor meets inside an element.
enum Piece {
    Child(Element),
    Text(String),
    End,
}

impl Xml {
    /// Reads from any source.
    pub(crate) fn from_read(source: Box<dyn Read + Send>, name: &str) -> Self {
        Self::with_buffer(source, name, 64 << 10)
    }

    /// Reads from any source through a buffer of this size.
    pub(crate) fn with_buffer(source: Box<dyn Read + Send>, name: &str, buffer: usize) -> Self {
        let decoded = DecodingReader::new(BufReader::with_capacity(buffer, source));
        let mut reader = Reader::from_reader(Lines {
            inner: decoded,
            lines: 0,
        });
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::new(),
            depth: 0,
            file: name.to_owned(),
        }
    }

    /// Where the reader is.
    pub(crate) fn place(&self) -> Place {
        Place {
            file: self.file.clone(),
            line: self.reader.get_ref().lines + 1,
            offset: self.reader.buffer_position(),
        }
    }

    /// A value that is needed and missing or wrong.
    pub(crate) fn invalid(&self, detail: impl Into<String>) -> XmlError {
        XmlError::Invalid {
            place: self.place(),
            detail: detail.into(),
        }
    }

    /// Visits the root element, which must have this name, and makes sure that nothing follows it.
    pub(crate) fn root<T>(
        &mut self,
        name: &str,
        visit: impl FnOnce(&mut Self, &Element) -> Result<T, XmlError>,
    ) -> Result<T, XmlError> {
        let root = loop {
            match self.piece()? {
                Piece::Child(root) => break root,
                Piece::Text(text) if text.trim().is_empty() => {}
                Piece::Text(_) => return Err(self.not_xml("text before the first element")),
                Piece::End => return Err(self.not_xml("no element")),
            }
        };
        if root.name != name {
            let found = clip(&root.name);
            return Err(self.invalid(format!("<{name}> expected, found <{found}>")));
        }
        let value = visit(self, &root)?;
        self.leave(1)?;
        loop {
            match self.piece()? {
                Piece::End => return Ok(value),
                Piece::Text(text) if text.trim().is_empty() => {}
                Piece::Text(_) | Piece::Child(_) => {
                    return Err(self.not_xml("content after the last element"));
                }
            }
        }
    }

    /// Visits each element at the top, of which there may be several or none.
    pub(crate) fn roots(
        &mut self,
        mut visit: impl FnMut(&mut Self, &Element) -> Result<(), XmlError>,
    ) -> Result<(), XmlError> {
        loop {
            match self.piece()? {
                Piece::Child(root) => {
                    visit(self, &root)?;
                    self.leave(1)?;
                }
                Piece::Text(text) if text.trim().is_empty() => {}
                Piece::Text(_) => return Err(self.not_xml("text outside of all elements")),
                Piece::End => return Ok(()),
            }
        }
    }

    /// Visits the children of the element whose start tag was read last; what the visitor leaves unread is passed over.
    /// Gives the element's own text.
    pub(crate) fn content(
        &mut self,
        mut visit: impl FnMut(&mut Self, &Element) -> Result<(), XmlError>,
    ) -> Result<String, XmlError> {
        let inside = self.depth;
        let mut content = String::new();
        while self.depth >= inside {
            match self.piece()? {
                Piece::Child(child) => {
                    let depth = self.depth;
                    visit(self, &child)?;
                    self.leave(depth)?;
                }
                Piece::Text(text) => {
                    self.check_length(content.len() + text.len())?;
                    content.push_str(&text);
                }
                Piece::End => {}
            }
        }
        Ok(content)
    }

    /// Visits the children of the element whose start tag was read last.
    pub(crate) fn children(
        &mut self,
        visit: impl FnMut(&mut Self, &Element) -> Result<(), XmlError>,
    ) -> Result<(), XmlError> {
        self.content(visit).map(drop)
    }

    /// The trimmed text of the element whose start tag was read last.
    pub(crate) fn text(&mut self) -> Result<String, XmlError> {
        let text = self.content(|_, _| Ok(()))?;
        Ok(text.trim().to_owned())
    }

    /// Passes over what is left of the element at this depth.
    fn leave(&mut self, depth: usize) -> Result<(), XmlError> {
        while self.depth >= depth {
            self.buffer.clear();
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(Event::Start(_)) => Step::Down,
                Ok(Event::End(_)) => Step::Up,
                Ok(Event::DocType(_)) => Step::Dtd,
                Ok(Event::Eof) => Step::Eof,
                Ok(_) => Step::On,
                Err(error) => return Err(self.broken(&error)),
            };
            self.step(&event)?;
        }
        Ok(())
    }

    /// The next child, text or end at any depth; at the end of the file, `End` outside of all elements.
    fn piece(&mut self) -> Result<Piece, XmlError> {
        loop {
            self.buffer.clear();
            let read = match self.reader.read_event_into(&mut self.buffer) {
                Ok(Event::Start(start)) => {
                    element(&start).map(|it| (Step::Down, Some(Piece::Child(it))))
                }
                Ok(Event::End(_)) => Ok((Step::Up, Some(Piece::End))),
                Ok(Event::Text(text)) => Ok((
                    Step::On,
                    Some(Piece::Text(text.xml10_content().into_owned())),
                )),
                Ok(Event::CData(data)) => Ok((
                    Step::On,
                    Some(Piece::Text(data.xml10_content().into_owned())),
                )),
                Ok(Event::GeneralRef(name)) => {
                    reference(&name).map(|text| (Step::On, Some(Piece::Text(text))))
                }
                Ok(Event::DocType(_)) => Ok((Step::Dtd, None)),
                Ok(Event::Eof) => Ok((Step::Eof, Some(Piece::End))),
                Ok(Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => {
                    Ok((Step::On, None))
                }
                Err(error) => Err(error),
            };
            let (step, piece) = read.map_err(|error| self.broken(&error))?;
            self.step(&step)?;
            match piece {
                Some(Piece::Text(text)) => {
                    self.check_length(text.len())?;
                    return Ok(Piece::Text(text));
                }
                Some(piece) => return Ok(piece),
                None => {}
            }
        }
    }

    fn step(&mut self, step: &Step) -> Result<(), XmlError> {
        match step {
            Step::Down => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(XmlError::TooDeep {
                        place: self.place(),
                    });
                }
            }
            Step::Up => self.depth = self.depth.saturating_sub(1),
            Step::Dtd => {
                return Err(XmlError::Dtd {
                    place: self.place(),
                });
            }
            Step::Eof if self.depth > 0 => {
                return Err(XmlError::Truncated {
                    place: self.place(),
                });
            }
            Step::On | Step::Eof => {}
        }
        Ok(())
    }

    fn check_length(&self, length: usize) -> Result<(), XmlError> {
        if length > MAX_TEXT {
            return Err(XmlError::TextTooLong {
                place: self.place(),
            });
        }
        Ok(())
    }

    fn not_xml(&self, detail: &str) -> XmlError {
        XmlError::NotXml {
            place: self.place(),
            detail: detail.to_owned(),
        }
    }

    /// An error of the parser. Markup that is cut off by the end of the file is a truncated file, once an element was met.
    fn broken(&mut self, error: &Error) -> XmlError {
        match error {
            Error::Io(error) => XmlError::Io {
                file: self.file.clone(),
                error: Arc::clone(error),
            },
            Error::Encoding(_) => XmlError::Encoding {
                place: self.place(),
            },
            Error::Syntax(SyntaxError::UnclosedDoctype) => XmlError::Dtd {
                place: self.place(),
            },
            Error::Syntax(_) | Error::IllFormed(IllFormedError::UnclosedReference)
                if self.depth > 0 && self.at_end() =>
            {
                XmlError::Truncated {
                    place: self.place(),
                }
            }
            _ => XmlError::NotXml {
                place: self.place(),
                detail: clip(&error.to_string()),
            },
        }
    }

    fn at_end(&mut self) -> bool {
        self.reader.get_mut().fill_buf().is_ok_and(<[u8]>::is_empty)
    }
}

/// What an event does to the depth.
enum Step {
    Down,
    Up,
    On,
    Dtd,
    Eof,
}

fn element(start: &BytesStart<'_>) -> Result<Element, Error> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute?;
        attributes.push((
            attribute.key.local_name().as_ref().to_owned(),
            attribute
                .normalized_value(XmlVersion::Explicit1_0)?
                .into_owned(),
        ));
    }
    Ok(Element {
        name: start.local_name().as_ref().to_owned(),
        attributes,
    })
}

/// A character reference or one of the five predefined entities; no other is known.
fn reference(name: &BytesRef<'_>) -> Result<String, Error> {
    if let Some(character) = name.resolve_char_ref()? {
        return Ok(character.to_string());
    }
    resolve_predefined_entity(name)
        .map(str::to_owned)
        .ok_or_else(|| EscapeError::UnrecognizedEntity(0..name.len(), (**name).to_owned()).into())
}

/// The start of a text, for an error.
pub(crate) fn clip(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

/// Counts the lines that were read.
struct Lines<R> {
    inner: R,
    lines: u64,
}

impl<R: BufRead> Read for Lines<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut available = self.fill_buf()?;
        let count = available.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Lines<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        // Served from the buffer that the caller has just seen.
        if let Ok(available) = self.inner.fill_buf() {
            let read = available.get(..count).unwrap_or(available);
            self.lines += memchr::memchr_iter(b'\n', read).count() as u64;
        }
        self.inner.consume(count);
    }
}
