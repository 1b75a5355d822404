#!/usr/bin/env bash
# Reads generated event logs back with a parser of another make (python-evtx), so that writer and reader of this project
# cannot agree on a mistake: numbers, ids, times, providers and texts must be those that were written.
#
#   tests/events/verify.sh [COUNT]     how many records the log has; 3000 where it is left out
set -euo pipefail

count=${1:-3000}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
version=0.8.1
tools="$root/target/python-evtx-$version"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [[ ! -x $tools/bin/python3 ]]; then
    python3 -m venv "$tools"
    "$tools/bin/python3" -m pip install --quiet --disable-pip-version-check "python-evtx==$version"
fi
cargo run --quiet --manifest-path "$root/Cargo.toml" -p phs-testlog -- "$count" "$work/log.evtx" "$work/records.jsonl"
"$tools/bin/python3" "$root/tests/events/verify.py" "$work/log.evtx" "$work/records.jsonl"
