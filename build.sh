#!/usr/bin/env bash
# The first command on Linux and macOS: finds PowerShell, or installs it, and calls build.ps1.
#
#   ./build.sh [demo|build|test|lint|bench|package] [arguments for build.ps1, such as -AllowMissing or -Suite pester]
#
# PowerShell is looked for in $PWSH, on PATH, and beside the checkout (../shared/pwsh/pwsh). Where there is none, its
# official release is put into a cache folder after its SHA-256 was checked; nothing else of the system is changed. Where none
# can be had, the Rust part still runs: `demo` diagnoses the sample through a small program, `test` runs the Rust tests
# and counts what it left out as failed (as skipped with -AllowMissing).
# `test` as root on Debian or Ubuntu installs the packages that the tests need.
set -euo pipefail

readonly PWSH_VERSION=7.6.9
readonly PWSH_RELEASES=https://github.com/PowerShell/PowerShell/releases/download

here=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
cd -- "$here"

say() { printf '%s\n' "$*" >&2; }

have() { command -v "$1" >/dev/null 2>&1; }

# A fresh rustup is not on PATH yet.
if ! have cargo && [[ -x $HOME/.cargo/bin/cargo ]]; then
    PATH=$HOME/.cargo/bin:$PATH
fi
have cargo || {
    say 'build.sh: cargo was not found. Install Rust 1.90 or later from https://rustup.rs and run this again.'
    exit 1
}

sha256() {
    if have sha256sum; then sha256sum -- "$1"; else shasum -a 256 -- "$1"; fi | cut -d' ' -f1
}

# The name of PowerShell's release archive for this machine.
pwsh_archive() {
    local system machine
    case $(uname -s) in
        Linux) system=linux ;;
        Darwin) system=osx ;;
        *) return 1 ;;
    esac
    case $(uname -m) in
        x86_64 | amd64) machine=x64 ;;
        aarch64 | arm64) machine=arm64 ;;
        *) return 1 ;;
    esac
    printf 'powershell-%s-%s-%s.tar.gz' "$PWSH_VERSION" "$system" "$machine"
}

# install_pwsh FOLDER: gets PowerShell from its official release into FOLDER; its checksum is that of the release's list.
install_pwsh() {
    local folder=$1 archive work expected actual
    archive=$(pwsh_archive) || { say "build.sh: there is no PowerShell release for $(uname -sm)."; return 1; }
    have curl || { say 'build.sh: curl is needed to get PowerShell.'; return 1; }
    work=$(mktemp -d)
    say "build.sh: getting PowerShell $PWSH_VERSION ($archive) ..."
    if ! curl -fsSL --connect-timeout 15 --retry 2 -o "$work/hashes" "$PWSH_RELEASES/v$PWSH_VERSION/hashes.sha256" ||
        ! curl -fsSL --connect-timeout 15 --retry 2 -o "$work/$archive" "$PWSH_RELEASES/v$PWSH_VERSION/$archive"; then
        say 'build.sh: PowerShell could not be downloaded.'
        rm -rf -- "$work"
        return 1
    fi
    # The list has a byte order mark, carriage returns, and lines such as 'HASH *FILE'.
    expected=$(tr -d '\r\357\273\277' <"$work/hashes" | awk -v file="$archive" '{ name = $2; sub(/^\*/, "", name) } name == file { print tolower($1) }')
    actual=$(sha256 "$work/$archive")
    if [[ -z $expected || $expected != "$actual" ]]; then
        say "build.sh: the checksum of $archive is $actual, not ${expected:-(not in the list)}. It is not used."
        rm -rf -- "$work"
        return 1
    fi
    mkdir -p -- "$folder.new"
    tar -xzf "$work/$archive" -C "$folder.new"
    chmod +x "$folder.new/pwsh"
    rm -rf -- "$work" "$folder"
    mv -- "$folder.new" "$folder"
}

# Prints the path of a PowerShell that starts.
find_pwsh() {
    local candidate cache
    cache=${XDG_CACHE_HOME:-$HOME/.cache}/phsdiagnostics/powershell-$PWSH_VERSION
    for candidate in "${PWSH:-}" "$(command -v pwsh || true)" "$here/../shared/pwsh/pwsh" "$cache/pwsh"; do
        if [[ -n $candidate && -x $candidate ]] && starts "$candidate"; then
            printf '%s' "$candidate"
            return
        fi
    done
    install_pwsh "$cache" || return 1
    starts "$cache/pwsh" || {
        say "build.sh: $cache/pwsh does not start; on Linux it needs libicu and libssl (see https://aka.ms/install-powershell)."
        return 1
    }
    printf '%s' "$cache/pwsh"
}

# Whether it is PowerShell 7.2 or later and runs here.
starts() {
    "$1" -NoProfile -NonInteractive -Command 'exit [int]($PSVersionTable.PSVersion -lt [version]"7.2")' >/dev/null 2>&1
}

# What the tests need beyond Rust and PowerShell: compilers and valgrind for the C ABI, a directory for the lab.
install_packages() {
    [[ $(id -u) -eq 0 ]] && have apt-get || return 0
    local wanted=(gcc g++ binutils valgrind libssl3) package missing=()
    # PowerShell needs ICU, whose package is named after its version.
    package=$(apt-cache pkgnames libicu | grep -E '^libicu[0-9]+$' | sort -V | tail -n 1)
    [[ -z $package ]] || wanted+=("$package")
    # The cross-compiler for Windows, which Debian has.
    if grep -qsx 'ID=debian' /etc/os-release; then
        wanted+=(gcc-mingw-w64-x86-64 rustc-web cargo-web rust-web-src)
    fi
    [[ ! -f tests/lab/packages.txt ]] || mapfile -t -O "${#wanted[@]}" wanted < <(grep -Ev '^\s*(#|$)' tests/lab/packages.txt)
    for package in "${wanted[@]}"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    say "build.sh: installing ${missing[*]}"
    apt-get update -qq || say 'build.sh: apt-get update failed; going on with the lists that are there.'
    for package in "${missing[@]}"; do
        # One by one: a package that this release of the system does not have must not keep the others away.
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null ||
            say "build.sh: $package could not be installed; a suite that needs it will say so."
    done
}

# The Rust part alone, loudly.
without_pwsh() {
    local task=$1 allow=$2 lines passed=0 failed=0 skipped=0 left_out=4 ran
    say
    say "build.sh: NO POWERSHELL: it was not found and could not be had. The module itself is not built or tested."
    case $task in
        demo)
            say 'build.sh: diagnosing samples/fabrikam through the Rust example instead.'
            say
            exec cargo run -p phs-collect --example diagnose -- samples/fabrikam
            ;;
        test)
            say 'build.sh: running the Rust tests; LEFT OUT: Pester, C ABI, lab, fuzz.'
            lines=$(mktemp)
            cargo test --workspace --no-fail-fast 2>&1 | tee "$lines" || ran=no
            while read -r p f i; do
                passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + i))
            done < <(sed -nE 's/^test result: .* ([0-9]+) passed; ([0-9]+) failed; ([0-9]+) ignored.*/\1 \2 \3/p' "$lines")
            rm -f -- "$lines"
            [[ -z ${ran:-} || $failed -gt 0 ]] || failed=1
            if [[ $allow == yes ]]; then skipped=$((skipped + left_out)); else failed=$((failed + left_out)); fi
            printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
            ((failed == 0))
            exit
            ;;
        build) exec cargo build --release -p phs-ffi ;;
        lint) cargo fmt --all --check && exec cargo clippy --workspace --all-targets -- -D warnings ;;
        *) say "build.sh: the task '$task' needs PowerShell."; exit 1 ;;
    esac
}

task=build
if [[ ${1:-} == [a-zA-Z]* ]]; then
    task=$(printf '%s' "$1" | tr '[:upper:]' '[:lower:]')
    shift
fi
case $task in
    demo | build | test | lint | bench | package) ;;
    *)
        say "build.sh: there is no task '$task'. Tasks: demo, build, test, lint, bench, package."
        exit 2
        ;;
esac
[[ $task != test ]] || install_packages
if pwsh=$(find_pwsh); then
    exec "$pwsh" -NoProfile -NonInteractive -File ./build.ps1 -Task "$task" "$@"
fi
allow=no
for argument in "$@"; do
    case $argument in -[Aa]llow[Mm]issing) allow=yes ;; esac
done
without_pwsh "$task" "$allow"
