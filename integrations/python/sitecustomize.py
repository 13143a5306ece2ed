"""Loaded by Python's own start-up, because its folder stands first in PYTHONPATH. Brings clients that read no proxy or
certificate variable to the egress door, for the hosts that a key is for; every other call stays as it was.

A client is patched when the app imports it, so a program that uses none pays for none. Raises nothing into the app:
where a patch does not fit, its client reaches no upstream with a key.
"""

import os
import sys

_here = os.path.dirname(os.path.abspath(__file__))
# Roots of the system and of the run.
_bundle = os.path.join(os.path.dirname(_here), "ca.pem")


def _read_door():
    """Written by `sallyport run` beside this file: the door's URL, then an authority a line (`*.` for subdomains)."""
    with open(os.path.join(_here, "door"), encoding="utf-8") as file:
        url, *authorities = file.read().split()
    host, _, port = url.rpartition("/")[2].rpartition(":")
    return url, host, int(port), [_split(authority) for authority in authorities]


def _split(authority):
    host, colon, port = authority.rpartition(":")
    return (host, int(port)) if colon and port.isdigit() else (authority, 443)


def _leads(host, port):
    """Whether a call to `host` goes through the door: a key is for it, and no_proxy does not name it."""
    host = _text(host).lower()
    if not any(port == wanted and _names(name, host) for name, wanted in _authorities):
        return False
    direct = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    names = [name.strip().lstrip(".").lower() for name in direct.split(",")]
    return not any(name == "*" or (name and (host == name or host.endswith("." + name))) for name in names)


def _names(pattern, host):
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def _or_none(make):
    """What `make` returns, or None where it does not fit: the version is another than those that this was tried with."""
    try:
        return make()
    except Exception:
        return None


def _text(host):
    return host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")


def _patch_http_client(module):
    """A connection that is made by hand, without a proxy."""
    connect = module.HTTPSConnection.connect

    def connect_through(self):
        if self._tunnel_host is None and _leads(self.host, self.port):
            self.set_tunnel(self.host, self.port)
            self.host, self.port = _door_host, _door_port
        return connect(self)

    module.HTTPSConnection.connect = connect_through


def _patch_urllib3(module):
    """A pool manager without a proxy: urllib3 alone reads no variable, and requests none where trust_env is off."""
    manager, proxied = module.PoolManager, module.ProxyManager
    connection_from_host, clear = manager.connection_from_host, manager.clear

    def through(self):
        if "_sallyport" not in self.__dict__:
            self._sallyport = proxied(_url, headers=self.headers, **self.connection_pool_kw)
        return self._sallyport

    def from_host(self, host, port=None, scheme="http", pool_kwargs=None):
        if self.proxy is None and scheme == "https" and _leads(host, port or 443):
            beside = _or_none(lambda: through(self))
            if beside is not None:
                return beside.connection_from_host(host, port, scheme, pool_kwargs)
        return connection_from_host(self, host, port, scheme, pool_kwargs)

    def clear_both(self):
        if "_sallyport" in self.__dict__:
            self._sallyport.clear()
        return clear(self)

    manager.connection_from_host, manager.clear = from_host, clear_both


def _patch_httpcore(module):
    """Under httpx: a pool without a proxy, as a transport of the app's own or `trust_env=False` makes it."""
    name = "AsyncConnectionPool" if "._async." in module.__name__ else "ConnectionPool"
    tunnel = name.replace("ConnectionPool", "TunnelHTTPConnection")
    pool = getattr(module, name)
    create_connection = pool.create_connection

    def through(self, origin):
        if getattr(self, "_proxy", None) is not None or origin.scheme != b"https":
            return None
        if not _leads(origin.host, origin.port):
            return None
        return getattr(sys.modules[module.__package__ + ".http_proxy"], tunnel)(
            proxy_origin=type(origin)(scheme=b"http", host=_door_host.encode(), port=_door_port),
            remote_origin=origin,
            ssl_context=self._ssl_context,
            keepalive_expiry=self._keepalive_expiry,
            http1=self._http1,
            http2=self._http2,
            network_backend=self._network_backend,
        )

    def create(self, origin):
        return _or_none(lambda: through(self, origin)) or create_connection(self, origin)

    pool.create_connection = create


def _patch_aiohttp(module):
    """A session reads the variables only where the app says so."""
    session = module.ClientSession
    send = session._request

    def is_led(self, str_or_url):
        url = self._build_url(str_or_url)
        own = getattr(self, "_default_proxy", None)
        return own is None and url.scheme in ("https", "wss") and _leads(url.host, url.port)

    async def request(self, method, str_or_url, **options):
        if options.get("proxy") is None and _or_none(lambda: is_led(self, str_or_url)):
            options["proxy"] = _url
        return await send(self, method, str_or_url, **options)

    session._request = request


def _patch_certifi(module):
    """Roots that a client carries along instead of asking OpenSSL for them."""

    def contents():
        with open(_bundle, encoding="utf-8") as file:
            return file.read()

    module.where, module.contents = (lambda: _bundle), contents


def _patch_stripe(module):
    module.ca_bundle_path = _bundle


_patches = {
    "http.client": _patch_http_client,
    "urllib3.poolmanager": _patch_urllib3,
    "aiohttp.client": _patch_aiohttp,
    "certifi": _patch_certifi,
    "stripe": _patch_stripe,
}
for _package in ("httpcore", "httpcore2"):
    for _side in ("_sync", "_async"):
        _patches[f"{_package}.{_side}.connection_pool"] = _patch_httpcore


class _Finder:
    """Finds nothing itself: lets the others find what is patched, and patches it once it has been executed."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        patch = _patches.get(name)
        if patch is None:
            return None
        for finder in sys.meta_path:
            spec = None if finder is _Finder else finder.find_spec(name, path, target)
            if spec is not None:
                _patch_after(spec.loader, name, patch)
                return spec
        return None


def _patch_after(loader, name, patch):
    execute = getattr(loader, "exec_module", None)

    def exec_module(module):
        execute(module)
        if module.__name__ == name:
            vars(loader).pop("exec_module", None)
            _apply(patch, module)

    try:
        # On the loader itself and not in a wrapper: what asks a module's loader for its data finds the one it knows.
        loader.exec_module = exec_module
    except AttributeError:
        pass


def _apply(patch, module):
    try:
        patch(module)
    except Exception:
        pass


def _run_next():
    """Runs the sitecustomize that this one hides, in its place. What it raises is raised, as without us."""
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != _here]
    own = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
    finally:
        # The import system looks for the module that it has just loaded.
        sys.modules.setdefault("sitecustomize", own)


try:
    _url, _door_host, _door_port, _authorities = _read_door()
    # A .pth file can have imported one before us.
    for _name in _patches.keys() & sys.modules.keys():
        _apply(_patches[_name], sys.modules[_name])
    sys.meta_path.insert(0, _Finder)
except Exception:
    pass
_run_next()
