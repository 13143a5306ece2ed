# Sourced by runtime.sh: installs the pinned Node and the dependencies, both from their lockfiles.
# Two first uses at once wait for each other, and an install that was interrupted is done again.
sallyport_stop() {
  echo "sallyport: $1" >&2
  exit 2
}
command -v npm >/dev/null 2>&1 || sallyport_stop "npm is missing; install Node 20 or later with npm, then run this again"
mkdir -p "$root/.cache" 2>/dev/null && [ -w "$root/.cache" ] && [ -w "$root" ] ||
  sallyport_stop "$root cannot be written, and something is still to be installed there; run this once as its owner"

# The lock is a symbolic link whose target is the owner's process id: made and filled in one step.
sallyport_lock=$root/.cache/install.lock
sallyport_is_alive() {
  # /proc answers for another user's process too, which kill does not.
  kill -0 "$1" 2>/dev/null || [ -d "/proc/$1" ]
}
sallyport_tries=0
until ln -s "$$" "$sallyport_lock" 2>/dev/null; do
  sallyport_owner=$(readlink "$sallyport_lock" 2>/dev/null || echo)
  # Only one of those who wait may clear away a dead owner's lock, and only that very lock.
  if [ -n "$sallyport_owner" ] && ! sallyport_is_alive "$sallyport_owner" && mkdir "$sallyport_lock.clearing" 2>/dev/null; then
    [ "$(readlink "$sallyport_lock" 2>/dev/null || echo)" != "$sallyport_owner" ] || rm -f "$sallyport_lock"
    rmdir "$sallyport_lock.clearing"
    continue
  fi
  sallyport_tries=$((sallyport_tries + 1))
  [ "$sallyport_tries" -le 600 ] ||
    sallyport_stop "another install has held $sallyport_lock for ten minutes; if that install is gone, remove it and $sallyport_lock.clearing"
  sleep 1
done
trap 'rm -f "$sallyport_lock"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

sallyport_install() {
  sallyport_fresh "$1" && return 0
  # npm would empty the folder behind the link, which may be another checkout's.
  [ ! -L "$1/node_modules" ] || sallyport_stop "$1/node_modules is a link and does not fit this lockfile; install where it points, or remove it"
  echo "sallyport: installing $2" >&2
  # npm writes node_modules/.package-lock.json last: without it an earlier install did not end.
  rm -f "$1/node_modules/.package-lock.json"
  if ! (cd "$1" && npm ci --no-audit --no-fund --loglevel=error) >"$root/.cache/install.log" 2>&1 </dev/null; then
    cat "$root/.cache/install.log" >&2
    sallyport_stop "npm ci failed in $1; see above"
  fi
  cp "$1/package-lock.json" "$1/node_modules/.sallyport-lock.json"
}
sallyport_install "$root/tools/node" "the pinned Node (once)"
sallyport_install "$root" "the dependencies (once)"
rm -f "$sallyport_lock"
trap - EXIT INT TERM HUP
[ -x "$node" ] || sallyport_stop "npm installed no $runtime in tools/node; is this system's package served by the registry?"
