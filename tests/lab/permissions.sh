#!/usr/bin/env bash
# Compares what step A1 says of a Samba domain with what its domain controller says: every named account and every
# random descriptor, then the accounts that cannot log on. Starts a lab of its own and takes about ten minutes.
#
#   permissions.sh [DIR]     DIR: an empty folder for the lab (default: a new one below /tmp)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

need_root
need_tools cargo
repository=$(cd -- "$LAB_HOME/../.." && pwd)
dir=${1:-$(mktemp -d /tmp/phs-lab-XXXXXX)}
results=$(mktemp -d)
trap '"$LAB_HOME/samba.sh" down "$dir" || true; rm -rf -- "$results"' EXIT

test=$(cd "$repository" && cargo test --quiet -p phs-collect --test lab_permissions --no-run --message-format=json |
    sed -n 's/.*"executable":"\([^"]*lab_permissions[^"]*\)".*/\1/p' | tail -n 1)
[[ -x $test ]] || die "the test was not built"

run() {
    "$LAB_HOME/in.sh" "$dir" env PHS_LAB="$dir" "$@" "$test" --ignored --nocapture --test-threads=1
}

"$LAB_HOME/samba.sh" up "$dir"
"$LAB_HOME/lab.py" setup "$dir"
"$LAB_HOME/lab.py" campaign "$dir" >"$results/answers.jsonl"
PHS_LAB_ANSWERS="$results/answers.jsonl" run verdicts_agree_with_the_domain_controller
"$LAB_HOME/lab.py" apply "$dir" base
run candidates_are_found_and_each_is_judged
"$LAB_HOME/lab.py" states "$dir" >"$results/states.jsonl"
PHS_LAB_STATES="$results/states.jsonl" run states_agree_with_the_refused_logon
