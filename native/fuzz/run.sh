#!/usr/bin/env bash
# Replays the committed corpus of a fuzz target, then fuzzes it for a while.
#
#   native/fuzz/run.sh TARGET SECONDS     TARGET is a [[bin]] of native/fuzz/Cargo.toml, or `all`
#
# Needs no cargo-fuzz and no nightly: RUSTC_BOOTSTRAP=1 opens the two switches that fuzzing needs on the installed compiler.
# FUZZ_SANITIZER=none builds without AddressSanitizer; FUZZ_SEED picks another (still fixed) seed; FUZZ_JOBS limits cargo's jobs.
# SECONDS 0 replays the corpus only. New inputs that fuzzing finds go to target/corpus/TARGET, never to the committed corpus;
# a crashing input goes to artifacts/TARGET and makes the exit status non-zero.
set -euo pipefail

if [[ $# -ne 2 || ! $2 =~ ^[0-9]+$ ]]; then
    echo "usage: $0 TARGET|all SECONDS" >&2
    exit 2
fi
wanted=$1
seconds=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
host=$(rustc -vV | sed -n 's/^host: //p')

mapfile -t known < <(sed -n '/^\[\[bin\]\]/,/^$/s/^name = "\(.*\)"$/\1/p' "$here/Cargo.toml")
if [[ $wanted == all ]]; then
    targets=("${known[@]}")
else
    targets=()
    for name in "${known[@]}"; do
        if [[ $name == "$wanted" ]]; then targets=("$name"); fi
    done
    if [[ ${#targets[@]} -eq 0 ]]; then
        echo "$0: no fuzz target '$wanted'; there are: ${known[*]}" >&2
        exit 2
    fi
fi

flags=(
    -Cpasses=sancov-module
    -Cllvm-args=-sanitizer-coverage-level=4
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
    -Cllvm-args=-sanitizer-coverage-pc-table
    -Cllvm-args=-sanitizer-coverage-trace-compares
    --cfg=fuzzing
)
if [[ ${FUZZ_SANITIZER:-address} == address ]]; then
    flags+=(-Zsanitizer=address)
fi

# --target keeps the flags away from build scripts and procedural macros, which have no sanitizer runtime to link.
build=(cargo build --release --manifest-path "$here/Cargo.toml" --target "$host" --target-dir "$here/target" -j "${FUZZ_JOBS:-2}")
for name in "${targets[@]}"; do build+=(--bin "$name"); done
RUSTC_BOOTSTRAP=1 RUSTFLAGS="${flags[*]}" "${build[@]}"

failed=0
for name in "${targets[@]}"; do
    binary="$here/target/$host/release/$name"
    committed="$here/corpus/$name"
    grown="$here/target/corpus/$name"
    artifacts="$here/artifacts/$name"
    mkdir -p "$grown" "$artifacts"
    options=(-seed="${FUZZ_SEED:-1}" -timeout=10 -rss_limit_mb=2048 -artifact_prefix="$artifacts/" -print_final_stats=1 -verbosity=1)
    if [[ -f "$committed.dict" ]]; then options+=(-dict="$committed.dict"); fi

    mapfile -d '' inputs < <(find "$committed" -type f -print0 2>/dev/null | sort -z)
    echo "== $name: replaying ${#inputs[@]} committed inputs"
    if [[ ${#inputs[@]} -gt 0 ]] && ! "$binary" "${options[@]}" -runs=1 "${inputs[@]}" >"$grown.replay.log" 2>&1; then
        tail -n 40 "$grown.replay.log" >&2
        failed=1
        continue
    fi
    if [[ $seconds -gt 0 ]]; then
        echo "== $name: fuzzing for $seconds s"
        dirs=("$grown")
        if [[ -d $committed ]]; then dirs+=("$committed"); fi
        if "$binary" "${options[@]}" -max_total_time="$seconds" "${dirs[@]}" >"$grown.fuzz.log" 2>&1; then
            grep -E '^(Done|stat::)' "$grown.fuzz.log" || true
        else
            tail -n 60 "$grown.fuzz.log" >&2
            failed=1
        fi
    fi
done
exit "$failed"
