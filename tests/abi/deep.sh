#!/usr/bin/env bash
# The library's own tests under AddressSanitizer, and its pure parts (handles, buffers, pointers) under Miri, with a nightly
# toolchain. Slow: everything is built again. What the toolchain lacks is skipped and said.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}/deep
host=$(rustc -vV | sed -n 's/^host: //p')
cd "$root"

if ! cargo +nightly --version >/dev/null 2>&1; then
    printf 'skip no nightly toolchain: neither AddressSanitizer nor Miri\n'
    exit 0
fi
# Leaks are valgrind's part (run.sh): the runtime's threads are never joined.
RUSTFLAGS=-Zsanitizer=address ASAN_OPTIONS=detect_leaks=0 \
    cargo +nightly test --package phs-ffi --lib --target "$host" --target-dir "$target"
if cargo +nightly miri --version >/dev/null 2>&1; then
    cargo +nightly miri test --package phs-ffi --lib --target-dir "$target" -- buffer:: handle:: pointer::
else
    printf 'skip the nightly toolchain has no Miri (rustup component add --toolchain nightly miri)\n'
fi
