//! Handles: numbers that stand for objects of the library. A wrong one is an error, never undefined behaviour.
//!
//! A handle holds its kind (bits 56-62), the generation of its slot (bits 24-55) and the slot (bits 0-23). It is never 0
//! and fits a signed 64-bit integer. Each use of a slot has a new generation; a slot whose generations are used up is not
//! used again, so a stale handle stays stale for ever.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a handle stands for. The numbers are part of every handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Run = 1,
    Secret = 2,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Secret => "secret",
        }
    }
}

const SLOT_BITS: u32 = 24;
const KIND_SHIFT: u32 = 56;

/// A handle that stands for nothing alive of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Invalid {
    pub(crate) handle: u64,
    pub(crate) kind: Kind,
}

/// The table is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full {
    pub(crate) limit: usize,
}

/// Objects of one kind by handle. Its lock is held for a look-up only: never while an object works, waits or is dropped.
#[derive(Debug)]
pub(crate) struct Table<T> {
    kind: Kind,
    limit: usize,
    slots: Mutex<Slots<T>>,
}

#[derive(Debug)]
struct Slots<T> {
    all: Vec<Slot<T>>,
    free: VecDeque<u32>,
}

#[derive(Debug)]
struct Slot<T> {
    generation: u32,
    object: Option<T>,
}

impl<T> Table<T> {
    /// An empty table for at most `limit` objects at a time.
    pub(crate) const fn new(kind: Kind, limit: usize) -> Self {
        assert!(limit < 1 << SLOT_BITS);
        Self {
            kind,
            limit,
            slots: Mutex::new(Slots {
                all: Vec::new(),
                free: VecDeque::new(),
            }),
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// Takes an object in.
    ///
    /// # Errors
    /// Gives the object up where the table is full; it is dropped after the lock.
    pub(crate) fn insert(&self, object: T) -> Result<u64, Full> {
        let mut slots = self.lock();
        let index = if let Some(index) = slots.free.pop_front() {
            index
        } else {
            match u32::try_from(slots.all.len()) {
                Ok(index) if slots.all.len() < self.limit => {
                    slots.all.push(Slot {
                        generation: 0,
                        object: None,
                    });
                    index
                }
                _ => {
                    drop(slots);
                    drop(object);
                    return Err(Full { limit: self.limit });
                }
            }
        };
        let slot = &mut slots.all[index as usize];
        slot.generation += 1;
        slot.object = Some(object);
        Ok(self.handle(slot.generation, index))
    }

    /// Takes an object out. Of several calls with one handle exactly one gets it.
    ///
    /// # Errors
    /// The handle is stale, foreign or was never given out.
    pub(crate) fn remove(&self, handle: u64) -> Result<T, Invalid> {
        let mut slots = self.lock();
        let index = self.find(&slots, handle)?;
        let slot = &mut slots.all[index as usize];
        let last = slot.generation == u32::MAX;
        let object = slot.object.take().ok_or(self.invalid(handle))?;
        if !last {
            slots.free.push_back(index);
        }
        Ok(object)
    }

    fn find(&self, slots: &Slots<T>, handle: u64) -> Result<u32, Invalid> {
        let index = (handle & ((1 << SLOT_BITS) - 1)) as usize;
        let slot = slots.all.get(index).ok_or(self.invalid(handle))?;
        let index = u32::try_from(index).map_err(|_| self.invalid(handle))?;
        if slot.object.is_some() && handle == self.handle(slot.generation, index) {
            Ok(index)
        } else {
            Err(self.invalid(handle))
        }
    }

    fn handle(&self, generation: u32, index: u32) -> u64 {
        (self.kind as u64) << KIND_SHIFT | u64::from(generation) << SLOT_BITS | u64::from(index)
    }

    fn invalid(&self, handle: u64) -> Invalid {
        Invalid {
            handle,
            kind: self.kind,
        }
    }

    /// No code that can panic half way runs under the lock, so its state is whole even after a panic elsewhere.
    fn lock(&self) -> MutexGuard<'_, Slots<T>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone> Table<T> {
    /// A clone of the object, made under the lock: it stays usable if another thread frees the handle.
    ///
    /// # Errors
    /// As [`remove`](Self::remove).
    pub(crate) fn get(&self, handle: u64) -> Result<T, Invalid> {
        let slots = self.lock();
        let index = self.find(&slots, handle)?;
        slots.all[index as usize]
            .object
            .clone()
            .ok_or(self.invalid(handle))
    }
}

#[cfg(test)]
mod tests;
