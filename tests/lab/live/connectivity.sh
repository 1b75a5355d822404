#!/usr/bin/env bash
# Step A3 against the lab's domain controller, with a packet filter that cuts the way to it:  connectivity.sh DIR
# The tests change the namespace's packet filter, so they run one at a time. Prints `N passed, N failed`.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../common.sh"

(($# == 1)) || die "usage: connectivity.sh DIR"
need_root
need_tools nft cargo
cd "$LAB_HOME/../.."
log=$(mktemp)
trap 'rm -f -- "$log"' EXIT
status=0
"$LAB_HOME/in.sh" "$1" cargo test --quiet --offline -p phs-collect --test lab_connectivity -- --ignored --test-threads 1 \
    2>&1 | tee "$log" || status=$?
read -r passed failed <<<"$(sed -nE 's/^test result: .* ([0-9]+) passed; ([0-9]+) failed.*/\1 \2/p' "$log" | tail -n 1)"
printf '%d passed, %d failed\n' "${passed:-0}" "${failed:-1}"
exit "$status"
