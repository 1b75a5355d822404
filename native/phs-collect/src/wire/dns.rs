//! One DNS question and the check of its answer, to learn whether a server serves DNS at all.
//!
//! Messages are built and read by `hickory-proto`; names are resolved elsewhere, by the resolver.

use hickory_resolver::proto::op::{Message, MessageType, OpCode, Query};
use hickory_resolver::proto::rr::{Name, RecordType};
use hickory_resolver::proto::serialize::binary::{BinDecodable, BinEncodable};

use super::WireError;

/// A question for the SOA of `domain`: every server that hosts the zone has it, others refer or refuse.
pub fn request(id: u16, domain: &str) -> Result<Vec<u8>, WireError> {
    let what = "domain name";
    let name = Name::from_ascii(domain).map_err(|_| WireError::Invalid { what })?;
    let mut message = Message::new(id, MessageType::Query, OpCode::Query);
    message.metadata.recursion_desired = true;
    message.add_query(Query::query(name, RecordType::SOA));
    message.to_bytes().map_err(|_| WireError::Invalid { what })
}

/// The response code of an answer to question `id`.
pub fn decode(bytes: &[u8], id: u16) -> Result<u16, WireError> {
    let what = "DNS answer";
    let message = Message::from_bytes(bytes).map_err(|_| WireError::Invalid { what })?;
    if message.metadata.id != id || message.metadata.message_type != MessageType::Response {
        return Err(WireError::Invalid { what });
    }
    Ok(u16::from(message.metadata.response_code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_answer_belongs_to_its_question() {
        let mut answer = request(77, "contoso.test").unwrap();
        assert!(decode(&answer, 77).is_err(), "a question is no answer");
        answer[2] |= 0x80;
        answer[3] |= 0x05;
        assert_eq!(decode(&answer, 77).unwrap(), 5);
        assert!(decode(&answer, 78).is_err());
    }

    #[test]
    fn a_name_that_is_none_is_refused() {
        assert!(request(1, &"a".repeat(300)).is_err());
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode(&bytes, 1);
        }
    }
}
