import type { Client, EcosystemClients } from './client.ts'

export interface PythonClient extends Client {
  /** Runs on the packages of `packages/python-older`. */
  readonly older?: true
  /** A program; ends with exit code 0 when it has its answer. */
  readonly source: string
}

const pip = (name: string, version: string) => ({ name, version })

const variables = 'by `HTTPS_PROXY`, and `SSL_CERT_FILE` or `REQUESTS_CA_BUNDLE`'
const unread = 'a module that `PYTHONPATH` has Python load sends requests with a key to the door'

const stripeRoots = 'reads the proxy variables and brings roots of its own; the preload gives it the bundle'

const setting = `
import os
URL = os.environ.get('LEDGER_URL', 'https://ledger.test') + '/v1/charges?x=1'
HEADERS = {'Authorization': 'Bearer ' + os.environ['LEDGER_KEY']}
`

const aiohttp = (options: string) => `
import asyncio, aiohttp
${setting}
async def main():
    async with aiohttp.ClientSession(${options}) as session:
        async with session.post(URL, data={'amount': '1'}, headers=HEADERS) as answer:
            assert answer.status == 200 and (await answer.json())['ok']
asyncio.run(main())
`

const withoutEnvironment = `
import requests
${setting}
session = requests.Session()
session.trust_env = False
assert session.post(URL, {'amount': 1}, headers=HEADERS).status_code == 200
`

const poolManager = `
import urllib3
${setting}
with urllib3.PoolManager(retries=False) as pool:
    assert pool.request('POST', URL, body=b'amount=1', headers=HEADERS).status == 200
`

const ownTransport = `
import httpx
${setting}
with httpx.Client(transport=httpx.HTTPTransport(retries=0)) as client:
    assert client.post(URL, data={'amount': 1}, headers=HEADERS).status_code == 200
`

export const pythonClients: EcosystemClients<PythonClient> = {
  ecosystem: 'python',
  title: 'Python 3.11',
  clients: [
    {
      id: 'urllib',
      title: '`urllib.request`',
      means: 'as it is',
      why: variables,
      source: `
from urllib.request import Request, urlopen
${setting}
assert urlopen(Request(URL, b'amount=1', HEADERS)).status == 200
`,
    },
    {
      id: 'http-client',
      title: '`http.client`',
      means: 'preload',
      why: unread,
      source: `
from http.client import HTTPSConnection
${setting}
connection = HTTPSConnection('ledger.test')
connection.request('POST', '/v1/charges', b'amount=1', HEADERS)
assert connection.getresponse().status == 200
`,
    },
    {
      id: 'requests',
      title: 'requests',
      package: pip('requests', '2.34.2'),
      means: 'as it is',
      why: variables,
      source: `
import requests
${setting}
assert requests.post(URL, {'amount': 1}, headers=HEADERS).json()['ok']
`,
    },
    {
      id: 'requests-certifi',
      title: 'requests with `verify=certifi.where()`',
      package: pip('requests', '2.34.2'),
      means: 'preload',
      why: 'reads the proxy variables; the preload has `certifi.where()` name the bundle',
      source: `
import certifi, requests
${setting}
assert requests.post(URL, {'amount': 1}, headers=HEADERS, verify=certifi.where()).status_code == 200
`,
    },
    {
      id: 'requests-without-environment',
      title: 'requests with `trust_env = False`',
      package: pip('requests', '2.34.2'),
      means: 'preload',
      why: unread,
      source: withoutEnvironment,
    },
    {
      id: 'urllib3',
      title: 'urllib3',
      package: pip('urllib3', '2.8.0'),
      means: 'preload',
      why: unread,
      source: poolManager,
    },
    {
      id: 'urllib3-pool',
      title: 'urllib3, an `HTTPSConnectionPool` made by hand',
      package: pip('urllib3', '2.8.0'),
      means: 'not',
      why: 'goes straight to its host; use a `PoolManager`',
      source: `
import urllib3
${setting}
pool = urllib3.HTTPSConnectionPool('ledger.test', retries=False)
assert pool.request('POST', '/v1/charges', body=b'amount=1', headers=HEADERS).status == 200
`,
    },
    {
      id: 'httpx',
      title: 'httpx',
      package: pip('httpx', '0.28.1'),
      means: 'as it is',
      why: variables,
      source: `
import httpx
${setting}
assert httpx.post(URL, data={'amount': 1}, headers=HEADERS).json()['ok']
`,
    },
    {
      id: 'httpx-transport',
      title: 'httpx with a transport of its own',
      package: pip('httpx', '0.28.1'),
      means: 'preload',
      why: unread,
      source: ownTransport,
    },
    {
      id: 'httpx-async',
      title: 'httpx, `AsyncClient` with `trust_env=False`',
      package: pip('httpx', '0.28.1'),
      means: 'preload',
      why: unread,
      source: `
import asyncio, httpx
${setting}
async def main():
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.post(URL, data={'amount': 1}, headers=HEADERS)).status_code == 200
asyncio.run(main())
`,
    },
    {
      id: 'aiohttp',
      title: 'aiohttp',
      package: pip('aiohttp', '3.14.5'),
      means: 'preload',
      why: unread,
      source: aiohttp(''),
    },
    {
      id: 'aiohttp-environment',
      title: 'aiohttp with `trust_env=True`',
      package: pip('aiohttp', '3.14.5'),
      means: 'as it is',
      why: variables,
      source: aiohttp('trust_env=True'),
    },
    {
      id: 'httplib2',
      title: 'httplib2 with PySocks',
      package: pip('httplib2', '0.32.1'),
      means: 'as it is',
      why: 'by `HTTPS_PROXY` and `HTTPLIB2_CA_CERTS`; without PySocks it goes straight to its host',
      source: `
import httplib2
${setting}
answer, _ = httplib2.Http().request(URL, 'POST', b'amount=1', HEADERS)
assert answer.status == 200
`,
    },
    {
      id: 'stripe',
      title: 'stripe',
      package: pip('stripe', '16.1.0'),
      means: 'preload',
      why: stripeRoots,
      source: `
import os, stripe
client = stripe.StripeClient(os.environ['STRIPE_API_KEY'], max_network_retries=0)
client.v1.customers.create({'name': 'A'})
`,
    },
    {
      id: 'openai',
      title: 'openai',
      package: pip('openai', '3.57.0'),
      means: 'as it is',
      why: `${variables}; also by the base URL in \`OPENAI_BASE_URL\``,
      source: `
from openai import OpenAI
OpenAI(max_retries=0).models.list()
`,
    },
    {
      id: 'twilio',
      title: 'twilio',
      package: pip('twilio', '9.13.0'),
      means: 'as it is',
      why: 'by requests',
      source: `
import os
from twilio.rest import Client
client = Client('AC' + '0' * 32, os.environ['TWILIO_AUTH_TOKEN'])
client.messages.create(from_='+15005550006', to='+15005550009', body='hello')
`,
    },
    {
      id: 'slack',
      title: 'slack_sdk',
      package: pip('slack_sdk', '3.48.0'),
      means: 'as it is',
      why: 'by `urllib.request`',
      source: `
import os
from slack_sdk import WebClient
assert WebClient(os.environ['SLACK_BOT_TOKEN']).auth_test()['ok']
`,
    },
    {
      id: 'slack-async',
      title: 'slack_sdk, `AsyncWebClient`',
      package: pip('slack_sdk', '3.48.0'),
      means: 'as it is',
      why: 'reads the proxy variables itself',
      source: `
import asyncio, os
from slack_sdk.web.async_client import AsyncWebClient
assert asyncio.run(AsyncWebClient(os.environ['SLACK_BOT_TOKEN']).auth_test())['ok']
`,
    },
    {
      id: 'requests-2.28',
      title: 'requests 2.28 with `trust_env = False`',
      package: pip('requests', '2.28.2'),
      older: true,
      means: 'preload',
      why: unread,
      source: withoutEnvironment,
    },
    {
      id: 'urllib3-1.26',
      title: 'urllib3 1.26',
      package: pip('urllib3', '1.26.20'),
      older: true,
      means: 'preload',
      why: unread,
      source: poolManager,
    },
    {
      id: 'httpx-0.24',
      title: 'httpx 0.24 with a transport of its own',
      package: pip('httpx', '0.24.1'),
      older: true,
      means: 'preload',
      why: unread,
      source: ownTransport,
    },
    {
      id: 'aiohttp-3.8',
      title: 'aiohttp 3.8',
      package: pip('aiohttp', '3.8.6'),
      older: true,
      means: 'preload',
      why: unread,
      source: aiohttp(''),
    },
    {
      id: 'stripe-5',
      title: 'stripe 5',
      package: pip('stripe', '5.5.0'),
      older: true,
      means: 'preload',
      why: stripeRoots,
      source: `
import os, stripe
stripe.api_key = os.environ['STRIPE_API_KEY']
stripe.Customer.create(name='A')
`,
    },
  ],
}
