#!/usr/bin/env bash
# Does the lab itself work? Brings both servers up, asks the oracle about three accounts, tries every fake, brings
# all down, and looks that no process, namespace or file is left. Prints `N passed, N failed`.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

need_root
need_tools ip samba slapd ldapsearch
ROOT=$(mktemp -d /tmp/lab-selftest.XXXXXX)
readonly ROOT
CHECK_LOG=$ROOT/out

clean_up() {
    for kind in samba slapd; do
        [[ ! -f $ROOT/$kind/env ]] || "$LAB_HOME/$kind.sh" down "$ROOT/$kind" || true
    done
    rm -rf -- "$ROOT"
}
trap clean_up EXIT

refuses_twice() {
    if "$LAB_HOME/samba.sh" up "$ROOT/samba"; then return 1; fi
}

answers() {
    local account changes all
    local -A rights=([direct-both]='true true' [direct-changes]='true false' [deny-first]='false false')
    "$LAB_HOME/lab.py" apply "$ROOT/samba" base
    for account in "${!rights[@]}"; do
        read -r changes all <<<"${rights[$account]}"
        "$LAB_HOME/lab.py" oracle "$ROOT/samba" "$account" | tee /dev/stderr |
            grep -q "\"getChanges\": $changes, \"getChangesAll\": $all, \"logon\": \"ok\""
    done
    "$LAB_HOME/lab.py" restore "$ROOT/samba"
    "$LAB_HOME/lab.py" oracle "$ROOT/samba" direct-both | grep -q '"getChanges": false'
}

refusals() {
    local out
    out=$("$LAB_HOME/lab.py" states "$ROOT/samba")
    grep -q 'refused:NT_STATUS_ACCOUNT_LOCKED_OUT' <<<"$out"
    grep -q '"ldapData": "533"' <<<"$out"
}

# Each kind of user once; one that is locked shows it in the attribute that only a base search gives.
users() {
    [[ $("$LAB_HOME/lab.py" people "$ROOT/samba" | wc -l) -ge 30 ]]
    # shellcheck disable=SC2016 # expands inside the namespace
    "$LAB_HOME/in.sh" "$ROOT/samba" bash -c 'LDAPTLS_CACERT=$LAB_CA ldapsearch -x -LLL -H "ldaps://$LAB_SERVER" \
        -D "$LAB_ADMIN@$LAB_DOMAIN" -y "$LAB_ADMIN_PASSWORD_FILE" -s base \
        -b "CN=p locked,OU=People,$LAB_BASE_DN" msDS-User-Account-Control-Computed' |
        grep -x 'msDS-User-Account-Control-Computed: 16'
}

replication() {
    "$LAB_HOME/lab.py" replication "$ROOT/samba" outbound off
    { "$LAB_HOME/lab.py" oracle "$ROOT/samba" admin-direct 2>&1 || true; } | grep 'server answered 8456'
    "$LAB_HOME/lab.py" replication "$ROOT/samba" outbound on
    "$LAB_HOME/lab.py" oracle "$ROOT/samba" admin-direct | grep '"replicatesSecrets": true'
}

# By name from inside the namespace; outside it nobody listens on that address.
inside_only() {
    "$LAB_HOME/in.sh" "$ROOT/samba" bash -c ': <>/dev/tcp/dc1.contoso.test/636'
    [[ -z $(ss -Hltn src 127.99.0.1) ]]
}

kerberos() {
    # shellcheck disable=SC2016 # expands inside the namespace
    "$LAB_HOME/in.sh" "$ROOT/samba" bash -c \
        'KRB5CCNAME=$LAB_DIR/cc kinit "$LAB_ADMIN@CONTOSO.TEST" <"$LAB_ADMIN_PASSWORD_FILE" && rm -f "$LAB_DIR/cc"'
}

searches() {
    (
        set -a
        # shellcheck source=/dev/null
        source "$ROOT/slapd/env"
        export LDAPTLS_CACERT=$LAB_CA
        found=$(ldapsearch -x -LLL -H "ldaps://$LAB_SERVER:$LAB_LDAPS_PORT" -D "$LAB_READER" \
            -y "$LAB_READER_PASSWORD_FILE" -b "$LAB_BASE_DN" -E pr=500/noprompt \
            '(userAccountControl:1.2.840.113556.1.4.803:=2)' 1.1 | grep -c '^dn:')
        planted=$(sed -n 's/^ *"disabled": \([0-9]*\),$/\1/p' "$LAB_SUMMARY" | tail -n 1)
        printf '%s found, %s planted\n' "$found" "$planted"
        [[ $found == "$planted" && $found -gt 0 ]]
    )
}

limited() {
    (
        # shellcheck source=/dev/null
        source "$ROOT/slapd/env"
        status=0
        LDAPTLS_CACERT=$LAB_CA ldapsearch -x -LLL -H "ldaps://$LAB_SERVER:$LAB_LDAPS_PORT" -D "$LAB_READER" \
            -y "$LAB_READER_PASSWORD_FILE" -b "$LAB_BASE_DN" -E pr=500/noprompt '(objectClass=user)' 1.1 || status=$?
        # 4 = sizeLimitExceeded
        ((status == 4))
    )
}

nothing_left() {
    [[ -z $(ip netns list | grep "^$NETNS\b" || true) ]]
    [[ ! -e /etc/netns/$NETNS && ! -e $ROOT/samba && ! -e $ROOT/slapd ]]
    [[ -z $(grep -lsF -- "$ROOT/s" /proc/[0-9]*/cmdline || true) ]]
    [[ -z $(grep -lsF -- "$ROOT/s" /proc/[0-9]*/environ || true) ]]
}

check 'Samba starts' "$LAB_HOME/samba.sh" up "$ROOT/samba"
NETNS=$(sed -n 's/^LAB_NETNS=//p' "$ROOT/samba/env")
check 'a second start in the same folder is refused' refuses_twice
check 'the accounts are made' "$LAB_HOME/lab.py" setup "$ROOT/samba"
check 'three accounts get the expected answers' answers
check 'odd descriptors and departures answer as documented' "$LAB_HOME/lab.py" campaign "$ROOT/samba" \
    inherited null-dacl empty-dacl absent-dacl generic-bits-stored callback-deny owner owner-rights random-000
check 'refused logons say why' refusals
check 'users of every kind are made' users
check 'replication can be switched off' replication
check 'Kerberos gives a ticket' kerberos
check 'the server is reached from inside only' inside_only
check 'slapd starts' "$LAB_HOME/slapd.sh" up "$ROOT/slapd" --users 3000 --sizelimit 1000
check 'a search finds what was planted' searches
check 'the size limit holds' limited
check 'the fakes misbehave as they say' "$LAB_PYTHON" "$LAB_HOME/test_fakes.py"
check 'slapd stops' "$LAB_HOME/slapd.sh" down "$ROOT/slapd"
check 'Samba stops' "$LAB_HOME/samba.sh" down "$ROOT/samba"
check 'nothing is left' nothing_left

check_summary
