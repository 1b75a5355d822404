#!/usr/bin/env bash
# The lab suite: does the lab work, does every verdict agree with the domain controller, and what the scripts in live/
# test against it. Prints `N passed, N failed`. Needs root and the packages in packages.txt.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

need_root
need_tools ip samba slapd cargo
ROOT=$(mktemp -d /tmp/lab-run.XXXXXX)
readonly ROOT LAB=$ROOT/dc
CHECK_LOG=$ROOT/log

clean_up() {
    [[ ! -f $LAB/env ]] || "$LAB_HOME/samba.sh" down "$LAB" || true
    rm -rf -- "$ROOT"
}
trap clean_up EXIT

# add_counts FILE: adds the last `N passed, N failed` in the file; without one, one failure.
add_counts() {
    local line
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$1" | tail -n 1 || true)
    [[ -n $line ]] || line='0 passed, 1 failed'
    read -r passed _ failed _ <<<"$line"
    CHECKS_PASSED=$((CHECKS_PASSED + passed))
    CHECKS_FAILED=$((CHECKS_FAILED + failed))
}

# suite COMMAND...: one that counts for itself.
suite() {
    "$@" 2>&1 | tee "$ROOT/suite" || true
    add_counts "$ROOT/suite"
}

campaign() {
    "$LAB_HOME/lab.py" campaign "$LAB" >"$LAB/answers.jsonl"
}

states() {
    "$LAB_HOME/lab.py" states "$LAB" >"$LAB/states.jsonl"
}

compare() {
    cd "$LAB_HOME/../.."
    PHS_LAB=$LAB cargo test --quiet -p phs-core --test domain_controller -- --ignored --nocapture
    grep -q '2 passed; 0 failed' "$CHECK_LOG"
}

suite "$LAB_HOME/selftest.sh"
check 'a domain controller starts' "$LAB_HOME/samba.sh" up "$LAB" --address6 fd00:99::1
check 'its accounts are made' "$LAB_HOME/lab.py" setup "$LAB"
check 'every descriptor gets the answers that it was made for' campaign
check 'every verdict is that of the domain controller' compare
[[ ! -s $CHECK_LOG ]] || grep -oE '(departure [a-z-]+: |[0-9]+ verdicts).*' "$CHECK_LOG" || true
check 'account states are set' states
check 'users of every kind are made' "$LAB_HOME/lab.py" people "$LAB"
check 'the head has the ACEs of every named account' "$LAB_HOME/lab.py" apply "$LAB" base
for script in "$LAB_HOME"/live/*.sh; do
    [[ ! -x $script ]] || suite "$script" "$LAB"
done
check 'the domain controller stops' "$LAB_HOME/samba.sh" down "$LAB"
check_summary
