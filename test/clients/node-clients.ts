import type { Client, EcosystemClients } from './client.ts'

export interface NodeClient extends Client {
  /** On Node 20, which knows no NODE_USE_ENV_PROXY. */
  readonly on20?: true
  /** A module; ends with exit code 0 when it has its answer. */
  readonly source: string
}

const variable = 'by `NODE_USE_ENV_PROXY` (Node 22.21, 24.5 and later) and `NODE_EXTRA_CA_CERTS`'
const ownAgent =
  'an agent of its own does not read the variables; `NODE_OPTIONS` loads a preload that gives it a tunnel'
const old = 'Node 20 knows no `NODE_USE_ENV_PROXY`; the preload gives it tunnels'

const charge = `'https://api.stripe.com/v1/charges'`
const post = `{ method: 'POST', body: 'amount=1', headers: { authorization: 'Bearer ' + process.env.STRIPE_API_KEY } }`
const send = (options: string) => `
const answer = await new Promise((resolve, reject) => {
  const headers = { authorization: 'Bearer ' + process.env.STRIPE_API_KEY }
  request(${charge}, { method: 'POST', headers, ${options} }, resolve).on('error', reject).end('amount=1')
})
answer.resume()
if (answer.statusCode !== 200) throw new Error('status')
`
const fetched = `
const answer = await fetch(${charge}, ${post})
if (answer.status !== 200 || !(await answer.json()).ok) throw new Error('status')
`

const webSocket = (module: string, open: string) => `${module}
const socket = ${open}
const echo = await new Promise((resolve, reject) => {
  socket.onopen = () => socket.send('hello')
  socket.onmessage = ({ data }) => resolve(data)
  socket.onerror = () => reject(new Error('no connection'))
})
socket.close()
if (echo !== 'hello') throw new Error('echo')
`

export const nodeClients: EcosystemClients<NodeClient> = {
  ecosystem: 'node',
  title: 'Node.js 26',
  clients: [
    { id: 'fetch', title: '`fetch`', means: 'as it is', why: variable, source: fetched },
    {
      id: 'https',
      title: '`https.request`',
      means: 'as it is',
      why: variable,
      source: `import { request } from 'node:https'\n${send('')}`,
    },
    {
      id: 'https-agent',
      title: '`https.request` with an own `https.Agent`',
      means: 'preload',
      why: ownAgent,
      source: `import { Agent, request } from 'node:https'\n${send('agent: new Agent()')}`,
    },
    {
      id: 'axios',
      title: 'axios',
      package: { name: 'axios', version: '1.21.1' },
      means: 'as it is',
      why: 'reads the proxy variables itself',
      source: `import axios from 'axios'\nawait axios.post(${charge}, 'amount=1', ${post})`,
    },
    {
      id: 'axios-agent',
      title: 'axios with an own `httpsAgent`, `proxy: false`',
      package: { name: 'axios', version: '1.21.1' },
      means: 'preload',
      why: ownAgent,
      source: `import axios from 'axios'
import { Agent } from 'node:https'
await axios.post(${charge}, 'amount=1', { ...${post}, proxy: false, httpsAgent: new Agent({ keepAlive: true }) })
process.exit()`,
    },
    {
      id: 'axios-1.6',
      title: 'axios 1.6',
      package: { name: 'axios', version: '1.6.8' },
      means: 'as it is',
      why: 'reads the proxy variables itself and sends the door `https:` targets without a tunnel, over loopback',
      source: `import axios from 'axios-1.6'\nawait axios.post(${charge}, 'amount=1', ${post})`,
    },
    {
      id: 'got',
      title: 'got',
      package: { name: 'got', version: '16.1.0' },
      means: 'as it is',
      why: variable,
      source: `import got from 'got'\nawait got.post(${charge}, ${post})`,
    },
    {
      id: 'undici',
      title: 'undici',
      package: { name: 'undici', version: '8.13.1' },
      means: 'as it is',
      why: variable,
      source: `import { request } from 'undici'
const { statusCode } = await request(${charge}, ${post})
if (statusCode !== 200) throw new Error('status')
process.exit()`,
    },
    {
      id: 'undici-agent',
      title: 'undici with an own `Agent`',
      package: { name: 'undici', version: '8.13.1' },
      means: 'not',
      why: 'an undici `Agent` of the app goes straight; use the global one, or `EnvHttpProxyAgent`',
      source: `import { Agent, request } from 'undici'
const { statusCode } = await request(${charge}, { ...${post}, dispatcher: new Agent() })
if (statusCode !== 200) throw new Error('status')
process.exit()`,
    },
    {
      id: 'node-fetch',
      title: 'node-fetch',
      package: { name: 'node-fetch', version: '3.3.2' },
      means: 'as it is',
      why: variable,
      source: `import fetch from 'node-fetch'\n${fetched}`,
    },
    {
      id: 'stripe',
      title: 'stripe',
      package: { name: 'stripe', version: '23.1.0' },
      means: 'preload',
      why: ownAgent,
      source: `import Stripe from 'stripe'
await new Stripe(process.env.STRIPE_API_KEY, { maxNetworkRetries: 0 }).charges.create({ amount: 1, currency: 'eur' })
process.exit()`,
    },
    {
      id: 'openai',
      title: 'openai',
      package: { name: 'openai', version: '7.57.0' },
      means: 'as it is',
      why: variable,
      source: `import OpenAI from 'openai'\nawait new OpenAI({ maxRetries: 0 }).models.list()`,
    },
    {
      id: 'openai-4',
      title: 'openai 4 (agentkeepalive)',
      package: { name: 'openai', version: '4.104.0' },
      means: 'base URL',
      why: '`OPENAI_BASE_URL`; its agents make their connections in a way of their own',
      source: `import OpenAI from 'openai-4'\nawait new OpenAI({ maxRetries: 0 }).models.list()\nprocess.exit()`,
    },
    {
      id: 'octokit',
      title: 'octokit',
      package: { name: 'octokit', version: '5.0.5' },
      means: 'as it is',
      why: variable,
      source: `import { Octokit } from 'octokit'
await new Octokit({ auth: process.env.GITHUB_TOKEN }).rest.users.getAuthenticated()`,
    },
    {
      id: 'twilio',
      title: 'twilio',
      package: { name: 'twilio', version: '6.2.0' },
      means: 'as it is',
      why: 'by axios, which reads the proxy variables itself',
      source: `import twilio from 'twilio'
const client = twilio('AC' + '0'.repeat(32), process.env.TWILIO_AUTH_TOKEN)
await client.messages.create({ from: '+15005550006', to: '+15005550009', body: 'hello' })
process.exit()`,
    },
    {
      id: 'websocket',
      title: '`WebSocket`',
      means: 'as it is',
      why: variable,
      source: webSocket(
        '',
        `new WebSocket('wss://api.openai.com/v1/realtime', { headers: { authorization: 'Bearer ' + process.env.OPENAI_API_KEY } })`,
      ),
    },
    {
      id: 'ws',
      title: 'ws',
      package: { name: 'ws', version: '8.23.0' },
      means: 'preload',
      why: 'makes its connections without an agent; the preload gives them a tunnel',
      source: webSocket(
        `import WebSocket from 'ws'`,
        `new WebSocket('wss://api.openai.com/v1/realtime', { headers: { authorization: 'Bearer ' + process.env.OPENAI_API_KEY } })`,
      ),
    },
    { id: 'fetch-20', title: 'Node 20: `fetch`', means: 'preload', why: old, on20: true, source: fetched },
    {
      id: 'https-20',
      title: 'Node 20: `https.request`',
      means: 'preload',
      why: old,
      on20: true,
      source: `import { request } from 'node:https'\n${send('')}`,
    },
    {
      id: 'https-agent-20',
      title: 'Node 20: `https.request` with an own `https.Agent`',
      means: 'preload',
      why: old,
      on20: true,
      source: `import { Agent, request } from 'node:https'\n${send('agent: new Agent()')}`,
    },
    {
      id: 'axios-20',
      title: 'Node 20: axios',
      package: { name: 'axios', version: '1.21.1' },
      means: 'as it is',
      why: 'reads the proxy variables itself',
      on20: true,
      source: `import axios from 'axios'\nawait axios.post(${charge}, 'amount=1', ${post})`,
    },
    {
      id: 'stripe-20',
      title: 'Node 20: stripe',
      package: { name: 'stripe', version: '23.1.0' },
      means: 'preload',
      why: old,
      on20: true,
      source: `import Stripe from 'stripe'
await new Stripe(process.env.STRIPE_API_KEY, { maxNetworkRetries: 0 }).charges.create({ amount: 1, currency: 'eur' })
process.exit()`,
    },
  ],
}
