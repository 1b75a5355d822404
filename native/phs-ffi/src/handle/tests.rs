use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// Threads and rounds of the stress tests: enough to meet each other, few enough for an interpreter.
const THREADS: usize = 4;
const ROUNDS: usize = if cfg!(miri) { 30 } else { 20_000 };

#[test]
fn a_handle_finds_its_object_until_freed_once() {
    let table = Table::new(Kind::Run, 10);
    let first = table.insert("first").unwrap();
    let second = table.insert("second").unwrap();
    assert_eq!(table.get(first), Ok("first"));
    assert_eq!(table.remove(second), Ok("second"));
    let invalid = Invalid {
        handle: second,
        kind: Kind::Run,
    };
    assert_eq!(table.get(second), Err(invalid));
    assert_eq!(table.remove(second), Err(invalid));
    assert_eq!(table.get(first), Ok("first"));
}

#[test]
fn a_stale_handle_does_not_reach_the_next_object_of_its_slot() {
    let table = Table::new(Kind::Run, 1);
    let stale = table.insert("old").unwrap();
    table.remove(stale).unwrap();
    let fresh = table.insert("new").unwrap();
    assert_ne!(stale, fresh);
    assert!(table.get(stale).is_err());
    assert!(table.remove(stale).is_err());
    assert_eq!(table.get(fresh), Ok("new"));
}

#[test]
fn foreign_and_invented_handles_are_refused() {
    let runs = Table::new(Kind::Run, 10);
    let secrets = Table::new(Kind::Secret, 10);
    let run = runs.insert(1).unwrap();
    let secret = secrets.insert(2).unwrap();
    assert!(runs.get(secret).is_err());
    assert!(secrets.remove(run).is_err());
    for invented in [0, 1, u64::MAX, run + 1, run | 1 << 63, run ^ 1 << 24] {
        assert!(runs.get(invented).is_err(), "{invented:#x}");
        assert!(runs.remove(invented).is_err(), "{invented:#x}");
    }
    assert_eq!(runs.get(run), Ok(1));
}

#[test]
fn handles_fit_a_signed_integer_and_are_never_zero() {
    let table = Table::new(Kind::Secret, 10);
    table.lock().all.push(Slot {
        generation: u32::MAX - 1,
        object: None,
    });
    table.lock().free.push_back(0);
    let last = table.insert(()).unwrap();
    assert!(i64::try_from(last).unwrap() > 0);
}

#[test]
fn a_slot_without_generations_left_is_retired() {
    let table = Table::new(Kind::Run, 2);
    table.lock().all.push(Slot {
        generation: u32::MAX - 1,
        object: None,
    });
    table.lock().free.push_back(0);
    let last = table.insert("last").unwrap();
    assert_eq!(table.remove(last), Ok("last"));
    let next = table.insert("next").unwrap();
    assert_eq!(next & 0xff_ffff, 1, "another slot is used");
    assert!(table.get(last).is_err());
}

#[test]
fn a_full_table_gives_the_object_up_and_recovers() {
    let table = Table::new(Kind::Run, 2);
    let first = table.insert(1).unwrap();
    table.insert(2).unwrap();
    assert_eq!(table.insert(3), Err(Full { limit: 2 }));
    table.remove(first).unwrap();
    assert!(table.insert(4).is_ok());
}

/// Objects that count themselves: at the end none may be left or dropped twice.
#[derive(Debug)]
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(alive: &Arc<AtomicUsize>) -> Arc<Self> {
        alive.fetch_add(1, Ordering::Relaxed);
        Arc::new(Self(Arc::clone(alive)))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[test]
fn of_many_frees_of_one_handle_one_wins() {
    let alive = Arc::new(AtomicUsize::new(0));
    let table = Table::new(Kind::Run, 100);
    let wins = AtomicUsize::new(0);
    let barrier = std::sync::Barrier::new(THREADS);
    let shared = Mutex::new(0);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (table, wins, barrier, shared, alive) = (&table, &wins, &barrier, &shared, &alive);
            scope.spawn(move || {
                for _ in 0..ROUNDS / 10 {
                    if thread == 0 {
                        *shared.lock().unwrap() = table.insert(Counted::new(alive)).unwrap();
                    }
                    barrier.wait();
                    let handle = *shared.lock().unwrap();
                    // Readers and freers meet: a reader's clone stays whole whoever wins.
                    if let Ok(object) = table.get(handle) {
                        assert!(object.0.load(Ordering::Relaxed) > 0);
                    }
                    if table.remove(handle).is_ok() {
                        wins.fetch_add(1, Ordering::Relaxed);
                    }
                    barrier.wait();
                }
            });
        }
    });
    assert_eq!(wins.into_inner(), ROUNDS / 10);
    assert_eq!(alive.load(Ordering::Relaxed), 0);
}

#[test]
fn threads_that_start_use_and_free_never_meet_each_others_objects() {
    let table = Table::new(Kind::Run, 8);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let table = &table;
            scope.spawn(move || {
                let mut stale = 0;
                for round in 0..ROUNDS {
                    let mine = (thread, round);
                    let Ok(handle) = table.insert(mine) else {
                        panic!("never more than one object a thread");
                    };
                    assert!(table.get(stale).is_err());
                    assert_eq!(table.get(handle), Ok(mine));
                    assert_eq!(table.remove(handle), Ok(mine));
                    assert!(table.remove(handle).is_err());
                    stale = handle;
                }
            });
        }
    });
    assert!(table.lock().all.len() <= 8);
}
