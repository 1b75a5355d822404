#!/usr/bin/env bash
# The Pester tests on the Windows build of PowerShell under Wine, with live tests against a Samba domain controller:
#
#   tests/windows/run.sh PWSH_WINE [TAG]
#
# PWSH_WINE is a wrapper that runs pwsh.exe with the arguments it gets, on this machine's files as drive Z:, in the
# WINEPREFIX of its environment, with the folders of BINDS in reach. Closes with `N passed, N failed, N skipped`. Needs root.
# The module must have been built for win-x64.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lab/common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../lab/common.sh"
# shellcheck source-path=SCRIPTDIR source=wine.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/wine.sh"

(($# >= 1)) || die "usage: run.sh PWSH_WINE [TAG]"
need_root
need_tools ip samba flock timeout
WRAPPER=$(realpath -- "$1") TAG=${2:-}
TOP=$(cd -- "$LAB_HOME/../.." && pwd)
ROOT=$(mktemp -d /tmp/phs-windows.XXXXXX)
readonly WRAPPER TAG TOP ROOT LAB=$ROOT/dc

clean_up() {
    # Ends Wine's services too: they run in the lab's namespace.
    [[ ! -f $LAB/env ]] || "$LAB_HOME/samba.sh" down "$LAB" || true
    rm -rf -- "$ROOT"
}
trap clean_up EXIT

lock_wine
"$LAB_HOME/samba.sh" up "$LAB" 9>&-
"$LAB_HOME/lab.py" setup "$LAB" >"$ROOT/setup.log"
"$LAB_HOME/lab.py" apply "$LAB" base >>"$ROOT/setup.log"

# What a process of Wine's occupies says nothing about leaks.
arguments=(-NoProfile -NonInteractive -File "$(as_windows "$TOP/build/Invoke-Pester.ps1")" -Version 5.7.1
    -Report "$(as_windows "$ROOT/report.json")"
    -ExcludeTag Memory)
[[ -z $TAG ]] || arguments+=(-Tag "$TAG")

cd -- "$TOP"
run_windows 1800 "$ROOT/output" "$LAB_HOME/in.sh" "$LAB" "$WRAPPER" "${arguments[@]}"
closing_line pester "$ROOT/output"
