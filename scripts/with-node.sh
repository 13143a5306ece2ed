#!/bin/sh
# Runs a script on the pinned Node, after installing what is missing: what the npm scripts begin with.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/scripts/runtime.sh"
PATH=${node%/*}:$PATH
export PATH
cd "$root"
exec "$node" --disable-warning=ExperimentalWarning "$@"
