#!/usr/bin/env bash
# The figures of the audit of all users: a dump with ldapsearch, the native audit and the cmdlet, on the same OpenLDAP
# server with the same attributes, one after the other in each round.
#
#   tests/audit/bench.sh [USERS [ROUNDS]]     200000 users and 7 rounds where nothing is said
#
# Needs slapd, ldap-utils, PowerShell and a built module (build.sh build). PHS_BENCH_MODULE names another module,
# PHS_BENCH_EXPORT another export, whose domain must be fabrikam.test.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
lab=$root/tests/lab
users=${1:-200000}
rounds=${2:-7}
module=${PHS_BENCH_MODULE:-$root/out/PhsDiagnostics}

cd "$root"
cargo build --quiet --release -p phs-collect --example audit
audit=${CARGO_TARGET_DIR:-$root/target}/release/examples/audit
work=$(mktemp -d /tmp/phs-bench.XXXXXX)

clean_up() {
    for size in small large; do
        [[ ! -f $work/$size/env ]] || "$lab/slapd.sh" down "$work/$size" || true
    done
    rm -rf -- "$work"
}
trap clean_up EXIT

export=${PHS_BENCH_EXPORT:-$work/export}
if [[ ! -d $export ]]; then
    cp -r "$lab/export" "$export"
    find "$export" -type f -exec sed -i 's/DC=contoso,DC=test/DC=fabrikam,DC=test/g; s/contoso\.test/fabrikam.test/g' {} +
fi
"$lab/slapd.sh" up "$work/small" --users 20000
"$lab/slapd.sh" up "$work/large" --users "$users"

value() { sed -n "s/^$2=//p" "$work/$1/env"; } # server, variable
port=$(value large LAB_LDAPS_PORT)
reader=$(value large LAB_READER)
mapfile -t attributes < <("$audit" --attributes)
mapfile -t more < <("$audit" --attributes "$export")

dump() { # attributes
    LDAPTLS_CACERT=$work/large/ca.pem ldapsearch -x -LLL -H "ldaps://127.0.0.1:$port" -D "$reader" \
        -y "$work/large/reader.password" -E pr=1000/noprompt -b DC=fabrikam,DC=test \
        '(&(objectCategory=person)(objectClass=user))' "$@" >/dev/null
}

native() { # server, arguments
    "$audit" "127.0.0.1:$(value "$1" LAB_LDAPS_PORT)" "$(value "$1" LAB_READER)" "$work/$1/reader.password" "$work/$1/ca.pem" "${@:2}"
}

cmdlet() { # all, export
    pwsh -NoProfile -NonInteractive -File "$root/tests/audit/measure.ps1" -Module "$module" -Lab "$work/large" -Path "$2" -All "$1"
}

# note NAME COMMAND...: the milliseconds of the command into a file of that name.
note() {
    local began ended
    began=$(date +%s%N)
    "${@:2}" >"$work/said"
    ended=$(date +%s%N)
    echo $(((ended - began) / 1000000)) >>"$work/$1.ms"
}

# The cmdlet tells its own time: PowerShell's start is not the audit's.
note_cmdlet() {
    cmdlet "${@:2}" | tail -n 1 >>"$work/$1.ms"
}

LAB_LDAPS_PORT=$port dump dn # fills the server's caches
for ((round = 1; round <= rounds; round++)); do
    note dump dump "${attributes[@]}"
    note native native large
    note native-all native large --all
    note_cmdlet cmdlet 0 ''
    note_cmdlet cmdlet-all 1 ''
    note dump-rules dump "${more[@]}"
    note native-rules native large "$export"
    note_cmdlet cmdlet-rules 0 "$export"
done

median() { sort -n "$work/$1.ms" | awk '{ row[NR] = $1 } END { print row[int((NR + 1) / 2)] }'; }
range() { sort -n "$work/$1.ms" | awk 'NR == 1 { low = $1 } END { print low " to " $1 }'; }
row() { # name, what it is held against, words
    awk -v name="$3" -v time="$(median "$1")" -v against="$(median "$2")" -v range="$(range "$1")" \
        'BEGIN { printf "| %s | %d | %s | %.2fx |\n", name, time, range, time / against }'
}
peak() { native "$@" | sed -nE 's/.*"peakKib":([0-9]+).*/\1/p'; }

printf '\nMedians of %d rounds, %d users over LDAPS, page size 1000, in milliseconds.\n\n' "$rounds" "$users"
printf '| What | Median | Range | To the dump |\n|---|---|---|---|\n'
row dump dump "ldapsearch, the ${#attributes[@]} attributes of an audit without rules"
row native dump 'native audit, blocked users'
row native-all dump 'native audit, everyone'
row cmdlet dump 'Invoke-PhsUserAudit'
row cmdlet-all dump 'Invoke-PhsUserAudit -All'
row dump-rules dump-rules "ldapsearch, the ${#more[@]} attributes of an audit by the rules of an export"
row native-rules dump-rules 'native audit by the rules, blocked users'
row cmdlet-rules dump-rules 'Invoke-PhsUserAudit -Path'
printf '\nPeak of resident memory, native, in KiB: 20,000 users %d, %d users %d; everyone %d and %d.\n' \
    "$(peak small)" "$users" "$(peak large)" "$(peak small --all)" "$(peak large --all)"
