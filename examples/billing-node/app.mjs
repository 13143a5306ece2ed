// Billing: what our own services ask about balances and charges. Start it with `node app.mjs`.
import { createServer } from 'node:http'
import * as ledger from './ledger.mjs'

// Mutual TLS: only services with a certificate of ours may call.
const options = {
  cert: process.env.TLS_CERTIFICATE ?? 'tls/server.pem',
  key: process.env.TLS_PRIVATE_KEY ?? 'tls/server.key',
  ca: process.env.TLS_CA ?? 'tls/ca.pem',
  requestCert: true,
  rejectUnauthorized: true,
}

const routes = [
  ['GET', /^\/health$/, () => ({ status: 'ok' })],
  ['GET', /^\/balance$/, () => ledger.get('/v1/balance')],
  ['GET', /^\/charges\/([^/]+)$/, ([, id]) => ledger.get(`/v1/charges/${id}`)],
  ['GET', /^\/search$/, (_match, query) => ledger.search(query.get('q') ?? '')],
  ['GET', /^\/reports\/(\d{4}-\d\d)$/, ([, month]) => report(month)],
]

console.log(`billing talks to ${ledger.url} with ${ledger.apiKey}`)

export const server = createServer(options, async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  const answer = (status, body) => {
    response.writeHead(status, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  for (const [method, pattern, handle] of routes) {
    const match = request.method === method && pattern.exec(pathname)
    if (!match) continue
    try {
      return answer(200, await handle(match, searchParams))
    } catch (error) {
      return answer(200, { error: error.message, backtrace: error.stack.split('\n') })
    }
  }
  answer(404, { error: 'not found' })
})

async function report(month) {
  const { charges } = await ledger.get(`/v1/charges?month=${month}`)
  return { month, total: charges.reduce((total, { amount }) => total + amount, 0) }
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) {
  server.listen(Number(process.env.PORT ?? 4567), '127.0.0.1')
}
