#!/usr/bin/env bash
# Connectivity (guide step A3) on its own:
#
#   tests/connectivity/run.sh            the tests that need a domain controller: starts a Samba lab, runs
#                                        tests/lab/live/connectivity.sh against it, and stops it
#   tests/connectivity/run.sh bench      the figure: 50 domain controllers, every port dropped
#
# Needs root and the packages of tests/lab/packages.txt.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
lab=$root/tests/lab

[[ $(id -u) -eq 0 ]] || { echo "${0##*/}: must run as root, to make a network namespace" >&2; exit 1; }
cd "$root"

run_tests() {
    local dir
    dir=$(mktemp -d /tmp/phs-net.XXXXXX)
    # shellcheck disable=SC2064 # the folder of now
    trap "[[ ! -e $dir/env ]] || '$lab/samba.sh' down '$dir'; rm -rf -- '$dir'" EXIT
    "$lab/samba.sh" up "$dir" --address6 fd00:99::1
    "$lab/live/connectivity.sh" "$dir"
}

run_bench() {
    local name=phs-bench-$$
    cargo build --release -p phs-collect --example dropped_ports
    ip netns add "$name"
    # shellcheck disable=SC2064 # the name of now
    trap "ip netns del '$name'" EXIT
    ip -n "$name" link set lo up
    ip netns exec "$name" nft -f - <<'RULES'
table inet bench {
    chain arriving {
        type filter hook input priority 0; policy accept;
        ip daddr 127.98.0.0/16 drop
    }
}
RULES
    ip netns exec "$name" "${CARGO_TARGET_DIR:-target}/release/examples/dropped_ports"
}

case ${1:-test} in
    test) run_tests ;;
    bench) run_bench ;;
    *) echo "usage: ${0##*/} [test|bench]" >&2; exit 2 ;;
esac
