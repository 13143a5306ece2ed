/** Parameters that somebody signs in with. A bare `token` or `key` is as often a page's or a row's. */
export const credentialParameter =
  /^(?:(?:x_)?api_?(?:key|token|secret)|(?:access|auth|bearer|refresh|session|id)_?token|client_secret|password|passwd|passphrase|secret_?key)$/i

/** One of these is in every such name. */
export const credentialWords: readonly string[] = ['key', 'KEY', 'token', 'TOKEN', 'ecret', 'SECRET', 'pass', 'PASS']
