import type { ClientCertificates } from '../listener.ts'

/** What a mode of `client_auth` asks of clients, after Go’s crypto/tls. */
export function clientsOfMode(mode: string): { readonly clients: ClientCertificates; readonly refusesNone?: boolean } {
  switch (mode) {
    case 'request':
      return { clients: 'any' }
    case 'require':
      return { clients: 'any', refusesNone: true }
    case 'verify_if_given':
      return { clients: 'optional' }
    default:
      return { clients: 'required' }
  }
}
