#!/usr/bin/env bash
# Looks at a built library from outside: it exports what the header declares and nothing else, needs only what every Linux
# has, and runs on the oldest glibc that we promise. `tests/abi/library.sh LIBRARY`; prints one line a claim.
set -euo pipefail

library=$1
header="$(dirname "$0")/../../native/phs-ffi/include/phs.h"
oldest_glibc=2.34
allowed='^(linux-vdso|linux-gate|libc|libm|libgcc_s|libpthread|libdl|librt|ld-linux[-a-z0-9_]*)\.so'

verdict=0
claim() { # what, found: empty is right
    if [[ -z $2 ]]; then
        printf 'ok   %s\n' "$1"
    else
        printf 'FAIL %s: %s\n' "$1" "$(tr '\n' ' ' <<<"$2")"
        verdict=1
    fi
}

exported=$(nm -D --defined-only "$library" | awk '{ print $NF }' | sort)
declared=$(grep -oE '\bphs_[a-z_]+\(' "$header" | tr -d '(' | sort -u)
claim 'exports only phs_*' "$(grep -v '^phs_' <<<"$exported" || true)"
claim 'exports what the header declares' "$(comm -3 <(printf '%s\n' "$declared") <(printf '%s\n' "$exported"))"
claim 'needs only libraries that every Linux has' \
    "$(ldd "$library" | awk '{ print $1 }' | sed 's:.*/::' | grep -vE "$allowed" || true)"

newer=$(objdump -T "$library" | grep -oE '\(?GLIBC_[0-9.]+\)?.*' | tr -d '()' | while read -r version symbol; do
    version=${version#GLIBC_}
    if [[ $(printf '%s\n' "$version" "$oldest_glibc" | sort -V | tail -n 1) != "$oldest_glibc" ]]; then
        printf '%s@%s\n' "$symbol" "$version"
    fi
done)
claim "needs no glibc newer than $oldest_glibc" "$newer"
exit "$verdict"
