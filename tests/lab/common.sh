# shellcheck shell=bash
# Functions that the lab scripts share. Source it; it starts nothing.

LAB_HOME=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# The bindings belong to the system's Python, whatever `python3` a developer's PATH finds first.
LAB_PYTHON=/usr/bin/python3
# Sockets live below the lab's folder, and a Unix socket's path may have 107 bytes.
LAB_PATH_LIMIT=64
export LAB_HOME LAB_PYTHON

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

need_root() {
    [[ $(id -u) -eq 0 ]] || die "must run as root: it makes a network namespace or listens on behalf of a server"
}

need_tools() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || die "$tool is missing: install the packages in $LAB_HOME/packages.txt"
    done
}

# need_new_folder DIR: makes DIR with mode 0700 and prints its absolute path; refuses one that holds anything.
need_new_folder() {
    local dir
    dir=$(realpath -m -- "$1")
    ((${#dir} <= LAB_PATH_LIMIT)) || die "$dir: the path is longer than $LAB_PATH_LIMIT characters, too long for the sockets in it"
    [[ $dir != *[[:space:]]* ]] || die "$dir: the path must not contain white space"
    if [[ -e $dir ]]; then
        [[ -d $dir && -z $(ls -A -- "$dir") ]] || die "$dir exists and is not empty: stop the lab that is in it with 'down', or choose another folder"
    fi
    mkdir -p -- "$dir"
    chmod 0700 -- "$dir"
    printf '%s\n' "$dir"
}

# need_lab DIR KIND: prints the absolute path of a lab's folder; refuses a folder that is not one.
need_lab() {
    local dir
    dir=$(realpath -m -- "$1")
    grep -qsx "LAB_KIND=$2" "$dir/env" || die "$dir holds no $2 lab (no file 'env' that says so)"
    printf '%s\n' "$dir"
}

# new_password: 24 characters of four classes, from the kernel's generator.
new_password() {
    local random
    random=$(head -c 256 /dev/urandom | tr -dc 'A-Za-z0-9')
    printf 'Pw-%s.7' "${random:0:21}"
}

# write_secret FILE: writes standard input to a file that only the owner may read.
write_secret() {
    (umask 077 && cat >"$1")
}

# proc_fields PID: prints what follows the command name in /proc/PID/stat: state, parent, group, session, ...
# The name stands in parentheses and may hold blanks.
proc_fields() {
    local line
    { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
    printf '%s\n' "${line##*) }"
}

# proc_start PID: prints when the process began, in clock ticks since boot.
proc_start() {
    local fields
    fields=$(proc_fields "$1") || return 1
    awk '{print $20}' <<<"$fields"
}

# record_process PID FILE: remembers a process by id and start, so that a reused id is never mistaken for it.
record_process() {
    printf '%s %s\n' "$1" "$(proc_start "$1")" >"$2"
}

# group_alive PGID: is a process of the group left that is not a zombie?
group_alive() {
    local stat fields
    for stat in /proc/[0-9]*; do
        read -ra fields <<<"$(proc_fields "${stat#/proc/}" || true)"
        [[ ${#fields[@]} -gt 2 && ${fields[2]} == "$1" && ${fields[0]} != Z ]] && return 0
    done
    return 1
}

# stop_group FILE: ends the process group whose leader FILE remembers: SIGTERM, after 6 s SIGKILL. Nothing if it has ended.
stop_group() {
    local pid start try
    [[ -s $1 ]] || return 0
    read -r pid start <"$1"
    if [[ $(proc_start "$pid" || true) == "$start" ]]; then
        kill -TERM -- "-$pid" 2>/dev/null || true
        for try in {1..100}; do
            group_alive "$pid" || break
            ((try != 60)) || kill -KILL -- "-$pid" 2>/dev/null || true
            sleep 0.1
        done
    fi
    rm -f -- "$1"
}

# check WHAT COMMAND...: runs the command, tells whether it succeeded, shows what it said if not, and counts. What it
# said stays in the file CHECK_LOG.
CHECKS_PASSED=0 CHECKS_FAILED=0
check() {
    local what=$1 status
    shift
    # Not as the condition of an `if`: bash would ignore errors inside a function then.
    set +e
    (
        set -e
        "$@"
    ) >"$CHECK_LOG" 2>&1
    status=$?
    set -e
    if ((status == 0)); then
        CHECKS_PASSED=$((CHECKS_PASSED + 1))
        printf 'ok      %s\n' "$what"
    else
        CHECKS_FAILED=$((CHECKS_FAILED + 1))
        printf 'FAILED  %s\n' "$what"
        tail -n 60 "$CHECK_LOG" | sed 's/^/        /'
    fi
}

# check_summary: the closing line; fails if a check has failed, or if there was none.
check_summary() {
    printf '%d passed, %d failed\n' "$CHECKS_PASSED" "$CHECKS_FAILED"
    ((CHECKS_FAILED == 0 && CHECKS_PASSED > 0))
}
