import type { Client, EcosystemClients } from './client.ts'

export interface GoClient extends Client {
  /** An `http.Client`. */
  readonly client: string
}

const variables = 'by the proxy variables and `SSL_CERT_FILE`'

export const goClients: EcosystemClients<GoClient> = {
  ecosystem: 'any',
  title: 'Go 1.26',
  clients: [
    { id: 'default', title: '`http.DefaultClient`', means: 'as it is', why: variables, client: 'http.DefaultClient' },
    {
      id: 'clone',
      title: '`http.DefaultTransport.Clone()`',
      means: 'as it is',
      why: variables,
      client: '&http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}',
    },
    {
      id: 'transport',
      title: '`http.Transport{}`',
      means: 'base URL',
      why: 'a transport of its own has no proxy unless it says `Proxy: http.ProxyFromEnvironment`',
      client: '&http.Client{Transport: &http.Transport{}}',
    },
  ],
}
