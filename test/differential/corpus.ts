import fc from 'fast-check'
import type { Front } from './fronts.ts'

/** Inputs are texts, one character a byte, in which these stand for what a front needs. */
export function fill(template: string, { prefix, host, fields }: Pick<Front, 'prefix' | 'host' | 'fields'>): string {
  return template.replaceAll('«prefix»', prefix).replaceAll('«host»', host).replaceAll('«fields»', fields)
}

const head = (line: string, fields = '') => `${line} HTTP/1.1\r\nHost: «host»\r\n«fields»${fields}\r\n`
const next = head('GET «prefix»/next')
const post = (fields: string, body: string, path = '/a') => `${head(`POST «prefix»${path}`, fields)}${body}`
const hidden = 'GET /hidden HTTP/1.1\r\nHost: hidden.test\r\n\r\n'
const chunks = '5\r\nhello\r\n0\r\n\r\n'

/** Forms that have made two readers disagree somewhere, each with a request behind it. */
export const known: readonly (readonly [name: string, input: string])[] = [
  ['three requests in one write', head('GET «prefix»/a').repeat(3)],
  ['an empty line before a request', `\r\n${next}`],
  ['two empty lines before a request', `\r\n\r\n${next}`],
  ['an empty line between requests', `${next}\r\n${next}`],
  ['content before the next request', post('Content-Length: 5\r\n', `hello${next}`)],
  ['a length with zeros in front', post('Content-Length: 00005\r\n', `hello${next}`)],
  ['a length of zero', post('Content-Length: 0\r\n', next)],
  ['a length with white space around', post('Content-Length: \t 5\t \r\n', `hello${next}`)],
  ['a length in capitals', post('CONTENT-LENGTH: 5\r\n', `hello${next}`)],
  ['a GET with content', `${head('GET «prefix»/a', 'Content-Length: 5\r\n')}hello${next}`],
  ['a HEAD with content', `${head('HEAD «prefix»/a', 'Content-Length: 5\r\n')}hello${next}`],
  ['a DELETE with chunks', `${head('DELETE «prefix»/a', 'Transfer-Encoding: chunked\r\n')}${chunks}${next}`],
  ['a POST with a hidden request as content', post(`Content-Length: ${hidden.length}\r\n`, `${hidden}${next}`)],
  ['chunks', post('Transfer-Encoding: chunked\r\n', `${chunks}${next}`)],
  ['chunks whose coding is in capitals', post('Transfer-Encoding: CHUNKED\r\n', `${chunks}${next}`)],
  ['a coding with white space around', post('Transfer-Encoding: \t chunked \t\r\n', `${chunks}${next}`)],
  ['a size with zeros in front', post('Transfer-Encoding: chunked\r\n', `0000005\r\nhello\r\n0000\r\n\r\n${next}`)],
  ['a size in capitals', post('Transfer-Encoding: chunked\r\n', `A\r\n0123456789\r\n0\r\n\r\n${next}`)],
  ['an extension', post('Transfer-Encoding: chunked\r\n', `5;a=b\r\nhello\r\n0;c\r\n\r\n${next}`)],
  ['an extension in quotation marks', post('Transfer-Encoding: chunked\r\n', `5;a="b;c"\r\nhello\r\n0\r\n\r\n${next}`)],
  ['an extension without a name', post('Transfer-Encoding: chunked\r\n', `5;\r\nhello\r\n0\r\n\r\n${next}`)],
  ['an extension of odd bytes', post('Transfer-Encoding: chunked\r\n', `5; \t=\xff;"\r\nhello\r\n0\r\n\r\n${next}`)],
  ['a long extension', post('Transfer-Encoding: chunked\r\n', `5;${'a'.repeat(3_000)}\r\nhello\r\n0\r\n\r\n${next}`)],
  ['a trailer', post('Transfer-Encoding: chunked\r\n', `5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n${next}`)],
  ['a trailer without a value', post('Transfer-Encoding: chunked\r\n', `5\r\nhello\r\n0\r\nX-Sum:\r\n\r\n${next}`)],
  [
    'a hidden request as a chunk',
    post('Transfer-Encoding: chunked\r\n', `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n${next}`),
  ],
  [
    'a chunk that looks like the last',
    post('Transfer-Encoding: chunked\r\n', `7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n${next}`),
  ],
  [
    'a length that Connection takes away',
    post(`Connection: Content-Length\r\nContent-Length: ${hidden.length}\r\n`, hidden),
  ],
  [
    'an encoding that Connection takes away',
    post('Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n', chunks),
  ],
  ['a length with an underscore', post('Content_Length: 100\r\nContent-Length: 5\r\n', `hello${next}`)],
  ['a length with an underscore alone', post('Content_Length: 5\r\n', next)],
  ['an encoding with an underscore', post('Transfer_Encoding: chunked\r\nContent-Length: 5\r\n', `hello${next}`)],
  ['an encoding with an underscore alone', post('Transfer_Encoding: chunked\r\n', next)],
  ['other names with underscores', head('GET «prefix»/a', 'X_Forwarded_For: 1\r\nContent_Type: x\r\n') + next],
  ['field names of odd characters', head('GET «prefix»/a', "!#$%&'*+-.^_`|~: 1\r\n") + next],
  ['values of high bytes', head('GET «prefix»/a', 'X-A: \x80\xff\xe9\r\n') + next],
  ['values without a space', head('GET «prefix»/a', 'X-A:b\r\nX-B:\t\tc\t \r\nX-C:\r\nX-D:   \r\n') + next],
  ['values with colons', head('GET «prefix»/a', 'X-A: b: c\r\nX-B: :\r\nX-C: Host: x\r\n') + next],
  ['one name many times', head('GET «prefix»/a', 'X-A: 1\r\nx-a: 2\r\nX-A: 3\r\n') + next],
  ['a long value', head('GET «prefix»/a', `X-A: ${'a'.repeat(7_000)}\r\n`) + next],
  ['many fields', head('GET «prefix»/a', 'X-A: 1\r\n'.repeat(90)) + next],
  ['a long target', head(`GET «prefix»/${'a'.repeat(7_000)}`) + next],
  [
    'a name of 300 characters that begins like a length',
    head('POST «prefix»/a', `Content-Length${'a'.repeat(286)}: 9\r\nContent-Length: 0\r\n`) + next,
  ],
  ['a name that ends like a length', head('POST «prefix»/a', 'X-Content-Length: 9\r\n') + next],
  [
    'extensions in quotation marks that are escaped',
    post('Transfer-Encoding: chunked\r\n', `5;a="\\"";b\r\nhello\r\n0\r\n\r\n${next}`),
  ],
  ['a GET with a length of zero', head('GET «prefix»/a', 'Content-Length: 0\r\n') + next],
  ['a HEAD and a GET', head('HEAD «prefix»/a') + next],
  ['a query of odd characters', head('GET «prefix»/a?b={"c":[1]}|^`d&e=%zz') + next],
  ['a path of odd characters', head("GET «prefix»/a;b=c/(d)'e'/@!$&*+,=:") + next],
  ['an absolute target in the path', head('GET «prefix»/http://other.test/') + next],
  ['two slashes', head('GET «prefix»//other.test/x') + next],
  ['dot segments', head('GET «prefix»/a/../b/./c/%2e%2e/d') + next],
  ['an encoded slash', head('GET «prefix»/a%2f..%5cb%00c') + next],
  ['a query and no path', head('GET «prefix»?a=b') + next],
  ['two question marks', head('GET «prefix»/?a?b=/../c') + next],
  ['a method of odd characters', head('M-SEARCH «prefix»/a') + next],
  ['a method in lower case', head('get «prefix»/a') + next],
  ['a method that nobody knows', head('X!#$ «prefix»/a') + next],
  ['TRACE', head('TRACE «prefix»/a') + next],
  [
    'a request for another host between two',
    `${next}GET http://plain.test:1/ HTTP/1.1\r\nHost: plain.test:1\r\n\r\n${next}`,
  ],
  ['HTTP/1.0', `GET «prefix»/a HTTP/1.0\r\nHost: «host»\r\n«fields»\r\n`],
  [
    'HTTP/1.0 that is kept alive',
    `GET «prefix»/a HTTP/1.0\r\nHost: «host»\r\nConnection: keep-alive\r\n«fields»\r\n${next}`,
  ],
  ['an expectation', post('Expect: 100-continue\r\nContent-Length: 5\r\n', `hello${next}`)],
  [
    'WebSocket',
    head('GET «prefix»/a', 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n') + next,
  ],
  [
    'h2c',
    head(
      'GET «prefix»/a',
      'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n',
    ) + next,
  ],
  [
    'h2c beside WebSocket',
    head('GET «prefix»/a', 'Connection: Upgrade\r\nUpgrade: h2c\r\nUpgrade: websocket\r\n') + next,
  ],
  ['a preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['TE', head('GET «prefix»/a', 'TE: trailers, deflate\r\nConnection: TE\r\n') + next],
  ['the names of our own fields', head('GET «prefix»/a', 'Client-Cert: :x:\r\nX-Forwarded-Proto: http\r\n') + next],
  ['a body that ends in the middle', post('Content-Length: 9\r\n', 'hello')],
  ['chunks that end in the middle', post('Transfer-Encoding: chunked\r\n', '5\r\nhel')],
]

const often = <T>(usual: T, ...odd: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 30, arbitrary: fc.constant(usual) }, { weight: odd.length, arbitrary: fc.constantFrom(...odd) })

const lineEnd = fc.oneof(
  { weight: 300, arbitrary: fc.constant('\r\n') },
  { weight: 1, arbitrary: fc.constantFrom('\n', '\r', '\r\r\n', '\n\r', '\r\n ', '\x0b\r\n', '\0\r\n', '\x85') },
)
const method = often(
  'POST',
  'GET',
  'HEAD',
  'PUT',
  'OPTIONS',
  'DELETE',
  'TRACE',
  'CONNECT',
  'PRI',
  'post',
  'P-O',
  'P\tO',
  '',
)
const path = fc.oneof(
  { weight: 10, arbitrary: fc.constant('«prefix»/a') },
  {
    weight: 6,
    arbitrary: fc
      .array(
        fc.constantFrom(
          '/',
          '//',
          '.',
          '..',
          '%2e',
          '%2F',
          '?',
          '&',
          '=',
          '|',
          '{',
          '"',
          '^',
          '`',
          ';',
          ':',
          '@',
          '*',
          '%',
          '%00',
          "'",
          'http://x.test/',
          'b',
        ),
        { maxLength: 6 },
      )
      .map((pieces) => `«prefix»/${pieces.join('')}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '*',
      '',
      '/',
      '«host»',
      'http://«host»/',
      '«prefix»',
      '«prefix»/a#b',
      '«prefix»/\xe9',
      '«prefix»/\\',
      '«prefix»/a\tb',
      '«prefix»/ b',
      '«prefix»?x',
    ),
  },
)
const version = often(
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/1.2',
  'HTTP/2.0',
  'http/1.1',
  'HTTP/1.1 ',
  'HTTP/01.1',
  'HTTP/1.01',
  'HTTP/1',
  '',
)

const name = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('X-A', 'X-B', 'x-a', 'X_A', 'Accept', 'Cookie', 'Range', 'X-Forwarded-Host', 'Via'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'Content_Length',
      'Transfer_Encoding',
      'Content-Length_',
      'Connection',
      'Keep-Alive',
      'Upgrade',
      'Trailer',
      'TE',
      'Expect',
      'Host_',
      'Proxy-Connection',
      'X-HTTP-Method-Override',
      'X-Original-URL',
      'Content-Encoding',
    ),
  },
)
const colon = often(':', ' :', '\t:', '', '::', ':\0')
const space = often(' ', '', '  ', '\t', '\x0b', '\x0c', '\xa0', '\r\n ')
const value = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('1', '', 'a b', 'a, b', '"a"', 'a:b', '\xff\x80') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'close',
      'keep-alive',
      'chunked',
      '5',
      'Content-Length',
      'close, X-A',
      'upgrade',
      'websocket',
      'h2c',
      '100-continue',
      'a\0b',
      'a\rb',
      'a\x7fb',
      'a\x01b',
    ),
  },
)
const field = fc.tuple(name, colon, space, value, often('', ' ', '\t'), lineEnd).map((parts) => parts.join(''))

const content = fc.constantFrom('', 'hello', hidden, '0\r\n\r\n', '\r\n', '\r\n\r\n', next)
const lengthText = (length: number) =>
  often(
    String(length),
    `0${length}`,
    `+${length}`,
    `-${length}`,
    `0x${length.toString(16)}`,
    `${length}, ${length}`,
    `${length},`,
    `${length} `,
    `${length}.0`,
    `${length}e0`,
    `"${length}"`,
    '',
    `${length}\0`,
    `${length + 1}`,
    `${length}\x0b`,
    '18446744073709551621',
    `${length}_0`,
  )
const codingText = often(
  'chunked',
  'Chunked',
  'chunked, chunked',
  'identity',
  'gzip, chunked',
  'chunked, identity',
  ' chunked',
  'chunked;q=1',
  '"chunked"',
  'xchunked',
  'chunked\x0b',
  '\x0bchunked',
  'chun\tked',
  'chunked,',
  ',chunked',
  'chunked\0',
  '',
)
const lengthName = often(
  'Content-Length',
  'content-length',
  'Content-length ',
  'Content-Length\t',
  '\tContent-Length',
  'Content_Length',
  'Content-Length\0',
  'Content Length',
)
const codingName = often(
  'Transfer-Encoding',
  'transfer-encoding',
  'Transfer-Encoding ',
  'Transfer_Encoding',
  ' Transfer-Encoding',
  'X: y\nTransfer-Encoding',
  'Transfer\r-Encoding',
  'Transfer-Encoding\xa0',
)

const chunk = fc
  .tuple(
    fc.constantFrom('a', 'hello', hidden, '0\r\n\r\n', '\r\n'),
    often<(size: string) => string>(
      (size) => size,
      (size) => `0${size}`,
      (size) => size.toUpperCase(),
      (size) => `${size} `,
      (size) => ` ${size}`,
      (size) => `0x${size}`,
      (size) => `+${size}`,
      (size) => `-${size}`,
      (size) => `${size}_`,
      (size) => `${size}\t`,
      (size) => `${size}g`,
      (size) => `1${'0'.repeat(16)}${size}`,
    ),
    fc.oneof(
      { weight: 8, arbitrary: fc.constant('') },
      {
        weight: 4,
        arbitrary: fc.constantFrom(
          ';a',
          ';a=b',
          ';a="b"',
          ';',
          ';;',
          ' ;a',
          ';a=\xff',
          ';a\n',
          ';a\r',
          ';\0',
          ';a="\r\n"',
        ),
      },
    ),
    lineEnd,
    lineEnd,
  )
  .map(
    ([text, spell, extension, first, second]) =>
      `${spell(text.length.toString(16))}${extension}${first}${text}${second}`,
  )
const trailer = fc.oneof(
  { weight: 8, arbitrary: fc.constant('') },
  { weight: 4, arbitrary: fc.constantFrom('X-T: 1\r\n', 'X-T:\r\n', 'X-T: 1\r\nX-U: 2\r\n', 'x_t: 1\r\n') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'Content-Length: 5\r\n',
      'Transfer-Encoding: chunked\r\n',
      'Host: x\r\n',
      'X-T : 1\r\n',
      'X-T\r\n',
      ' x\r\n',
      'X-T: 1\n',
      ': 1\r\n',
      'X-T: a\rb\r\n',
      'Content_Length: 5\r\n',
    ),
  },
)
const chunked = fc
  .tuple(fc.array(chunk, { maxLength: 3 }), often('0', '00', '0;a', '0 ', '', '-0', '0x0'), lineEnd, trailer, lineEnd)
  .map(([parts, last, end, fields, close]) => `${parts.join('')}${last}${end}${fields}${close}`)

/** Field lines that frame, and the body behind the head. */
const framed: fc.Arbitrary<readonly [fields: string, body: string]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(['', ''] as const) },
  {
    weight: 5,
    arbitrary: content.chain((body) => {
      // A placeholder in the body has another length once it is filled.
      const plain = body.includes('«') ? 'hello' : body
      return fc
        .tuple(lengthName, colon, space, lengthText(plain.length), lineEnd)
        .map((parts) => [parts.join(''), plain] as const)
    }),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(codingName, colon, space, codingText, lineEnd, chunked)
      .map(([a, b, c, d, e, body]) => [a + b + c + d + e, body] as const),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(codingText, chunked, fc.integer({ min: 0, max: 20 }), fc.boolean())
      .map(([coding, body, length, isFirst]) => {
        const fields = [`Content-Length: ${length}\r\n`, `Transfer-Encoding: ${coding}\r\n`]
        return [(isFirst ? fields : fields.reverse()).join(''), body] as const
      }),
  },
)

const host = often(
  'Host: «host»\r\n',
  '',
  'Host: «host»\r\nHost: «host»\r\n',
  'host:«host»\r\n',
  'Host: other.test\r\n',
  'Host: «host», other.test\r\n',
  'Host: a@«host»\r\n',
  'Host: «host».\r\n',
  'Host: «host»/\r\n',
  'Host:\r\n',
  'Host : «host»\r\n',
  'HOST: «host»\t\r\n',
)

const request = fc
  .tuple(
    often('', '\r\n', '\r\n\r\n', '\n', ' ', '\0'),
    method,
    often(' ', '  ', '\t'),
    path,
    often(' ', '  ', '\t', '\x0c'),
    version,
    lineEnd,
    host,
    fc.array(field, { maxLength: 3 }),
    framed,
    fc.array(field, { maxLength: 2 }),
    lineEnd,
  )
  .map(
    ([blank, verb, a, target, b, protocol, end, hostLine, before, [framing, body], after, close]) =>
      `${blank}${verb}${a}${target}${b}${protocol}${end}${hostLine}«fields»${before.join('')}${framing}${after.join('')}${close}${body}`,
  )

/** A connection's bytes: requests of the grammar, the last often followed by a good one. */
const requests = fc
  .tuple(fc.array(request, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([list, hasNext]) => list.join('') + (hasNext ? next : ''))

const oddBytes = [
  '\r',
  '\n',
  '\r\n',
  '\0',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '_',
  '-',
  '+',
  '0',
  '\x0b',
  '\xff',
  '\x7f',
  'a',
  '',
]

/** A good input of the table with a few bytes put in, taken out or replaced. */
const mutated = fc
  .tuple(
    fc.constantFrom(...known.map(([, input]) => input).filter((input) => input.length < 1_000)),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(...oddBytes), fc.boolean()), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([input, changes]) =>
    changes.reduce((text, [place, byte, isInsertion]) => {
      const at = Math.floor(place * text.length)
      return text.slice(0, at) + byte + text.slice(isInsertion ? at : at + 1)
    }, input),
  )

export const inputs: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: requests },
  { weight: 2, arbitrary: mutated },
)
