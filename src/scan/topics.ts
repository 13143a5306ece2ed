/**
 * What is read of the whole tree, and the words that a file must hold before it can matter to that: ASCII in small
 * letters, found in any case. They are looked for while each file is examined anyway, so that nobody reads a large tree
 * once more for the few files that are about something.
 */
const words = {
  'kept certificate': ['rack.peer_cert', 'puma.peercert', 'ssl_client_'],
  'identity field': [
    ...['http_x_', 'http_ssl_', 'http_tls_', 'http_mtls_', 'http_client', 'http_forwarded_', 'http_amzn_mtls'],
    ...['ssl-', 'tls-', 'client-', 'x-forwarded-', 'x-spiffe', 'x-svid', 'x-remote-', 'x-auth', 'x-arr-'],
  ],
  'start by itself': ['sinatra', '::handler', 'run!', 'start!', 'server.start'],
  'served folder': [
    ...['public_folder', 'public_dir', ':public,', "'public'", '"public"'],
    ...['rack::file', 'rack::directory', 'rack::static', 'rack::trystatic', 'rack::sendfilestatic'],
  ],
  'cross origin': ['allow-origin', 'allow_origin', 'origins', 'allow-cred', 'allow_cred'],
  'environment by name': [`_env'`, '_env"'],
  'client certificate': ['client', 'mtls'].flatMap((owner) =>
    ['_', '-', ''].flatMap((dash) => ['cert', 'crt', 'pem', 'tls'].map((what) => `${owner}${dash}${what}`)),
  ),
  'loaded certificate': ['x509::certificate'],
  'certificate callback': ['verify_callback'],
  cookie: [
    'cookies',
    'cookie_jar',
    'set_cookie',
    'sessions',
    'session_store',
    'rack::session',
    'session::',
    'encryptedcookie',
  ],
  'server of its own': ['sslserver', 'add_ssl_listener', 'ssl_context:', 'iodine::tls'],
  webrick: ['webrick::'],
  'thin options': ['ssl_options'],
  'ingress annotation': ['auth-tls-'],
  'envoy listener': ['filter_chains'],
  'caddy in json': ['"servers"'],
  traefik: ['traefik.', 'entrypoints', 'routers', 'clientauth', 'serverstransports'],
  manifest: ['apiversion:'],
  'task definition': ['containerdefinitions'],
  mesh: ['peerauthentication', 'linkerd.io', 'optional_mutual'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type Topic = keyof typeof words

/** A set of topics: a bit for each. */
export type Topics = number

const names = Object.keys(words) as Topic[]

/** Every word, and what it is about. */
export const topicWords: readonly { readonly word: string; readonly topics: Topics }[] = names.flatMap((topic) =>
  words[topic].map((word) => ({ word, topics: bitOf(topic) })),
)

export const allTopics: Topics = names.reduce((all, topic) => all | bitOf(topic), 0)

export function isAbout(topics: Topics, topic: Topic): boolean {
  return (topics & bitOf(topic)) !== 0
}

/** Of a file that nobody has examined. */
export function topicsOf(bytes: Uint8Array): Topics {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1').toLowerCase()
  return topicWords.reduce((found, { word, topics }) => (text.includes(word) ? found | topics : found), 0)
}

function bitOf(topic: Topic): Topics {
  return 1 << names.indexOf(topic)
}
