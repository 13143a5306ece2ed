/**
 * Every foreseen failure of the world has a code here. A code is never reused; its exit code or HTTP status and its
 * sentence are part of the product. A message may name files, lines, names and limits, and never a key, a field's
 * value or a body.
 */
const table = {
  CLI_USAGE: { exit: 2, title: 'The command line could not be understood' },
  CONFIG_INVALID: { exit: 2, title: 'The configuration is not valid' },
  BASELINE_INVALID: { exit: 2, title: 'The baseline file is not valid' },
  STORE_KEY_MISSING: { exit: 2, status: 503, title: 'The store has no such key' },
  STORE_KEY_INVALID: { exit: 2, status: 503, title: 'The stored value cannot be used as a key' },
  STORE_UNREACHABLE: { exit: 2, status: 503, title: 'The store could not be reached' },
  STORE_REFUSED: { exit: 2, status: 503, title: 'The store refused access' },
  STORE_DAMAGED: { exit: 2, status: 503, title: 'The store is damaged' },
  CERTIFICATE_INVALID: { exit: 2, title: 'A certificate cannot be used' },
  CA_INVALID: { exit: 2, title: 'The certificate authority cannot do this' },
  FILE_UNREADABLE: { exit: 2, title: 'A file could not be read' },
  FILE_UNWRITABLE: { exit: 2, title: 'A file could not be written' },
  ADDRESS_UNAVAILABLE: { exit: 2, title: 'An address could not be listened on' },
  APP_NOT_STARTED: { exit: 2, title: 'The app could not be started' },
  PLATFORM_UNSUPPORTED: { exit: 2, title: 'This system cannot do what was asked' },
  PROTECTION_MISSING: { exit: 2, title: 'A protection that was demanded is not available' },
  COMPONENT_MISSING: { exit: 2, title: 'A program that is needed is not installed' },
  PROBE_UNREACHABLE: { exit: 2, title: 'The service could not be reached' },
  DEMO_CLAIM_FAILED: { exit: 1, title: 'A claim of the demo did not hold' },
  AUDIT_UNWRITABLE: { exit: 2, status: 503, title: 'The audit log could not be written' },
  REQUEST_MALFORMED: { status: 400, title: 'The request is not valid HTTP' },
  REQUEST_TOO_LARGE: { status: 431, title: 'The request head is larger than the limit' },
  BODIES_TOO_LARGE: { status: 503, retry: true, title: 'Too many request bodies have to be held at once' },
  BODY_TOO_LARGE: { status: 413, title: 'The request body is larger than what can be held to sign or rewrite it' },
  REQUEST_TIMEOUT: { status: 408, title: 'The request did not arrive in time' },
  REQUEST_AMBIGUOUS: { status: 400, title: 'The request can be read in more than one way' },
  REQUEST_MISDIRECTED: { status: 421, title: 'The request names another authority than its connection' },
  REQUEST_UNSUPPORTED: { status: 501, title: 'The request asks for something that this door does not do' },
  CLIENT_CERTIFICATE_REFUSED: { status: 403, title: 'The client certificate was refused' },
  CLIENT_REFUSED: { status: 403, title: 'The policy does not allow this client this request' },
  ROUTE_REFUSED: { status: 403, title: 'The policy does not allow this key for this request' },
  HOST_REFUSED: { status: 403, title: 'The policy does not allow this host' },
  ADDRESS_REFUSED: { status: 403, title: 'The host resolves to an address that is not allowed' },
  PHANTOM_MISSING: { status: 403, title: 'The request does not carry the phantom of its key' },
  PHANTOM_MISPLACED: { status: 403, title: 'A phantom stands where its key is never carried' },
  SIGNATURE_REFUSED: { status: 403, title: 'The request is not signed with the phantom of its key' },
  PLAINTEXT_REFUSED: { status: 403, title: 'A key never travels over plain HTTP' },
  UPSTREAM_UNRESOLVED: { status: 502, retry: true, title: 'The upstream host has no address' },
  UPSTREAM_UNREACHABLE: { status: 502, retry: true, title: 'The upstream could not be reached' },
  UPSTREAM_CERTIFICATE_REFUSED: { status: 502, title: 'The upstream did not prove its identity' },
  UPSTREAM_MALFORMED: { status: 502, title: 'The upstream did not answer in valid HTTP' },
  UPSTREAM_ENCODING_REFUSED: {
    status: 502,
    title: 'The upstream answered in a content coding that could not be searched for keys',
  },
  KEY_IN_ANSWER: { status: 502, title: 'The upstream sent a key back in a way that it could not be taken out' },
  UPSTREAM_INTERRUPTED: { status: 502, retry: true, title: 'The upstream ended before its answer did' },
  PROXY_REFUSED: { status: 502, title: 'The proxy on the way out refused the connection' },
  PROXY_UNREACHABLE: { status: 502, retry: true, title: 'The proxy on the way out could not be reached' },
  PROXY_FAILED: { status: 502, retry: true, title: 'The proxy on the way out could not reach the upstream' },
  PROXY_TIMEOUT: { status: 504, retry: true, title: 'The proxy on the way out did not answer in time' },
  UPSTREAM_TIMEOUT: { status: 504, retry: true, title: 'The upstream did not answer in time' },
} as const satisfies Record<string, { exit?: number; status?: number; retry?: boolean; title: string }>

export type ErrorCode = keyof typeof table

/** What is known of a code: `exit` for commands, `status` for the doors, `retry` where the same request may help. */
export interface ErrorEntry {
  exit: number
  status: number
  retry: boolean
  title: string
}

export function errorEntry(code: ErrorCode): ErrorEntry {
  return { exit: 2, status: 500, retry: false, ...table[code] }
}

export const errorCodes = Object.keys(table) as ErrorCode[]

/** A foreseen failure of the world. Our own bugs are assertions, and findings are data. */
export class SallyportError extends Error {
  readonly code: ErrorCode

  /** `message` says what is wrong, where, and what to do about it; it never holds a key. */
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'SallyportError'
    this.code = code
  }
}

/** The system's own code of a failure (`ENOENT`), for a message; never its text, which can quote what was given. */
export function systemCode(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code
  return error instanceof Error ? error.name : 'unknown'
}

/** The frames of an error's stack. The message before them, which may quote what was read, a key for instance, is left out. */
export function framesOf({ message, stack = '' }: Error): readonly string[] {
  // A message may have lines that look like frames.
  const frames = stack.includes(message) ? stack.slice(stack.indexOf(message) + message.length) : ''
  return frames.split('\n').filter((line) => line.startsWith('    at '))
}
