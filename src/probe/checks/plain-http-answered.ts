import type { Check } from '../check.ts'

export const plainHttpAnswered: Check = {
  id: 'plain-http-answered',
  title: 'The service answers plain HTTP',
  severity: 'critical',
  cwe: 319,
  explanation: `The port answers HTTP without TLS: no certificate can be asked for, and keys and answers travel in clear.
This is what a service gets whose TLS settings nobody reads: \`set :ssl_certificate\` in Sinatra, a \`config/puma.rb\`
with \`ssl_bind\` that is not used when the app is started by \`ruby app.rb\`, \`rackup\` or \`puma -p\`.

**Fix.** Bind TLS where the server reads it (Puma: \`-b 'ssl://…'\` or \`ssl_bind\` in a configuration that is loaded), bind
the plain port to loopback only, or put \`sallyport run\` in front.`,
  readAccess({ cells }) {
    const open = cells.filter((cell) => cell.verdict === 'admitted' && cell.arm.isPlain)
    const [first] = open
    if (!first) return []
    return [
      {
        message: `plain HTTP is answered at ${open
          .slice(0, 5)
          .map((cell) => cell.route)
          .join(', ')}: there is no TLS in between, so no certificate is asked for`,
        fix: 'listen with TLS where the server reads it, and on loopback only for what must stay plain',
        evidence: open.slice(0, 5).map((cell) => `plain HTTP GET ${cell.route}: ${cell.why}`),
        identity: 'plain',
        ...(first.exchange ? { request: first.exchange.request, way: first.exchange.way } : {}),
      },
    ]
  },
}
