import { type ErrorCode, errorEntry } from '../errors.ts'

/** What a door answers instead of passing a request on. `detail` holds no value of the request. */
export interface Problem {
  readonly code: ErrorCode
  readonly detail: string
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  408: 'Request Timeout',
  421: 'Misdirected Request',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/**
 * A whole answer with a problem document (RFC 9457). `Sallyport-Problem` tells it from an answer of the upstream's own.
 * `withBody` is false in answer to HEAD.
 */
export function problemAnswer(
  problem: Problem,
  requestId: string,
  { keepAlive, withBody }: { keepAlive: boolean; withBody: boolean },
): Buffer {
  const { status, title, retry } = errorEntry(problem.code)
  const document = JSON.stringify({
    type: `urn:sallyport:problem:${problem.code}`,
    title,
    status,
    detail: problem.detail,
    code: problem.code,
    request_id: requestId,
    retry,
  })
  return Buffer.from(
    `HTTP/1.1 ${status} ${reasons[status] ?? 'Error'}\r\n` +
      'Content-Type: application/problem+json\r\n' +
      `Content-Length: ${Buffer.byteLength(document)}\r\n` +
      'Cache-Control: no-store\r\n' +
      `Sallyport-Problem: ${problem.code}\r\n` +
      `${keepAlive ? '' : 'Connection: close\r\n'}\r\n${withBody ? document : ''}`,
  )
}
