#!/usr/bin/env bash
# Guide steps B1 to B3 against the lab's users, through the built module:  users.sh DIR
# Needs out/PhsDiagnostics (build.sh build) and PowerShell. Prints `N passed, N failed`.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../common.sh"

(($# == 1)) || die "usage: users.sh DIR"
need_root
need_tools pwsh
root=$(cd -- "$LAB_HOME/../.." && pwd)
[[ -f $root/out/PhsDiagnostics/PhsDiagnostics.psd1 ]] || die "build the module first: ./build.sh build"
exec "$LAB_HOME/in.sh" "$1" pwsh -NoProfile -NonInteractive -File "$LAB_HOME/live/users.ps1" \
    -Module "$root/out/PhsDiagnostics" -Export "$LAB_HOME/export" -Lab "$1"
