import type { Cell } from '../access.ts'
import type { Check } from '../check.ts'
import { describeOutcome } from '../judge.ts'
import { nameOf } from '../verdict.ts'

export const clientCertificateNotEnforced: Check = {
  id: 'client-certificate-not-enforced',
  title: 'The service serves who has no good client certificate',
  severity: 'critical',
  cwe: 295,
  explanation: `Over TLS, a request without a certificate, or with one that anybody can make in a second, got an answer as if
it were known: the claimed mutual TLS is not enforced. Judged by what came back for a request, never by the handshake: a
TLS 1.3 client finishes its handshake before the server has looked at its certificate.

Common causes: \`set :ssl_verify_client\` in Sinatra (a setting that nobody reads); \`verify_mode\` \`peer\` or none in
Puma; \`thin --ssl\`, which verifies nothing; WEBrick's \`VERIFY_PEER\` without \`VERIFY_FAIL_IF_NO_PEER_CERT\`; nginx's
\`optional\` and \`optional_no_ca\` without a check behind them; an app that believes a certificate's subject without a
verified chain.

**Fix.** Let the server demand a certificate and verify it against your own CA, on every path (nginx: \`ssl_verify_client on\`
with \`ssl_client_certificate\`; Puma: \`verify_mode=force_peer\` with \`ca=\`), or put \`sallyport run\` in front.`,
  readAccess({ cells }) {
    const open = cells.filter((cell) => cell.verdict === 'admitted' && cell.arm.who !== 'good' && !cell.arm.isPlain)
    return [...new Set(open.map((cell) => cell.arm.id))].map((arm) =>
      sighting(open.filter((cell) => cell.arm.id === arm)),
    )
  },
}

function sighting(open: readonly Cell[]) {
  const [first] = open as [Cell, ...Cell[]]
  const transports = [...new Set(open.map((cell) => nameOf(cell.transport)))].join(' and ')
  const routes = [...new Set(open.map((cell) => cell.route))]
  return {
    message: `${first.arm.title}: served over ${transports} at ${routes.slice(0, 5).join(', ')}${routes.length > 5 ? ', …' : ''}`,
    fix: 'demand a client certificate and verify it against your own CA before any request is answered',
    evidence: open
      .slice(0, 6)
      .map(
        (cell) =>
          `${nameOf(cell.transport)} GET ${cell.route}: ${cell.why || describeOutcome({ kind: 'timeout', stage: 'answer' })}`,
      ),
    identity: first.arm.id,
    severity: first.arm.who === 'holder' ? ('high' as const) : ('critical' as const),
    ...(first.exchange ? { request: first.exchange.request, way: first.exchange.way } : {}),
  }
}
