#!/usr/bin/env bash
# Runs the connectivity tests that need a domain controller: starts a Samba lab, runs them in its network namespace one at
# a time (they change its packet filter), and stops it.
#
#   tests/connectivity/run.sh            the tests
#   tests/connectivity/run.sh bench      the figure: 50 domain controllers, every port dropped
#
# Needs root and the packages of tests/lab/packages.txt.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(cd -- "$here/../.." && pwd)
lab=$root/tests/lab

[[ $(id -u) -eq 0 ]] || { echo "${0##*/}: must run as root, to make a network namespace" >&2; exit 1; }
cd "$root"

case ${1:-test} in
    test) cargo nextest run -p phs-collect --test lab_connectivity --run-ignored only --no-run ;;
    bench) cargo build --release -p phs-collect --example dropped_ports ;;
    *) echo "usage: ${0##*/} [test|bench]" >&2; exit 2 ;;
esac

if [[ ${1:-test} == bench ]]; then
    name=phs-bench-$$
    ip netns add "$name"
    trap 'ip netns del "$name"' EXIT
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
    exit
fi

dir=$(mktemp -d /tmp/phs-net.XXXXXX)
stop() {
    if [[ -e $dir/env ]]; then "$lab/samba.sh" down "$dir"; else rm -rf -- "$dir"; fi
}
trap stop EXIT
"$lab/samba.sh" up "$dir" --address6 fd00:99::1
"$lab/in.sh" "$dir" cargo nextest run --offline -j 1 -p phs-collect --test lab_connectivity --run-ignored only
