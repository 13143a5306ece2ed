#!/bin/sh
# Installs what the demo or the tests start besides Node: sh scripts/servers.sh demo|test
# Only on Debian and Ubuntu, and only what is missing. Exit code 2: it could not, and says what to do.
set -eu

# set, package, and what needs it
list() {
  cat <<'END'
demo ruby          the sample service is written in it
demo ruby-sinatra  the sample service's framework
demo ruby-faraday  the second client that the egress door is shown with
demo puma          the sample service's server
demo thin          Sinatra's other servers, which treat the claimed TLS settings alike
demo ruby-webrick  the same; a package of its own since Ruby 3
test nginx-light   an independent TLS server and client to test against, and the yardstick of the benchmarks
test haproxy       the same; its TLS differs from nginx's where it matters
test apache2       a proxy whose configuration the scanner reads, to see that it reads it rightly
test caddy         the same
test stunnel4      the same
test gunicorn      a reader of requests beside which the doors' own reading is held
test curl          a client that the doors are tested with
test openssl       an independent reader and maker of certificates
test git           the scanner reads history; a client that the doors are tested with
test default-jdk-headless  Java clients, and keytool as another reader of truststores
test maven         Java clients that do not come with Java
test php-cli       PHP clients
test php-curl      the same
test php-guzzlehttp-guzzle  the same
test python3-venv  Python clients, and what is packed for pip
test squid         a company's proxy that the egress door has to go through
test unicorn       a server whose TLS the scanner describes
test ruby-grape    frameworks and libraries that the scanner models: apps in them are run, and leak
test ruby-actionpack  the same
test ruby-railties    the same
test ruby-sinatra-contrib  the same
test ruby-haml     the same
test ruby-slim     the same
test ruby-dotenv   the same
test ruby-sentry-ruby  the same
test ruby-lograge  the same
END
}

case ${1-} in
  demo) wanted=$(list | sed -n 's/^demo  *\([^ ]*\).*/\1/p') ;;
  test) wanted=$(list | sed 's/^[a-z]*  *\([^ ]*\).*/\1/') ;;
  *)
    echo "usage: sh scripts/servers.sh demo|test" >&2
    exit 2
    ;;
esac

if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-query >/dev/null 2>&1; then
  echo "sallyport: this is not Debian or Ubuntu; install these yourself:" $wanted >&2
  exit 2
fi

# Sets $missing.
look() {
  # dpkg-query fails when it does not know one of the packages, and still lists the others.
  present=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' $wanted 2>/dev/null || :)
  missing=
  for package in $wanted; do
    case "
$present
" in
      *"
$package installed
"*) ;;
      *) missing="$missing $package" ;;
    esac
  done
}

look
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
  directory=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
  echo "sallyport: not installed:$missing. Run this, then try again:" >&2
  echo "  sudo sh '$directory/servers.sh' $1" >&2
  exit 2
fi

# Two runs at once: the second waits here, and then finds that nothing is missing. The lock goes with the process.
exec 9>"${DPKG_ROOT-}/run/sallyport-servers.lock"
flock -w 900 9 || {
  echo "sallyport: another run has been installing packages for 15 minutes; see what holds it up" >&2
  exit 2
}
look
[ -n "$missing" ] || exit 0

# Debian starts a server as soon as it is installed, on its usual port; 101 is "not allowed" to invoke-rc.d.
policy=${DPKG_ROOT-}/usr/sbin/policy-rc.d
mark='# sallyport: no server is started while the tests install it'
if [ ! -e "$policy" ] || grep -qF "$mark" "$policy"; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  printf '#!/bin/sh\n%s\nexit 101\n' "$mark" >"$policy"
  chmod 755 "$policy"
fi

echo "sallyport: installing$missing" >&2
log=$(mktemp)
install_missing() {
  DEBIAN_FRONTEND=noninteractive
  export DEBIAN_FRONTEND
  # The machine may be installing updates of its own just now: wait for that, and no longer than ten minutes.
  apt-get -o DPkg::Lock::Timeout=600 -q update && apt-get -o DPkg::Lock::Timeout=600 -q -y --no-install-recommends install $missing
}
if ! install_missing </dev/null 9>&- >"$log" 2>&1; then
  cat "$log" >&2
  rm -f "$log"
  echo "sallyport: apt-get could not install$missing; see above" >&2
  exit 2
fi
rm -f "$log"
