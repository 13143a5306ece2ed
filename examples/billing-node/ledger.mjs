// The outside service that keeps balances and charges. Every request carries our API key.
import * as http from 'node:http'
import * as https from 'node:https'

export const url = process.env.LEDGER_URL ?? 'https://localhost:9543'
export const apiKey = process.env.LEDGER_API_KEY

export function get(path) {
  return exchange(`${url}${path}`, { Authorization: `Bearer ${apiKey}` })
}

// The search is the ledger's older API: it takes the key as the user of the URL.
export function search(text) {
  return exchange(`${url.replace('://', `://${apiKey}@`)}/v1/search?q=${text}`, {})
}

async function exchange(target, headers) {
  const client = target.startsWith('https:') ? https : http
  const response = await new Promise((resolve, reject) => {
    client.get(target, { headers, timeout: 10_000 }, resolve).on('error', reject)
  })
  const body = Buffer.concat(await response.toArray()).toString()
  if (response.statusCode !== 200) throw new Error(`GET ${target} answered ${response.statusCode}`)
  return JSON.parse(body)
}
