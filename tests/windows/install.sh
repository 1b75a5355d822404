#!/usr/bin/env bash
# Installs the package from its feed on the Windows build of PowerShell under Wine, and uses it:
#
#   tests/windows/install.sh PWSH_WINE SCRIPT FEED SAMPLE MODULES
#
# All are paths of this machine: SCRIPT is build/Test-Installed.ps1, MODULES the folder of PSResourceGet. See run.sh for PWSH_WINE.
# Runs in a network namespace of its own, so it also shows that nothing is fetched. Closes with `N passed, N failed, N skipped`.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lab/common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../lab/common.sh"
# shellcheck source-path=SCRIPTDIR source=wine.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/wine.sh"

(($# == 5)) || die "usage: install.sh PWSH_WINE SCRIPT FEED SAMPLE MODULES"
need_root
need_tools ip flock timeout
WRAPPER=$(realpath -- "$1")
NAME=phs-install-$$
OUTPUT=$(mktemp /tmp/phs-install.XXXXXX)
readonly WRAPPER NAME OUTPUT

clean_up() {
    local pids
    pids=$(ip netns pids "$NAME" 2>/dev/null || true)
    # shellcheck disable=SC2086 # one id per word
    [[ -z $pids ]] || kill -TERM $pids 2>/dev/null || true
    ip netns del "$NAME" 2>/dev/null || true
    rm -f -- "$OUTPUT"
}
trap clean_up EXIT

lock_wine
BINDS="$5 ${BINDS:-}"
ip netns add "$NAME"
ip -n "$NAME" link set lo up
run_windows 600 "$OUTPUT" ip netns exec "$NAME" "$WRAPPER" -NoProfile -NonInteractive -File "$(as_windows "$2")" \
    -Feed "$(as_windows "$3")" -Sample "$(as_windows "$4")" -Modules "$(as_windows "$5")"
closing_line installed "$OUTPUT"
