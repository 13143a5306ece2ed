import type { Check } from '../check.ts'

export const serverCertificateNotVerified: Check = {
  id: 'server-certificate-not-verified',
  title: 'The service’s own certificate does not verify',
  severity: 'medium',
  cwe: 295,
  explanation: `The certificate that the service showed does not verify against the CA that was given with \`--ca\`: another
issuer, an expired certificate, or a name that is not the one in the URL. Clients that verify cannot connect, and clients
that do not would talk to anybody. The probe went on all the same: its verdict on client certificates does not depend on it.

**Fix.** Issue a certificate from that CA with the service's host name or address as a subject alternative name.`,
  readAccess({ exchanges, knowsServerCa }) {
    const bad = exchanges.find((exchange) => exchange.server && !exchange.server.isVerified)
    if (!knowsServerCa || !bad?.server) return []
    return [
      {
        message: `the service's certificate does not verify against the given CA: ${bad.server.problem}`,
        fix: 'issue the service a certificate from that CA for the host in its URL, or give the CA that it has',
        evidence: [bad.server.problem],
        identity: 'server',
        request: bad.request,
        way: bad.way,
      },
    ]
  },
}
