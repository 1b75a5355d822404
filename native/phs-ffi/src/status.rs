//! Statuses: what every function returns. Numbers are contracts: never renumbered, never reused.

/// Version of the ABI that this header describes. It grows when a function, type or number changes its meaning; additions
/// leave it.
pub const PHS_ABI_VERSION: u32 = 1;

/// Done; what was asked for is in the out parameters.
pub const PHS_OK: i32 = 0;
/// Nothing happened within the time-out. Ask again.
pub const PHS_PENDING: i32 = 1;
/// The run is over and every event was delivered.
pub const PHS_END: i32 = 2;

// Errors of the call: -1 to -19. Last added: -5.

/// A pointer that must not be NULL is NULL.
pub const PHS_ERR_NULL_ARGUMENT: i32 = -1;
/// The handle was never given out, was freed, or belongs to something else.
pub const PHS_ERR_INVALID_HANDLE: i32 = -2;
/// The request is not UTF-8.
pub const PHS_ERR_INVALID_UTF8: i32 = -3;
/// The request is not the JSON that the function takes.
pub const PHS_ERR_INVALID_REQUEST: i32 = -4;
/// A length is larger than the function takes.
pub const PHS_ERR_TOO_LARGE: i32 = -5;

// Errors of resources: -20 to -39. Last added: -21.

/// Too many handles of this kind are alive.
pub const PHS_ERR_TOO_MANY_HANDLES: i32 = -20;
/// The library's threads could not be started.
pub const PHS_ERR_RUNTIME_UNAVAILABLE: i32 = -21;

// Faults of the library: -90 to -99. Last added: -90.

/// The library hit a fault of its own. The process can go on.
pub const PHS_ERR_PANIC: i32 = -90;

#[cfg(test)]
mod tests {
    use super::*;

    /// A number that changes here breaks every program that was built against the header.
    #[test]
    fn numbers_are_pinned() {
        let pinned = [
            (PHS_OK, 0),
            (PHS_PENDING, 1),
            (PHS_END, 2),
            (PHS_ERR_NULL_ARGUMENT, -1),
            (PHS_ERR_INVALID_HANDLE, -2),
            (PHS_ERR_INVALID_UTF8, -3),
            (PHS_ERR_INVALID_REQUEST, -4),
            (PHS_ERR_TOO_LARGE, -5),
            (PHS_ERR_TOO_MANY_HANDLES, -20),
            (PHS_ERR_RUNTIME_UNAVAILABLE, -21),
            (PHS_ERR_PANIC, -90),
        ];
        for (status, number) in pinned {
            assert_eq!(status, number);
        }
        // Whoever adds a status pins it above.
        let declared = include_str!("status.rs")
            .lines()
            .filter(|line| line.starts_with("pub const PHS_") && line.contains(": i32 ="))
            .count();
        assert_eq!(declared, pinned.len());
    }
}
