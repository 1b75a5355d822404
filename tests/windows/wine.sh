# shellcheck shell=bash
# What the scripts that use Wine share. Source it after lab/common.sh; it starts nothing.

# Wine's server opens the sockets of all its programs, so it must live in the network namespace of the run: a prefix of our
# own has a server of its own, one run at a time uses it, and the end of the namespace ends it.
WINE_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/phsdiagnostics/wine
WINE_STATUS=0

# as_windows PATH: the path as Windows programs name it.
as_windows() {
    printf 'Z:%s' "${1//\//\\}"
}

# lock_wine: waits until no other run uses the prefix.
lock_wine() {
    mkdir -p -- "$WINE_CACHE"
    exec 9>"$WINE_CACHE/lock"
    flock 9
}

# run_windows SECONDS OUTPUT COMMAND...: runs the command with our prefix and keeps what it prints; WINE_STATUS is its exit code.
run_windows() {
    local seconds=$1 output=$2
    shift 2
    WINE_STATUS=0
    WINEPREFIX=$WINE_CACHE/prefix BINDS="$WINE_CACHE ${BINDS:-}" timeout -k 10 "$seconds" "$@" 9>&- </dev/null 2>&1 |
        sed -u 's/\r$//' | tee "$output" || WINE_STATUS=$?
}

# closing_line WORD OUTPUT: prints the counts of the line `WORD: N passed, N failed, N skipped`. The exit code alone proves nothing:
# without a console pwsh.exe prints nothing and exits 0. So without that line the run has failed.
closing_line() {
    local line
    line=$(grep -aE "^$1: [0-9]+ passed, [0-9]+ failed, [0-9]+ skipped\$" "$2" | tail -n 1 || true)
    if [[ -z $line ]]; then
        printf 'The run under Wine ended without its closing line (exit code %d).\n0 passed, 1 failed, 0 skipped\n' "$WINE_STATUS"
        return 1
    fi
    printf '%s\n' "${line#"$1: "}"
    [[ $line == *' 0 failed,'* && $line != "$1: 0 passed,"* && $WINE_STATUS -eq 0 ]]
}
