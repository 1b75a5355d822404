#!/usr/bin/env bash
# Evidence of the lab's domain and of a tenant beside it, judged in a process with no network, through the built module:  evidence.sh DIR
# The findings must be those of the live run, save times of observation and what was measured. Needs out/PhsDiagnostics
# (build.sh build) and PowerShell. Prints `N passed, N failed`.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../common.sh"

(($# == 1)) || die "usage: evidence.sh DIR"
need_root
need_tools pwsh python3 unshare
root=$(cd -- "$LAB_HOME/../.." && pwd)
[[ -f $root/out/PhsDiagnostics/PhsDiagnostics.psd1 ]] || die "build the module first: ./build.sh build"
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
options=(-Module "$root/out/PhsDiagnostics" -Export "$LAB_HOME/export" -Lab "$1" -Work "$work")
judge=(pwsh -NoProfile -NonInteractive -File "$LAB_HOME/live/evidence.ps1" "${options[@]}" -Step)
"$LAB_HOME/lab.py" tenant "$1" "$work/tenant" >/dev/null
"$LAB_HOME/in.sh" "$1" "${judge[@]}" Collect
status=0
unshare -n "${judge[@]}" Analyse || status=$?
exit "$status"
