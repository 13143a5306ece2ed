/**
 * Settings of an app that read as if they configured TLS. No server reads any of them from the app: Thin, Puma and
 * WEBrick under Sinatra take TLS from their own configuration or command line only (measured with every name here:
 * the app answers plain HTTP to everybody).
 */
export function isTlsSetting(name: string): boolean {
  return /^(?:ssl|tls|mtls|https)(?:_|$)/.test(name) || named.has(name)
}

/** One of them is in every name of such a setting. */
export const tlsSettingWords = ['ssl', 'tls', 'https', 'verify', 'ca_', 'client', 'cert', 'private_key', 'peer']

/** Whether the setting claims that clients are asked for a certificate. */
export function claimsClientCertificates(name: string): boolean {
  return /verify|client|mtls|mutual|(?:^|_)ca(?:_|$)|cafile|trust|peer/.test(name)
}

const named = new Set([
  ...['verify_peer', 'verify_client', 'verify_mode', 'ca_file', 'ca_path', 'client_ca', 'client_ca_file'],
  ...['client_cert', 'client_certificate', 'require_client_cert', 'fail_if_no_peer_cert', 'cert_chain_file'],
  ...['private_key_file', 'certificate_file', 'force_peer'],
])
