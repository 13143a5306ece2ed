import type { Client, EcosystemClients } from './client.ts'

export interface CurlClient extends Client {
  /** A shell command; ends with exit code 0 when it has its answer. */
  readonly shell: string
}

const post = `curl -sS --fail -o answer -H "Authorization: Bearer $STRIPE_API_KEY" -d amount=1`

export const curlClients: EcosystemClients<CurlClient> = {
  ecosystem: 'curl',
  title: 'curl',
  clients: [
    {
      id: 'curl',
      title: 'curl',
      means: 'as it is',
      why: 'by the proxy variables and `CURL_CA_BUNDLE`',
      shell: `${post} https://api.stripe.com/v1/charges`,
    },
    {
      id: 'curl-http2',
      title: 'curl with `--http2`',
      means: 'as it is',
      why: 'the same; takes the HTTP/1.1 that the door offers',
      shell: `${post} --http2 https://api.stripe.com/v1/charges`,
    },
    {
      id: 'curl-own-roots',
      title: 'curl with `--cacert`',
      means: 'base URL',
      why: 'trusts the file that it was given alone',
      shell: `touch empty.pem && ${post} --cacert empty.pem "\${STRIPE_URL:-https://api.stripe.com}/v1/charges"`,
    },
    {
      id: 'curl-noproxy',
      title: "curl with `--noproxy '*'`",
      means: 'base URL',
      why: 'was told to go straight',
      shell: `${post} --noproxy '*' "\${STRIPE_URL:-https://api.stripe.com}/v1/charges"`,
    },
  ],
}
