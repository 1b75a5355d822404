#!/usr/bin/env bash
# The audit of all users against OpenLDAP with 40,000 of them, and through proxies that cut the way to it:  audit.sh DIR
# DIR is the folder of a lab, as for every script here; this one starts servers of its own, on free ports of 127.0.0.1.
# Needs out/PhsDiagnostics (build.sh build) and PowerShell. Prints `N passed, N failed`.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../common.sh"

(($# == 1)) || die "usage: audit.sh DIR"
need_tools pwsh slapd
root=$(cd -- "$LAB_HOME/../.." && pwd)
[[ -f $root/out/PhsDiagnostics/PhsDiagnostics.psd1 ]] || die "build the module first: ./build.sh build"
work=$(mktemp -d /tmp/lab-audit.XXXXXX)
proxies=()

clean_up() {
    local id
    for id in "${proxies[@]}"; do kill "$id" 2>/dev/null || true; done
    for id in users limited; do
        [[ ! -f $work/$id/env ]] || "$LAB_HOME/slapd.sh" down "$work/$id" || true
    done
    rm -rf -- "$work"
}
trap clean_up EXIT

# proxy NAME ARGUMENT...: starts one before the server of many users; its port stands in $work/NAME.port.
proxy() {
    "$LAB_PYTHON" "$LAB_HOME/fakes.py" proxy "127.0.0.1:$LAB_LDAPS_PORT" --after 2000000 "${@:2}" </dev/null >"$work/$1.port" &
    proxies+=("$!")
    for _ in {1..100}; do
        [[ ! -s $work/$1.port ]] || return 0
        sleep 0.1
    done
    die "the proxy $1 did not start"
}

"$LAB_HOME/slapd.sh" up "$work/users" --users 40000 --log >/dev/null
"$LAB_HOME/slapd.sh" up "$work/limited" --users 3000 --sizelimit 1500 --base DC=tailspin,DC=test \
    --password "$work/users/visitor.password" >/dev/null
cat "$work/users/ca.pem" "$work/limited/ca.pem" >"$work/ca.pem"
# The rules of the lab's export, for this domain.
cp -r "$LAB_HOME/export" "$work/export"
find "$work/export" -type f -exec sed -i 's/DC=contoso,DC=test/DC=fabrikam,DC=test/g; s/contoso\.test/fabrikam.test/g' {} +
LAB_LDAPS_PORT=$(sed -n 's/^LAB_LDAPS_PORT=//p' "$work/users/env")
proxy cut --then close
proxy cut-once --then reset --times 1
proxy stall --then stall
status=0
PHS_LAB_PYTHON=$LAB_PYTHON pwsh -NoProfile -NonInteractive -File "$LAB_HOME/live/audit.ps1" -Module "$root/out/PhsDiagnostics" -Work "$work" || status=$?
exit "$status"
