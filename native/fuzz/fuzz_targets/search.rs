//! Hostile bytes as the answers to a paged search: cut anywhere, read as rows, judged as users.
#![no_main]

use std::hint::black_box;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use phs_collect::audit::{Columns, read_rows};
use phs_collect::wire::search::{self, Answer};
use phs_core::guide::user::{Detail, JudgeOptions, UserJudge, judge_user};

static JUDGE: LazyLock<UserJudge> = LazyLock::new(|| {
    let options = JudgeOptions { detail: Detail::Verdict, ..JudgeOptions::default() };
    UserJudge::new(None, options)
});
static COLUMNS: LazyLock<Columns> = LazyLock::new(|| Columns::new(JUDGE.attributes()));

fuzz_target!(|data: &[u8]| {
    // The first byte says where the stream is cut.
    let Some((cut, stream)) = data.split_first() else { return };
    let cut = stream.len() * usize::from(*cut) / 256;
    let at_once = search::entries(stream, 0);
    let in_two = search::entries(&stream[..cut], 0).and_then(|first| {
        assert!(first.length <= cut);
        search::entries(stream, first.length)
    });
    assert_eq!(in_two, at_once, "a cut changes what is read");
    let Ok(found) = at_once else { return };
    let (entries, rest) = stream.split_at(found.length);

    let mut users = 0;
    let read = read_rows(&COLUMNS, entries, |row| {
        users += 1;
        black_box(judge_user(&JUDGE, row, None));
    });
    // Every entry is longer than its two headers, its id and its name.
    assert!(users * 7 <= entries.len());
    black_box(read.ok());
    if let Some(length) = found.other
        && let Ok((_, answer)) = search::decode(&rest[..length])
    {
        assert!(!matches!(answer, Answer::Entry(_)));
    }
});
