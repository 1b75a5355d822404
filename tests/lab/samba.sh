#!/usr/bin/env bash
# A Samba Active Directory domain controller of one's own, for tests.
#
#   samba.sh up DIR [--netns NAME] [--address IP] [--address6 IP]
#                                provisions contoso.test into DIR and starts dc1.contoso.test
#   samba.sh down DIR [--keep]   stops it and removes DIR (all but its logs with --keep), the namespace and its files
#
# The ports of Active Directory are fixed, so the server runs in a network namespace of its own, on its loopback
# interface: 127.0.0.1 and 127.99.0.1 (its A record: a DC gets none for 127.0.0.1). A client that forgets to enter the
# namespace (in.sh) thus reaches nothing but its own machine. DIR/env tells where everything is; passwords are made
# anew each time and are only in DIR/*.password (mode 0600).
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

readonly REALM=CONTOSO.TEST DOMAIN=CONTOSO DC=dc1
# Fixed, so that a generated descriptor is the same in every run.
readonly DOMAIN_SID=S-1-5-21-1718281828-459045235-360287471

usage() {
    die "usage: samba.sh up DIR [--netns NAME] [--address IP] [--address6 IP] | samba.sh down DIR [--keep]"
}

write_config() {
    local dir=$1 addresses=$2
    cat >"$dir/smb.conf" <<CONF
[global]
    netbios name = ${DC^^}
    realm = $REALM
    workgroup = $DOMAIN
    server role = active directory domain controller
    server services = s3fs, rpc, ldap, cldap, kdc, drepl, winbindd, dns
    bind interfaces only = yes
    interfaces = 127.0.0.1 $addresses
    log file = $dir/log/samba.log
    log level = 1
    logging = file
    pid directory = $dir/run
    private dir = $dir/private
    state directory = $dir/state
    cache directory = $dir/cache
    lock directory = $dir/lock
    binddns dir = $dir/bind-dns
    ncalrpc dir = $dir/ncalrpc
    winbindd socket directory = $dir/winbindd
    usershare path = $dir/usershares
    ntp signd socket directory = $dir/ntp_signd
    dns update command = /bin/true
    spn update command = /bin/true
    gpo update command = /bin/true
    load printers = no
    disable spoolss = yes
    tls enabled = yes
    tls keyfile = $dir/tls/dc1.key
    tls certfile = $dir/tls/dc1.pem
    tls cafile = $dir/ca.pem

[sysvol]
    path = $dir/state/sysvol
    read only = no

[netlogon]
    path = $dir/state/sysvol/contoso.test/scripts
    read only = no
CONF
}

# make_namespace NAME ADDRESS [ADDRESS]: makes the namespace, its loopback, and the name resolution that
# `ip netns exec` mounts.
make_namespace() {
    local name=$1 address bits
    shift
    [[ ! -e /etc/netns/$name ]] || die "/etc/netns/$name exists: a lab uses that name, or one was not stopped"
    if ! ip netns list | awk '{print $1}' | grep -qx -- "$name"; then
        ip netns add "$name"
        OWNS_NETNS=1
    fi
    mkdir -p "/etc/netns/$name"
    MADE_FILES=1
    {
        printf '127.0.0.1 localhost\n::1 localhost ip6-localhost\n'
        printf '%s dc1.contoso.test dc1\n' "$@"
    } >"/etc/netns/$name/hosts"
    printf 'nameserver %s\nsearch contoso.test\noptions timeout:1 attempts:2\n' "$1" >"/etc/netns/$name/resolv.conf"
    ip -n "$name" link set lo up
    # Nobody listens on 192.0.2.1 (RFC 5737): it is there for resolvers that leave out an address family of which
    # nothing but loopback is configured (AI_ADDRCONFIG, as Kerberos asks for).
    for address in 192.0.2.1 "$@"; do
        if ! ip -n "$name" -o address show | awk '{print $4}' | cut -d/ -f1 | grep -qx -- "$address"; then
            bits=32
            [[ $address != *:* ]] || bits=128
            ip -n "$name" address add "$address/$bits" dev lo
        fi
    done
}

remove_namespace() {
    local name=$1 owns=$2 pids signal
    rm -rf -- "/etc/netns/$name"
    ((owns)) || return 0
    for signal in TERM KILL; do
        pids=$(ip netns pids "$name" 2>/dev/null || true)
        [[ -n $pids ]] || break
        # shellcheck disable=SC2086 # one id per word
        kill "-$signal" $pids 2>/dev/null || true
        sleep 0.3
    done
    ip netns del "$name" 2>/dev/null || true
}

# stop_server DIR: the server's group, then the two daemons that it starts in groups of their own (smbd, winbindd).
stop_server() {
    local file pid
    local -a others=()
    for file in "$1"/run/{smbd,winbindd}*.pid; do
        [[ ! -s $file ]] || others+=("$(tr -dc 0-9 <"$file")")
    done
    for pid in "${others[@]}"; do
        # Their own pid files are only as good as their namespace: another process with that id is not ours.
        if [[ $(ip netns identify "$pid" 2>/dev/null) == "$LAB_NAME" ]]; then
            record_process "$pid" "$1/run/daemon-$pid.process" 2>/dev/null || true
        fi
    done
    stop_group "$1/samba.pid"
    for file in "$1"/run/daemon-*.process; do
        stop_group "$file"
    done
}

up() {
    local dir='' name='' address=127.99.0.1 address6='' began
    local -a addresses
    while (($#)); do
        case $1 in
            --netns) name=${2:?--netns needs a name}; shift 2 ;;
            --address) address=${2:?--address needs an address}; shift 2 ;;
            --address6) address6=${2:?--address6 needs an address}; shift 2 ;;
            -*) usage ;;
            *) [[ -z $dir ]] || usage; dir=$1; shift ;;
        esac
    done
    [[ -n $dir ]] || usage
    need_root
    need_tools ip samba setsid awk
    began=$(date +%s%N)
    dir=$(need_new_folder "$dir")
    [[ -n $name ]] || name=phs-$(printf '%s' "$dir" | sha256sum | cut -c1-8)

    OWNS_NETNS=0 MADE_FILES=0 LAB_DIR=$dir LAB_NAME=$name
    trap 'give_up' EXIT
    mkdir -p "$dir"/{log,run,private,state,cache,lock,bind-dns,ncalrpc,winbindd,usershares,ntp_signd,tls}
    chmod 0700 "$dir/private"
    addresses=("$address" ${address6:+"$address6"})
    make_namespace "$name" "${addresses[@]}"
    cat >"$dir/env" <<ENV
LAB_KIND=samba
LAB_DIR=$dir
LAB_NETNS=$name
LAB_OWNS_NETNS=$OWNS_NETNS
LAB_SERVER=dc1.contoso.test
LAB_ADDRESS=$address
LAB_ADDRESS6=$address6
LAB_DOMAIN=contoso.test
LAB_NETBIOS=$DOMAIN
LAB_BASE_DN=DC=contoso,DC=test
LAB_DOMAIN_SID=$DOMAIN_SID
LAB_ADMIN=Administrator
LAB_ADMIN_PASSWORD_FILE=$dir/admin.password
LAB_ACCOUNT_PASSWORD_FILE=$dir/accounts.password
LAB_CA=$dir/ca.pem
LAB_CONFIG=$dir/smb.conf
KRB5_CONFIG=$dir/private/krb5.conf
ENV
    new_password | write_secret "$dir/admin.password"
    new_password | write_secret "$dir/accounts.password"
    "$LAB_PYTHON" "$LAB_HOME/certs.py" --name dc1.contoso.test --address 127.0.0.1 "${addresses[@]/#/--address=}" \
        --prefix dc1 "$dir"
    write_config "$dir" "${addresses[*]}"

    # The password is read from its file, never given on a command line.
    "$LAB_PYTHON" "$LAB_HOME/provision.py" "$dir" "$REALM" "$DOMAIN" "$DC" "$DOMAIN_SID" "${addresses[@]}" \
        >"$dir/log/provision.log" 2>&1 || { tail -n 20 "$dir/log/provision.log" >&2; die "the domain could not be provisioned"; }

    setsid ip netns exec "$name" samba --foreground --no-process-group --configfile="$dir/smb.conf" \
        </dev/null >"$dir/log/samba.out" 2>&1 &
    record_process "$!" "$dir/samba.pid"
    disown
    "$LAB_PYTHON" "$LAB_HOME/lab.py" wait "$dir" || { tail -n 20 "$dir/log/samba.out" >&2; die "the domain controller did not answer"; }
    trap - EXIT
    printf 'up in %d ms: %s, namespace %s\n' $((($(date +%s%N) - began) / 1000000)) "$dir" "$name"
}

# give_up: a failed start leaves nothing but its logs.
give_up() {
    stop_server "$LAB_DIR"
    ((!MADE_FILES)) || remove_namespace "$LAB_NAME" "$OWNS_NETNS"
    rm -f -- "$LAB_DIR"/env "$LAB_DIR"/*.password
    printf 'samba.sh: logs are in %s/log\n' "$LAB_DIR" >&2
}

down() {
    local dir='' keep=0 owns
    while (($#)); do
        case $1 in
            --keep) keep=1; shift ;;
            -*) usage ;;
            *) [[ -z $dir ]] || usage; dir=$1; shift ;;
        esac
    done
    [[ -n $dir ]] || usage
    need_root
    dir=$(need_lab "$dir" samba)
    LAB_NAME=$(sed -n 's/^LAB_NETNS=//p' "$dir/env")
    owns=$(sed -n 's/^LAB_OWNS_NETNS=//p' "$dir/env")
    stop_server "$dir"
    remove_namespace "$LAB_NAME" "$owns"
    if ((keep)); then
        rm -f -- "$dir"/env "$dir"/*.password
    else
        rm -rf -- "$dir"
    fi
}

case ${1:-} in
    up) shift; up "$@" ;;
    down) shift; down "$@" ;;
    *) usage ;;
esac
