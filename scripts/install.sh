# Sourced by runtime.sh: installs the pinned Node and the dependencies, both from their lockfiles.
# Two first uses at once wait for each other, and an install that was interrupted is done again.
command -v npm >/dev/null 2>&1 || {
  echo "sallyport: npm is missing; install Node 20 or later with npm, then run this again" >&2
  exit 2
}
lock=$root/.cache/install.lock
mkdir -p "$root/.cache"
tries=0
until mkdir "$lock" 2>/dev/null; do
  owner=$(cat "$lock/pid" 2>/dev/null || echo)
  if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
    rm -rf "$lock"
    continue
  fi
  tries=$((tries + 1))
  if [ "$tries" -gt 600 ]; then
    echo "sallyport: another install has held $lock for ten minutes; remove it if that install is gone" >&2
    exit 2
  fi
  sleep 1
done
echo $$ >"$lock/pid"
trap 'rm -rf "$lock"' EXIT INT TERM
sallyport_install() {
  [ -e "$1/node_modules/.package-lock.json" ] && [ ! "$1/package-lock.json" -nt "$1/node_modules/.package-lock.json" ] && return 0
  echo "sallyport: installing $2" >&2
  if ! (cd "$1" && npm ci --no-audit --no-fund --loglevel=error) >"$root/.cache/install.log" 2>&1; then
    cat "$root/.cache/install.log" >&2
    echo "sallyport: npm ci failed in $1; see above" >&2
    exit 2
  fi
  touch "$1/node_modules/.package-lock.json"
}
sallyport_install "$root/tools/node" "the pinned Node (once)"
sallyport_install "$root" "the dependencies (once)"
rm -rf "$lock"
trap - EXIT INT TERM
[ -x "$node" ] || {
  echo "sallyport: npm installed no $runtime in tools/node; is this system's package served by the registry?" >&2
  exit 2
}
