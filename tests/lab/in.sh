#!/usr/bin/env bash
# Runs a command inside the network namespace of a Samba lab, where dc1.contoso.test resolves and the domain
# controller's ports answer:  in.sh DIR COMMAND [ARGUMENT...]
# The variables of DIR/env are exported to the command.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

(($# >= 2)) || die "usage: in.sh DIR COMMAND [ARGUMENT...]"
need_root
dir=$(need_lab "$1" samba)
shift
set -a
# shellcheck source=/dev/null
source "$dir/env"
set +a
exec ip netns exec "$LAB_NETNS" "$@"
