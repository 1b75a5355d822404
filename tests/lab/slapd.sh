#!/usr/bin/env bash
# An OpenLDAP server full of AD-shaped users, for load tests.
#
#   slapd.sh up DIR [--users N] [--seed S] [--base DN] [--sizelimit N] [--ldif FILE] [--password FILE] [--log]
#                         loads N users (default 20000, seed 1) and serves them on free ports of 127.0.0.1
#   slapd.sh down DIR     stops it and removes DIR
#
# DIR/env tells the ports, the names to bind with and the files. Anonymous clients may read the root entry only. The
# account LAB_READER is an ordinary one: --sizelimit (entries in a whole search, paged or not) applies to it, and
# without that option an unpaged search ends after 1000 entries, as Active Directory's does (MaxPageSize). LAB_ADMIN
# has no limits. DIR/users.json says what was planted (make_users.py). --ldif loads a file of one's own instead. --base
# makes it another forest (default DC=fabrikam,DC=test); LAB_VISITOR has one name in all of them, and with --password one
# password. --log writes every operation to DIR/slapd.log.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

readonly VISITOR=CN=Visitor,CN=Lab
BASE=DC=fabrikam,DC=test

usage() {
    die "usage: slapd.sh up DIR [--users N] [--seed S] [--base DN] [--sizelimit N] [--ldif FILE] [--password FILE] [--log] | slapd.sh down DIR"
}

write_config() {
    local dir=$1 limits=$2 reader admin visitor
    reader=$(slappasswd -n -T "$dir/reader.password")
    admin=$(slappasswd -n -T "$dir/admin.password")
    visitor=$(slappasswd -n -T "$dir/visitor.password")
    printf '%s' "$reader" | write_secret "$dir/reader.hash"
    write_secret "$dir/slapd.conf" <<CONF
include /etc/ldap/schema/core.schema
include $LAB_HOME/ad.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile $dir/slapd.run
argsfile $dir/slapd.args
rootDSE $dir/root.ldif
TLSCACertificateFile $dir/ca.pem
TLSCertificateFile $dir/tls/dc1.pem
TLSCertificateKeyFile $dir/tls/dc1.key
threads 4
tool-threads 2
require LDAPv3
idletimeout 0

access to dn.base="" by * read
access to dn.base="cn=subschema" by * read
access to attrs=userPassword by anonymous auth by * none
access to * by users read by anonymous auth by * none

database mdb
suffix "CN=Configuration,$BASE"
rootdn "CN=admin,CN=Configuration,$BASE"
directory $dir/configuration
maxsize 16777216

database mdb
suffix "CN=Lab"
rootdn "$VISITOR"
rootpw $visitor
directory $dir/visitors
maxsize 16777216

database mdb
suffix "$BASE"
rootdn "CN=admin,$BASE"
rootpw $admin
directory $dir/domain
maxsize 8589934592
dbnosync
envflags writemap nometasync
limits users $limits
index sAMAccountName,userPrincipalName,objectGUID,objectSid eq
CONF
}

write_root() { # DNS name
    cat <<LDIF
dn:
objectClass: top
objectClass: OpenLDAProotDSE
objectClass: adRootDSE
defaultNamingContext: $BASE
rootDomainNamingContext: $BASE
configurationNamingContext: CN=Configuration,$BASE
schemaNamingContext: CN=Schema,CN=Configuration,$BASE
dnsHostName: dc1.$1
isSynchronized: TRUE
supportedCapabilities: 1.2.840.113556.1.4.800
LDIF
}

write_configuration() { # DNS name
    local flat=${1%%.*}
    flat=${flat^^}
    cat <<LDIF
dn: CN=Configuration,$BASE
objectClass: container
cn: Configuration

dn: CN=Partitions,CN=Configuration,$BASE
objectClass: container
cn: Partitions

dn: CN=$flat,CN=Partitions,CN=Configuration,$BASE
objectClass: crossRef
cn: $flat
nCName: $BASE
dnsRoot: $1
nETBIOSName: $flat
systemFlags: 3

dn: CN=Enterprise Configuration,CN=Partitions,CN=Configuration,$BASE
objectClass: crossRef
cn: Enterprise Configuration
nCName: CN=Configuration,$BASE
dnsRoot: $1
systemFlags: 1
LDIF
}

# write_reader HASHFILE: the account that tests read with; it is no user in the sense of the summary.
write_reader() {
    printf '\ndn: CN=Reader,%s\nobjectClass: person\ncn: Reader\nsn: Reader\nuserPassword: %s\n' "$BASE" "$(<"$1")"
}

free_ports() {
    "$LAB_PYTHON" - <<'PY'
import socket
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(one.getsockname()[1] for one in held))
PY
}

# start DIR LOG: on ports that were free a moment ago; tries others if one was taken meanwhile.
start() {
    local dir=$1 plain secure
    for _ in {1..5}; do
        read -r plain secure <<<"$(free_ports)"
        setsid slapd -d "$2" -f "$dir/slapd.conf" -h "ldap://127.0.0.1:$plain/ ldaps://127.0.0.1:$secure/" \
            </dev/null >"$dir/slapd.log" 2>&1 &
        record_process "$!" "$dir/slapd.pid"
        disown
        for _ in {1..100}; do
            if LDAPTLS_CACERT="$dir/ca.pem" ldapsearch -x -LLL -o nettimeout=2 -H "ldaps://127.0.0.1:$secure" \
                -D "CN=Reader,$BASE" -y "$dir/reader.password" -s base -b "$BASE" dn >/dev/null 2>&1; then
                printf '%s %s\n' "$plain" "$secure"
                return 0
            fi
            group_alive "$(cut -d' ' -f1 "$dir/slapd.pid")" || break
            sleep 0.1
        done
        stop_group "$dir/slapd.pid"
    done
    return 1
}

up() {
    local dir='' users=20000 seed=1 sizelimit='' ldif='' password='' log=0 name began loaded plain secure limits ports
    while (($#)); do
        case $1 in
            --users) users=${2:?--users needs a number}; shift 2 ;;
            --seed) seed=${2:?--seed needs a number}; shift 2 ;;
            --base) BASE=${2:?--base needs a DN}; shift 2 ;;
            --password) password=${2:?--password needs a file}; shift 2 ;;
            --log) log=stats; shift ;;
            --sizelimit) sizelimit=${2:?--sizelimit needs a number}; shift 2 ;;
            --ldif) ldif=${2:?--ldif needs a file}; shift 2 ;;
            -*) usage ;;
            *) [[ -z $dir ]] || usage; dir=$1; shift ;;
        esac
    done
    [[ -n $dir ]] || usage
    PATH=$PATH:/usr/sbin
    need_tools slapd slapadd slappasswd ldapsearch setsid
    [[ -z $ldif || -r $ldif ]] || die "$ldif cannot be read"
    [[ -z $password || -r $password ]] || die "$password cannot be read"
    [[ $BASE =~ ^DC=[a-z0-9]+(,DC=[a-z0-9]+)*$ ]] || die "$BASE is no name of a domain: DC=name,DC=name"
    name=${BASE//,DC=/.}
    name=${name#DC=}
    began=$(date +%s%N)
    dir=$(need_new_folder "$dir")
    LAB_DIR=$dir
    trap 'give_up' EXIT
    mkdir -p "$dir"/{configuration,domain,visitors,tls}
    new_password | write_secret "$dir/reader.password"
    new_password | write_secret "$dir/admin.password"
    if [[ -n $password ]]; then cat -- "$password"; else new_password; fi | write_secret "$dir/visitor.password"
    "$LAB_PYTHON" "$LAB_HOME/certs.py" --name "dc1.$name" --name localhost --address 127.0.0.1 --prefix dc1 "$dir"
    limits="size.soft=1000 size.hard=1000 size.prtotal=unlimited"
    [[ -z $sizelimit ]] || limits="size.soft=$sizelimit size.hard=$sizelimit size.prtotal=$sizelimit"
    write_config "$dir" "$limits"
    write_root "$name" >"$dir/root.ldif"
    write_configuration "$name" | slapadd -q -f "$dir/slapd.conf" -b "CN=Configuration,$BASE"
    {
        if [[ -n $ldif ]]; then
            cat -- "$ldif"
        else
            "$LAB_PYTHON" "$LAB_HOME/make_users.py" "$users" "$seed" --base "$BASE" --summary "$dir/users.json"
        fi
        write_reader "$dir/reader.hash"
    } | slapadd -q -f "$dir/slapd.conf" -b "$BASE"
    loaded=$(date +%s%N)
    ports=$(start "$dir" "$log") || { cat "$dir/slapd.log" >&2; die "the server did not answer"; }
    read -r plain secure <<<"$ports"
    cat >"$dir/env" <<ENV
LAB_KIND=slapd
LAB_DIR=$dir
LAB_SERVER=127.0.0.1
LAB_LDAP_PORT=$plain
LAB_LDAPS_PORT=$secure
LAB_BASE_DN=$BASE
LAB_READER=CN=Reader,$BASE
LAB_READER_PASSWORD_FILE=$dir/reader.password
LAB_ADMIN=CN=admin,$BASE
LAB_VISITOR=$VISITOR
LAB_VISITOR_PASSWORD_FILE=$dir/visitor.password
LAB_ADMIN_PASSWORD_FILE=$dir/admin.password
LAB_CA=$dir/ca.pem
LAB_SUMMARY=$dir/users.json
ENV
    trap - EXIT
    printf 'up in %d ms, of which loading %d ms: ldaps://127.0.0.1:%d\n' \
        $((($(date +%s%N) - began) / 1000000)) $(((loaded - began) / 1000000)) "$secure"
}

# give_up: a failed start leaves nothing but its log.
give_up() {
    stop_group "$LAB_DIR/slapd.pid"
    rm -rf -- "$LAB_DIR"/{env,domain,configuration} "$LAB_DIR"/*.password "$LAB_DIR"/*.hash
    printf 'slapd.sh: what is left is in %s\n' "$LAB_DIR" >&2
}

down() {
    (($# == 1)) || usage
    local dir
    dir=$(need_lab "$1" slapd)
    stop_group "$dir/slapd.pid"
    rm -rf -- "$dir"
}

case ${1:-} in
    up) shift; up "$@" ;;
    down) shift; down "$@" ;;
    *) usage ;;
esac
