#!/usr/bin/env bash
# Tests the C ABI from outside: the header alone, the library as a file, and a C program against the real library and against
# the probe library (which also misbehaves), as C11 and as C++17, under valgrind where it is installed.
# Needs cargo, a C and a C++ compiler and binutils. PHS_ABI_PROFILE=release tests the release build.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
profile=${PHS_ABI_PROFILE:-dev}
out=$target/abi
include=$root/native/phs-ffi/include
flags=(-Wall -Wextra -Wpedantic -Werror -g -pthread -I "$include" -I "$out")
# The library's threads and texts live as long as the process, and hash tables keep pointers into the middle of their
# memory: such blocks are "possibly lost" to valgrind and are no leak. What nothing points to is one.
valgrind=(valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite)

passed=0
failed=0
skipped=0
pass() { printf 'ok   %s\n' "$1"; passed=$((passed + 1)); }
fail() { printf 'FAIL %s\n' "$1"; failed=$((failed + 1)); }
skip() { printf 'skip %s\n' "$1"; skipped=$((skipped + 1)); }

compile() { # standard, arguments of the compiler
    case $1 in
        c++*) "${CXX:-g++}" -x c++ -std="$1" "${flags[@]}" "${@:2}" ;;
        *) "${CC:-cc}" -x c -std="$1" "${flags[@]}" "${@:2}" ;;
    esac
}

build() {
    local folder=$profile
    [[ $profile == dev ]] && folder=debug
    (cd "$root" && cargo build --quiet --profile "$profile" --package phs-ffi --lib --example phs_probe)
    mkdir -p "$out"
    cp "$target/$folder/libphs_native.so" "$target/$folder/examples/libphs_probe.so" "$out/"
    sed -nE 's/^int32_t (phs_[a-z_]+)\(const uint8_t \*request,$/{ "\1", \1 },/p' "$include/phs.h" >"$out/diagnostics.inc"
}

header_alone() { # standard
    printf '#include "phs.h"\n' >"$out/alone.c"
    if compile "$1" -c "$out/alone.c" -o "$out/alone.o"; then
        pass "phs.h alone compiles as $1"
    else
        fail "phs.h alone compiles as $1"
    fi
}

library_as_a_file() {
    local line
    while IFS= read -r line; do
        case $line in
            'ok   '*) pass "libphs_native.so ${line#ok   }" ;;
            *) fail "libphs_native.so ${line#FAIL }" ;;
        esac
    done < <("$here/library.sh" "$out/libphs_native.so" || true)
}

program() { # standard, library, more flags of the compiler; runs under `checker`
    local name="$2-$1" objects=() source status=0 printed counts
    for source in main library diagnostics runs secrets threads probe; do
        if ! compile "$1" "${@:3}" -c "$here/$source.c" -o "$out/$name-$source.o"; then
            fail "$name: $source.c compiles"
            return
        fi
        objects+=("$out/$name-$source.o")
    done
    "${CXX:-g++}" -pthread "${objects[@]}" -L "$out" "-l$2" -Wl,-rpath,"$out" -o "$out/$name"

    printed=$("${checker[@]}" "$out/$name" 2>"$out/$name.stderr") || status=$?
    grep '^FAIL' <<<"$printed" || true
    counts=$(tail -n 1 <<<"$printed")
    if [[ $counts =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        printf '%s: %s\n' "$name" "$counts"
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
    else
        fail "$name ends with its counts"
    fi
    if [[ $status -eq 0 ]]; then pass "$name ends with 0"; else fail "$name ends with $status"; fi
    if [[ -s $out/$name.stderr ]]; then
        fail "$name: nothing is printed by the library, and valgrind has no complaint"
        cat "$out/$name.stderr"
    else
        pass "$name: nothing is printed by the library"
    fi
}

build
for standard in c11 c++17; do
    header_alone "$standard"
done
library_as_a_file

checker=()
program c++17 phs_native
program c++17 phs_probe -DPHS_PROBE
if command -v valgrind >/dev/null; then
    checker=("${valgrind[@]}")
else
    skip 'valgrind is not installed: memory is not checked'
fi
program c11 phs_native
program c11 phs_probe -DPHS_PROBE

printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[[ $failed -eq 0 ]]
