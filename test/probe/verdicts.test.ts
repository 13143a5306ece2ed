import type { IncomingMessage, RequestListener } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ProbeReport, probeService } from '../../src/probe/probe-service.ts'
import { makePki, type Pki } from './pki.ts'
import {
  haproxy,
  nginx,
  nodePlain,
  nodeTls,
  puma,
  pumaPort,
  type Start,
  sinatraSettings,
  thinCommand,
  thinServer,
  thinTrustsSubject,
  unlessKnown,
  webrick,
} from './services.ts'

let pki: Pki
beforeAll(async () => {
  pki = await makePki()
})
afterAll(() => pki.remove())

const lenient = { requestCert: true, rejectUnauthorized: false }
const everyone = ['no-certificate', 'unknown-ca', 'self-signed', 'same-subject', 'expired']

/** Behind one address stand two servers, and only one of them looks at certificates: each stranger's second knock gets in. */
function everySecond(): RequestListener {
  const knocked = new Set<string>()
  return unlessKnown((request, response) => {
    const socket = request.socket as TLSSocket
    const who = `${socket.getProtocol()} ${socket.getPeerCertificate().fingerprint256}`
    response.writeHead(knocked.has(who) ? 200 : 403).end('one of two')
    knocked.add(who)
  })
}

/** Shuts everybody out once a stranger was seen, as a ban on addresses does. */
function bansEverybody(): RequestListener {
  let isBanned = false
  return (request, response) => {
    isBanned ||= !(request.socket as TLSSocket).authorized
    if (isBanned) request.socket.destroy()
    else response.end('the invoices of this month')
  }
}

const isExpired = (request: IncomingMessage) =>
  String((request.socket as TLSSocket).authorizationError) === 'CERT_HAS_EXPIRED'
const isOldTls = (request: IncomingMessage) => (request.socket as TLSSocket).getProtocol() === 'TLSv1.2'
const serves = (who: (request: IncomingMessage) => boolean): RequestListener =>
  unlessKnown((request, response) => void response.writeHead(who(request) ? 200 : 403).end('the invoices of this year'))

const optionalNoCa = 'ssl_verify_client optional_no_ca;'
const onlyDn = `location / { if ($ssl_client_s_dn !~ "CN=billing") { return 403; } return 200 'the invoices of this month'; }`
const onlySuccess = `location / { if ($ssl_client_verify != SUCCESS) { return 403; } return 200 'the invoices of this month'; }`

/** What is started, the verdict, and who gets in. */
const table: readonly (readonly [
  name: string,
  start: Start,
  verdict: ProbeReport['verdict'],
  admitted: readonly string[],
])[] = [
  ['Sinatra settings on Puma', sinatraSettings('puma'), 'not enforced', ['plain-http']],
  ['Sinatra settings on Thin', sinatraSettings('thin'), 'not enforced', ['plain-http']],
  ['Sinatra settings on WEBrick', sinatraSettings('webrick'), 'not enforced', ['plain-http']],
  ['thin --ssl', thinCommand(), 'not enforced', everyone],
  ['thin --ssl --ssl-disable-verify', thinCommand('--ssl-disable-verify'), 'not enforced', everyone],
  [
    'Thin that verifies without a CA',
    thinServer(),
    'not enforced',
    ['unknown-ca', 'self-signed', 'same-subject', 'expired'],
  ],
  ['an app on Thin that trusts the subject', thinTrustsSubject, 'not enforced', ['same-subject', 'expired']],
  ['puma force_peer', puma('force_peer'), 'enforced', []],
  ['puma peer', puma('peer'), 'not enforced', ['no-certificate']],
  ['puma none', puma('none'), 'not enforced', everyone],
  ['puma with a CA and no mode', puma(''), 'not enforced', everyone],
  ['puma on a plain port', pumaPort, 'not enforced', ['plain-http']],
  ['WEBrick VERIFY_PEER', webrick('OpenSSL::SSL::VERIFY_PEER'), 'not enforced', ['no-certificate']],
  [
    'WEBrick VERIFY_PEER with FAIL_IF_NO_PEER_CERT',
    webrick('OpenSSL::SSL::VERIFY_PEER | OpenSSL::SSL::VERIFY_FAIL_IF_NO_PEER_CERT'),
    'enforced',
    [],
  ],
  ['nginx on', nginx('ssl_verify_client on;'), 'enforced', []],
  ['nginx on, TLS 1.2 only', nginx('ssl_verify_client on;', undefined, 'TLSv1.2'), 'enforced', []],
  ['nginx optional and nothing behind it', nginx('ssl_verify_client optional;'), 'not enforced', ['no-certificate']],
  ['nginx optional and 403 for others', nginx('ssl_verify_client optional;', onlySuccess), 'enforced', []],
  [
    'nginx optional, one path exempt',
    nginx('ssl_verify_client optional;', `${onlySuccess} location /open { return 200 'the invoices of this month'; }`),
    'partial',
    ['no-certificate'],
  ],
  [
    'nginx optional and 404 for others',
    nginx('ssl_verify_client optional;', onlySuccess.replace('403', '404')),
    'enforced',
    [],
  ],
  [
    'nginx optional_no_ca',
    nginx(optionalNoCa),
    'not enforced',
    ['no-certificate', 'unknown-ca', 'self-signed', 'same-subject'],
  ],
  ['nginx optional_no_ca, the app checks the subject', nginx(optionalNoCa, onlyDn), 'not enforced', ['same-subject']],
  ['haproxy required', haproxy('required'), 'enforced', []],
  ['haproxy optional', haproxy('optional'), 'not enforced', ['no-certificate']],
  [
    'haproxy optional and deny for others',
    haproxy('optional', 'http-request deny unless { ssl_c_used 1 }'),
    'enforced',
    [],
  ],
  ['haproxy none', haproxy('none'), 'not enforced', everyone],
  ['Node that rejects', nodeTls({ requestCert: true, rejectUnauthorized: true }), 'enforced', []],
  [
    'Node that rejects, TLS 1.2 only',
    nodeTls({ requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' }),
    'enforced',
    [],
  ],
  [
    'Node that rejects, TLS 1.3 only',
    nodeTls({ requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' }),
    'enforced',
    [],
  ],
  ['Node that asks and does not reject', nodeTls(lenient), 'not enforced', everyone],
  ['Node that does not ask', nodeTls({}), 'not enforced', everyone],
  [
    'an app with its own 401',
    nodeTls(
      lenient,
      unlessKnown((_request, response) => void response.writeHead(401).end('{"error":"who are you"}')),
    ),
    'enforced',
    [],
  ],
  [
    'strangers get 203 and other content',
    nodeTls(
      lenient,
      unlessKnown((_request, response) => void response.writeHead(203).end('a cached copy of last month')),
    ),
    'not enforced',
    everyone,
  ],
  [
    'strangers get 403 with the good content',
    nodeTls(
      lenient,
      unlessKnown((_request, response) => void response.writeHead(403).end('the invoices of this month, seen at 12')),
    ),
    'not enforced',
    everyone,
  ],
  ['every second stranger gets in', nodeTls(lenient, everySecond()), 'not enforced', everyone],
  ['everybody is shut out once a stranger came', nodeTls(lenient, bansEverybody()), 'inconclusive', []],
  ['expired certificates get in', nodeTls(lenient, serves(isExpired)), 'partial', ['expired']],
  ['strangers get in on TLS 1.2', nodeTls(lenient, serves(isOldTls)), 'partial', everyone],
  [
    'strangers get a sign-in page',
    nodeTls(
      lenient,
      unlessKnown(
        (request, response) =>
          void response.end(
            `<title>Sign in</title><form action="/login?to=${request.url}"><input type="password" name="p"></form>`,
          ),
      ),
    ),
    'enforced',
    [],
  ],
  [
    'strangers are sent to sign in',
    nodeTls(
      lenient,
      unlessKnown((request, response) => void response.writeHead(302, { location: `/login?to=${request.url}` }).end()),
    ),
    'enforced',
    [],
  ],
  [
    'strangers get 200 in words of refusal',
    nodeTls(
      lenient,
      unlessKnown((_request, response) => void response.end('{"error":"unauthorized"}')),
    ),
    'inconclusive',
    [],
  ],
  [
    'strangers get 500',
    nodeTls(
      lenient,
      unlessKnown((_request, response) => void response.writeHead(500).end('oops')),
    ),
    'inconclusive',
    [],
  ],
  [
    'strangers get a backtrace with 500',
    nodeTls(
      lenient,
      unlessKnown((_request, response) => void response.writeHead(500).end("app.rb:3:in `get'")),
    ),
    'not enforced',
    everyone,
  ],
  [
    'strangers get no answer',
    nodeTls(
      lenient,
      unlessKnown(() => undefined),
    ),
    'inconclusive',
    [],
  ],
  [
    'everybody is refused',
    nodeTls(
      { requestCert: true, rejectUnauthorized: true, ca: [] },
      (_request, response) => void response.writeHead(403).end(),
    ),
    'inconclusive',
    [],
  ],
  ['the plain twin', nodePlain, 'not enforced', ['plain-http']],
]

it.each(table.map(([name, ...rest]) => [`${name}: ${rest[1]}`, ...rest] as const))(
  '%s',
  async (name, start, verdict, admitted) => {
    const service = await start(pki)
    try {
      const report = await probeService({
        url: `https://127.0.0.1:${service.port}`,
        routes: name.includes('exempt') ? ['/', '/open'] : ['/'],
        good: pki.good,
        clientCa: pki.ca,
        serverCa: pki.ca.certificate,
        timeoutMs: 1_500,
      })
      const seen = report.arms.map(
        ({ arm, transport, route, outcome, why }) => `${arm} ${transport} ${route} ${outcome} (${why})`,
      )
      const open = report.arms.filter(({ arm, outcome }) => outcome === 'admitted' && arm !== 'good')
      expect(report.verdict, [...report.reasons, ...seen].join('\n')).toBe(verdict)
      expect(new Set(open.map(({ arm }) => arm)), seen.join('\n')).toEqual(new Set(admitted))
    } finally {
      await service.stop()
    }
  },
)

it('does not count the refusals of a service that then refuses the good certificate too', async () => {
  const service = await nodeTls({ ...lenient, minVersion: 'TLSv1.3' }, bansEverybody())(pki)
  const report = await probeService({ url: `https://127.0.0.1:${service.port}`, good: pki.good, timeoutMs: 1_500 })
  await service.stop()
  const strangers = report.arms.filter(
    ({ arm, transport }) => arm !== 'good' && arm !== 'expired' && transport === 'TLSv1.3',
  )
  expect(new Set(strangers.map(({ outcome }) => outcome))).toEqual(new Set(['unclear']))
})

it('says that routes that were not named may be open where only the named ones refuse', async () => {
  const exempt = `${onlySuccess.replace('location /', 'location /invoices')} location / { return 404; }`
  for (const [location, isSaid] of [
    [exempt, true],
    [onlySuccess, false],
  ] as const) {
    const service = await nginx('ssl_verify_client optional;', location)(pki)
    const report = await probeService({ url: `https://127.0.0.1:${service.port}/invoices`, good: pki.good })
    await service.stop()
    expect(report.verdict).toBe('enforced')
    expect(report.gaps.some((gap) => gap.startsWith('other routes'))).toBe(isSaid)
  }
})
