import type { Ecosystem } from '../ecosystem.ts'

/** Variables that clients of every language read. */
export const any: Ecosystem = {
  id: 'any',
  title: 'Every language',
  prepare({ forward, bundle, direct }) {
    const none = direct.join(',')
    return {
      // Both cases: Ruby asks for http_proxy in lower case even for TLS, curl for HTTPS_PROXY.
      http_proxy: forward,
      https_proxy: forward,
      HTTP_PROXY: forward,
      HTTPS_PROXY: forward,
      no_proxy: none,
      NO_PROXY: none,
      // Read by OpenSSL and by Go. It replaces their own roots, so the bundle holds them all.
      SSL_CERT_FILE: bundle,
      AWS_CA_BUNDLE: bundle,
    }
  },
}
