'use strict'

/*
 * For Node clients that do not see the proxy variables: agents that the app makes itself, the package ws, and all of a
 * Node that knows no NODE_USE_ENV_PROXY (before 22.21 and 24.5). What goes through a proxy by itself is left alone.
 */

const installed = Symbol.for('sallyport.preload')
const proxy = readProxy(process.env.https_proxy || process.env.HTTPS_PROXY)
if (proxy && !globalThis[installed]) {
  Object.defineProperty(globalThis, installed, { value: true })
  for (const patch of [tunnelAgents, tunnelWebSockets, tunnelFetch]) {
    try {
      patch()
    } catch {
      // Not patched: what this client sends reaches no upstream with a key.
    }
  }
}

/** On the prototype: an agent of any age has it, and so has one of a class that adds nothing here. */
function tunnelAgents() {
  const { prototype } = require('node:https').Agent
  const direct = prototype.createConnection
  prototype.createConnection = function createConnection(...args) {
    const [options] = args
    const callback = args.at(-1)
    const isDirect =
      // A class with a method of its own may need the socket at once, which a tunnel cannot give.
      this.createConnection !== createConnection ||
      typeof callback !== 'function' ||
      typeof options !== 'object' ||
      options === null ||
      isProxiedByNode(this) ||
      !isForProxy(options)
    if (isDirect) return direct.apply(this, args)
    tunnel(options, (tunnelled) => direct.call(this, tunnelled), callback)
  }
}

/** ws makes its connections without an agent, by a function that it passes to `https.request`. */
function tunnelWebSockets() {
  const https = require('node:https')
  const direct = https.request
  https.request = function request(...args) {
    const [options] = args
    const isWebSocket =
      args.length === 1 &&
      options?.createConnection?.name === 'tlsConnect' &&
      options.headers?.['Sec-WebSocket-Key'] !== undefined &&
      !options.agent &&
      isForProxy(options)
    if (!isWebSocket) return direct.apply(this, args)
    const { createConnection } = options
    return direct.call(this, {
      ...options,
      createConnection: (given, callback) => tunnel(given, createConnection, callback),
    })
  }
}

/** The function is replaced and not the dispatcher at once: loading Node's own undici takes every start 20 ms. */
function tunnelFetch() {
  if (isProxiedByNode(require('node:https').globalAgent)) return
  const direct = globalThis.fetch
  if (typeof direct !== 'function') return
  let isReady = false
  globalThis.fetch = function fetch(input, init) {
    if (!isReady) {
      isReady = true
      tunnelDispatcher()
    }
    return direct(input, init)
  }
}

function tunnelDispatcher() {
  const place = Symbol.for('undici.globalDispatcher.1')
  // Reading it loads undici, which puts its dispatcher there.
  void globalThis.Response
  const Dispatcher = globalThis[place]?.constructor
  // Any other is the app's own choice, or Node's for a proxy.
  if (Dispatcher?.name !== 'Agent') return
  globalThis[place] = new Dispatcher({
    connect(options, callback) {
      const { protocol, hostname: host, servername } = options
      const port = options.port || (protocol === 'https:' ? 443 : 80)
      const open = (given) => {
        const socket =
          protocol === 'https:'
            ? require('node:tls').connect({ ...given, servername: servername || host, ALPNProtocols: ['http/1.1'] })
            : require('node:net').connect(given)
        socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => callback(null, socket))
        socket.once('error', callback)
        return socket
      }
      if (protocol === 'https:' && isForProxy({ host, port }))
        tunnel({ host, port }, open, (error) => error && callback(error))
      else open({ host, port })
    },
  })
}

/**
 * Asks the proxy for a tunnel to `options.host`, and gives `secure` the options with its socket. `callback` gets what
 * `secure` returns, or the error.
 */
function tunnel(options, secure, callback) {
  const authority = `${options.host.includes(':') ? `[${options.host}]` : options.host}:${options.port || 443}`
  const socket = require('node:net').connect(proxy.port, proxy.host)
  let answer = ''
  const fail = (error) => {
    socket.destroy()
    callback(error)
  }
  const onClose = () => fail(new Error(`the proxy closed the connection for ${authority}`))
  const onReadable = () => {
    for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) answer += chunk.toString('latin1')
    const end = answer.indexOf('\r\n\r\n')
    if (end < 0 && answer.length < 16_384) return
    socket.off('readable', onReadable).off('error', fail).off('close', onClose)
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1]
    if (status !== '200') {
      const problem = /\r\nsallyport-problem: ([A-Z_]+)/i.exec(answer)?.[1]
      return fail(new Error(`the proxy refused a tunnel to ${authority}: ${problem ?? status ?? 'not HTTP'}`))
    }
    let result
    try {
      result = secure({ ...options, socket })
    } catch (error) {
      return fail(error)
    }
    callback(null, result)
  }
  socket.on('readable', onReadable).on('error', fail).on('close', onClose)
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`)
}

/** Node's own property of an agent that has a proxy. */
function isProxiedByNode(agent) {
  return Object.getOwnPropertySymbols(agent).some(
    (symbol) => symbol.description === 'kProxyConfig' && Boolean(agent[symbol]),
  )
}

function isForProxy({ host, port, socket, socketPath }) {
  if (typeof host !== 'string' || host === '' || socket || socketPath) return false
  const named = host.replace(/^\[|\]$/g, '').toLowerCase()
  return !proxy.except.some(({ name, only }) => {
    if (only !== undefined && only !== Number(port || 443)) return false
    return name === '*' || named === name || named.endsWith(`.${name}`)
  })
}

/** A proxy that is spoken to without TLS and asks for no password, as the door is; and the hosts that do without it. */
function readProxy(text) {
  try {
    const { protocol, hostname, port, username } = new URL(text)
    if (protocol !== 'http:' || username !== '') return undefined
    const except = (process.env.no_proxy || process.env.NO_PROXY || '')
      .split(/[\s,]+/)
      .filter((entry) => entry !== '')
      .map((entry) => {
        const [, name = entry, only] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? []
        const bare = name.replace(/^\[|\]$/g, '').replace(/^\*?\./, '')
        return { name: bare.toLowerCase(), only: only === undefined ? undefined : Number(only) }
      })
    return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80), except }
  } catch {
    return undefined
  }
}
