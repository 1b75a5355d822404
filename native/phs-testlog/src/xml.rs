//! Writes a log as XML, in the shapes that administrators export.

use std::fmt::Write as _;

use crate::Record;

/// Who exported it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `wevtutil qe Application /f:xml`: one event after the other without a root element.
    Wevtutil,
    /// `wevtutil qe Application /f:RenderedXml`: the same with the message as it is shown.
    Rendered,
    /// Event Viewer, *Save All Events As*: a declaration and the root `<Events>`, message included.
    EventViewer,
}

/// The text of the export.
pub fn write(records: &[Record], shape: Shape) -> String {
    let mut out = begin(shape).to_owned();
    for record in records {
        event(&mut out, record, shape);
    }
    out.push_str(end(shape));
    out
}

/// What stands before the first event.
pub fn begin(shape: Shape) -> &'static str {
    match shape {
        Shape::Wevtutil | Shape::Rendered => "",
        Shape::EventViewer => {
            "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n<Events>"
        }
    }
}

/// What stands after the last event.
pub fn end(shape: Shape) -> &'static str {
    match shape {
        Shape::Wevtutil | Shape::Rendered => "",
        Shape::EventViewer => "</Events>",
    }
}

/// The same in UTF-16, little endian, with a byte order mark.
pub fn utf16(text: &str) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}

/// Appends one event.
pub fn event(out: &mut String, record: &Record, shape: Shape) {
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='{}'/>\
         <EventID Qualifiers='0'>{}</EventID><Version>0</Version><Level>{}</Level><Task>0</Task><Opcode>0</Opcode>\
         <Keywords>0x80000000000000</Keywords><TimeCreated SystemTime='{:.7}'/><EventRecordID>{}</EventRecordID>\
         <Correlation/><Execution ProcessID='0' ThreadID='0'/><Channel>Application</Channel><Computer>{}</Computer>\
         <Security/></System><EventData>",
        escape(&record.provider),
        record.id,
        record.level,
        record.time,
        record.record_id,
        escape(&record.computer),
    );
    for string in &record.strings {
        let _ = write!(out, "<Data>{}</Data>", escape(string));
    }
    out.push_str("</EventData>");
    if shape != Shape::Wevtutil {
        let _ = write!(
            out,
            "<RenderingInfo Culture='en-US'><Message>{}</Message><Level>Information</Level><Task/><Opcode>Info</Opcode>\
             <Channel/><Provider/><Keywords><Keyword>Classic</Keyword></Keywords></RenderingInfo>",
            escape(&record.strings.join("\n"))
        );
    }
    out.push_str("</Event>");
    if shape != Shape::EventViewer {
        out.push_str("\r\n");
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\'', "&apos;")
        .replace('\r', "&#xD;")
}
