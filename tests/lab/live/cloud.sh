#!/usr/bin/env bash
# The tenant beside the lab's directory, through the built module:  cloud.sh DIR
# Microsoft Graph is tests/cloud/server.py in the lab's namespace, with users made from those of the directory (lab.py tenant).
# Needs out/PhsDiagnostics (build.sh build) and PowerShell. Prints `N passed, N failed`.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../common.sh"

(($# == 1)) || die "usage: cloud.sh DIR"
need_root
need_tools pwsh python3
root=$(cd -- "$LAB_HOME/../.." && pwd)
[[ -f $root/out/PhsDiagnostics/PhsDiagnostics.psd1 ]] || die "build the module first: ./build.sh build"
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
"$LAB_HOME/lab.py" tenant "$1" "$work" >/dev/null
"$LAB_HOME/in.sh" "$1" pwsh -NoProfile -NonInteractive -File "$LAB_HOME/live/cloud.ps1" \
    -Module "$root/out/PhsDiagnostics" -Export "$LAB_HOME/export" -Lab "$1" -Answers "$work"
