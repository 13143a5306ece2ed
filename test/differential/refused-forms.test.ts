import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fill } from './corpus.ts'
import { type Fronts, openFronts } from './fronts.ts'

let fronts: Fronts
beforeAll(async () => {
  fronts = await openFronts()
}, 60_000)
afterAll(() => fronts.close())

const hidden = 'GET «prefix»/hidden HTTP/1.1\r\nHost: «host»\r\n«fields»\r\n'
const post = (fields: string, body = `0\r\n\r\n${hidden}`) =>
  `POST «prefix»/a HTTP/1.1\r\nHost: «host»\r\n«fields»${fields}\r\n${body}`
const chunked = (body: string) => post('Transfer-Encoding: chunked\r\n', body + hidden)
const hosted = (host: string) => `GET «prefix»/a HTTP/1.1\r\n${host}«fields»\r\n${hidden}`
const target = (text: string) => `GET ${text} HTTP/1.1\r\nHost: «host»\r\n«fields»\r\n${hidden}`

const forms: readonly (readonly [name: string, input: string])[] = [
  // Two readings of a length.
  ['length and encoding', post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n')],
  ['encoding and length', post('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n')],
  ['two lengths', post('Content-Length: 4\r\nContent-Length: 40\r\n')],
  ['the same length twice', post('Content-Length: 4\r\nContent-Length: 4\r\n')],
  ['a list of lengths', post('Content-Length: 4, 40\r\n')],
  ['a list of one length', post('Content-Length: 4,\r\n')],
  ['a length with a sign', post('Content-Length: +4\r\n')],
  ['a negative length', post('Content-Length: -4\r\n')],
  ['a hexadecimal length', post('Content-Length: 0x4\r\n')],
  ['a length of minus zero', post('Content-Length: -0\r\n')],
  ['an octal length', post('Content-Length: 0o4\r\n')],
  ['a length with a tab behind', post('Content-Length: 4\t\r\n')],
  ['a length with a fraction', post('Content-Length: 4.0\r\n')],
  ['a length with an underscore inside', post('Content-Length: 4_0\r\n')],
  ['a length with a space inside', post('Content-Length: 4 0\r\n')],
  ['a length in quotation marks', post('Content-Length: "4"\r\n')],
  ['an empty length', post('Content-Length:\r\n')],
  ['a length past 64 bits', post('Content-Length: 18446744073709551620\r\n')],
  ['a length with a NUL', post('Content-Length: 4\0\r\n')],
  ['a length with a vertical tab', post('Content-Length: \x0b4\r\n')],
  ['a length in digits of another script', post('Content-Length: \xd9\xa4\r\n')],
  ['a length that Connection takes away', post('Connection: Content-Length\r\nContent-Length: 4\r\n')],
  [
    'a length that the second Connection takes away',
    post('Connection: x\r\nConnection: y,content-length\r\nContent-Length: 4\r\n'),
  ],
  ['white space before the colon of a length', post('Content-Length : 4\r\n')],
  ['a tab before the colon of a length', post('Content-Length\t: 4\r\n')],
  // TE.TE.
  ['an encoding twice', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n')],
  ['an encoding and another', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n')],
  ['an encoding and one of no name', post('Transfer-Encoding: chunked\r\nTransfer-encoding: x\r\n')],
  ['a list of encodings', post('Transfer-Encoding: gzip, chunked\r\n')],
  ['chunked before another', post('Transfer-Encoding: chunked, identity\r\n')],
  ['chunked twice in a list', post('Transfer-Encoding: chunked, chunked\r\n')],
  ['identity', post('Transfer-Encoding: identity\r\n')],
  ['xchunked', post('Transfer-Encoding: xchunked\r\n')],
  ['chunked in quotation marks', post('Transfer-Encoding: "chunked"\r\n')],
  ['chunked with a parameter', post('Transfer-Encoding: chunked;q=1\r\n')],
  ['chunked behind a comma', post('Transfer-Encoding: ,chunked\r\n')],
  ['chunked behind a tab', post('Transfer-Encoding:\tchunked\r\n')],
  ['chunked behind a vertical tab', post('Transfer-Encoding: \x0bchunked\r\n')],
  ['chunked before a vertical tab', post('Transfer-Encoding: chunked\x0b\r\n')],
  ['chunked with a NUL', post('Transfer-Encoding: chunked\0\r\n')],
  ['chunked before a CR', post('Transfer-Encoding: chunked\r\r\n')],
  ['chunked with an escape', post('Transfer-Encoding: chunk\x1bed\r\n')],
  ['an empty encoding', post('Transfer-Encoding:\r\n')],
  ['an encoding folded away', post('Transfer-Encoding:\r\n chunked\r\n')],
  ['an encoding in a folded line', post('X: y\r\n Transfer-Encoding: chunked\r\n')],
  ['white space before an encoding', post(' Transfer-Encoding: chunked\r\n')],
  ['white space before the colon of an encoding', post('Transfer-Encoding : chunked\r\n')],
  ['a NUL in an encoding’s name', post('Transfer-\0Encoding: chunked\r\n')],
  ['a CR in an encoding’s name', post('Transfer\r-Encoding: chunked\r\n')],
  ['an encoding’s name without a colon', post('Transfer-Encoding chunked\r\n')],
  ['an encoding behind a bare LF', post('X: y\nTransfer-Encoding: chunked\r\n')],
  ['an encoding behind a bare CR', post('X: y\rTransfer-Encoding: chunked\r\n')],
  ['an encoding that Connection takes away', post('Connection: transfer-encoding\r\nTransfer-Encoding: chunked\r\n')],
  [
    'an encoding in HTTP/1.0',
    'POST «prefix»/a HTTP/1.0\r\nHost: «host»\r\n«fields»Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  // Chunks.
  ['a size with a sign', chunked('+1\r\na\r\n0\r\n\r\n')],
  ['a negative size', chunked('-1\r\na\r\n0\r\n\r\n')],
  ['a size with 0x', chunked('0x1\r\na\r\n0\r\n\r\n')],
  ['a size with an underscore', chunked('0_1\r\na\r\n0\r\n\r\n')],
  ['a size past 64 bits', chunked('10000000000000001\r\na\r\n0\r\n\r\n')],
  ['a size with a space behind', chunked('1 \r\na\r\n0\r\n\r\n')],
  ['a size with a space before', chunked(' 1\r\na\r\n0\r\n\r\n')],
  ['no size', chunked('\r\na\r\n0\r\n\r\n')],
  ['an extension without a size', chunked(';a\r\na\r\n0\r\n\r\n')],
  ['a size that ends with LF', chunked('1\na\r\n0\r\n\r\n')],
  ['a size that ends with CR', chunked('1\ra\r\n0\r\n\r\n')],
  ['a semicolon without an extension', chunked('1;\r\na\r\n0\r\n\r\n')],
  ['an extension whose quotation mark is never closed', chunked('1;a="\r\na\r\n0\r\n\r\n')],
  ['an extension that ends with LF', chunked('1;a\na\r\n0\r\n\r\n')],
  ['an extension with a CR', chunked('1;a\rb\r\na\r\n0\r\n\r\n')],
  ['an extension with a line end in quotation marks', chunked('1;a="\r\n"\r\na\r\n0\r\n\r\n')],
  ['a chunk that ends with LF', chunked('1\r\na\n0\r\n\r\n')],
  ['a chunk that ends with CR', chunked('1\r\na\r0\r\n\r\n')],
  ['a chunk that ends with two other bytes', chunked('1\r\naXX0\r\n\r\n')],
  ['a chunk without an end', chunked('1\r\na0\r\n\r\n')],
  ['a last chunk that ends with LF', chunked('1\r\na\r\n0\n\r\n')],
  ['an end of LF', chunked('1\r\na\r\n0\r\n\n')],
  ['a trailer that frames', chunked('0\r\nContent-Length: 4\r\n\r\n')],
  ['a trailer that names a host', chunked('0\r\nHost: other.test\r\n\r\n')],
  ['a trailer with an underscore that frames', chunked('0\r\nTransfer_Encoding: chunked\r\n\r\n')],
  ['a trailer with white space before its colon', chunked('0\r\nX : y\r\n\r\n')],
  ['a folded trailer', chunked('0\r\nX: y\r\n z\r\n\r\n')],
  // Heads.
  ['lines of LF alone', 'GET «prefix»/a HTTP/1.1\nHost: «host»\n«fields»\n'],
  ['a head that ends with LF', 'GET «prefix»/a HTTP/1.1\r\nHost: «host»\r\n«fields»\n'],
  ['a request line that ends with CR', 'GET «prefix»/a HTTP/1.1\rHost: «host»\r\n«fields»\r\n'],
  ['white space before the first field', 'GET «prefix»/a HTTP/1.1\r\n X: y\r\nHost: «host»\r\n«fields»\r\n'],
  ['a NUL in a value', post('X: a\0b\r\n', '')],
  ['a bare CR in a value', post('X: a\rb\r\n', '')],
  ['a field without a colon', post('X\r\n', '')],
  ['a field without a name', post(': x\r\n', '')],
  ['a field name in brackets', post('[X]: y\r\n', '')],
  ['a field name with a high byte', post('X\xff: y\r\n', '')],
  ['an unknown expectation', post('Expect: x\r\n', '')],
  ['an expectation and another', post('Expect: 100-continue, x\r\n', '')],
  ['two spaces before the target', 'GET  «prefix»/a HTTP/1.1\r\nHost: «host»\r\n«fields»\r\n'],
  ['a tab before the target', 'GET\t«prefix»/a HTTP/1.1\r\nHost: «host»\r\n«fields»\r\n'],
  ['a space behind the version', 'GET «prefix»/a HTTP/1.1 \r\nHost: «host»\r\n«fields»\r\n'],
  ['a space before the method', ' GET «prefix»/a HTTP/1.1\r\nHost: «host»\r\n«fields»\r\n'],
  ['a method with a NUL', 'G\0T «prefix»/a HTTP/1.1\r\nHost: «host»\r\n«fields»\r\n'],
  ['HEAD in lower case', 'head «prefix»/a HTTP/1.1\r\nHost: «host»\r\n«fields»\r\n'],
  ['HTTP/0.9', 'GET «prefix»/a\r\n\r\n'],
  ['HTTP/1.2', 'GET «prefix»/a HTTP/1.2\r\nHost: «host»\r\n«fields»\r\n'],
  ['HTTP/2.0', 'GET «prefix»/a HTTP/2.0\r\nHost: «host»\r\n«fields»\r\n'],
  ['http/1.1', 'GET «prefix»/a http/1.1\r\nHost: «host»\r\n«fields»\r\n'],
  ['HTTP/1.1.1', 'GET «prefix»/a HTTP/1.1.1\r\nHost: «host»\r\n«fields»\r\n'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a TLS hello', '\x16\x03\x01\x00\x05hello'],
  // Targets.
  ['a fragment', target('«prefix»/a#b')],
  ['a backslash', target('«prefix»/a\\b')],
  ['a space', target('«prefix»/a b')],
  ['a tab', target('«prefix»/a\tb')],
  ['a high byte', target('«prefix»/\xe9')],
  ['a NUL', target('«prefix»/a\0')],
  ['no target', 'GET  HTTP/1.1\r\nHost: «host»\r\n«fields»\r\n'],
  ['an authority', target('other.test:443')],
  ['a path without a slash', target('a/b')],
  ['an asterisk with GET', target('*')],
  ['a target of another scheme', target('ftp://«host»/a')],
  ['file', target('file:///etc/passwd')],
  ['a target with user information', target('https://a@«host»/a')],
  ['a target with user information and a host', target('https://«host»@other.test/a')],
  ['a target without an authority', target('https:///a')],
  ['a target without slashes', target('https:«host»/a')],
  ['a target that names another host', target('https://other.test/a')],
  ['a target that names the host with a dot behind', target('https://«host»./a')],
  // Authorities.
  ['two hosts', hosted('Host: «host»\r\nHost: other.test\r\n')],
  ['the same host twice', hosted('Host: «host»\r\nHost: «host»\r\n')],
  ['no host', hosted('')],
  ['white space before the colon of a host', hosted('Host : «host»\r\n')],
  ['a host in a folded line', hosted('Host:\r\n «host»\r\n')],
  ['a host behind a tab', hosted('Host:\t«host»\r\n')],
  ['a host before a space', hosted('Host: «host» \r\n')],
  ['a host that Connection takes away', hosted('Connection: Host\r\nHost: «host»\r\n')],
]

/** Where Host decides: in base URL mode it is the door's own address, and is written anew. */
const hosts: readonly (readonly [name: string, host: string])[] = [
  ['another host', 'other.test'],
  ['a list of hosts', '«host», other.test'],
  ['user information', 'a@«host»'],
  ['a host as user information', '«host»@other.test'],
  ['a dot behind', '«host».'],
  ['an empty label', 'a..«host»'],
  ['a path', '«host»/a'],
  ['a query', '«host»?a'],
  ['a fragment', '«host»#a'],
  ['a backslash', '«host»\\.other.test'],
  ['two ports', '«host»:80:80'],
  ['a port that is no number', 'service.test:https'],
  ['a port without digits', 'service.test:'],
  ['a space', '«host» other.test'],
  ['a percent sign', '%73ervice.test'],
  ['a high byte', 'servi\xe7e.test'],
  ['a bracket', '[«host»]'],
  ['an address in brackets', '[::1]'],
  ['a zone', '[fe80::1%25lo]'],
  ['a URL', 'https://«host»'],
  ['nothing', ''],
]

describe.each(['egress, with a key', 'egress, inside CONNECT', 'egress, plain', 'ingress'])('%s', (name) => {
  const front = () => {
    const found = fronts.fronts.find((candidate) => candidate.name === name)
    if (!found) throw new Error(`no front ${name}`)
    return found
  }
  /** The door answers once, 400 or 421, closes, and nothing whole has left. */
  const isRefused = async (template: string) => {
    const { answer, isClosed, sent } = await front().hold(fill(template, front()))
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual([expect.stringMatching(/ (400|421)$/)])
    expect(isClosed).toBe(true)
    expect(sent.flatMap(({ reader }) => reader.messages)).toEqual([])
  }

  it.each(forms)('refuses %s, and closes', (_form, template) => isRefused(template))

  if (name !== 'egress, with a key')
    it.each(hosts)('refuses a Host that has %s, and closes', (_form, host) => isRefused(hosted(`Host: ${host}\r\n`)))

  it('takes the good request that these are made of', async () => {
    const { answer, isClosed } = await front().pass(fill(hidden, front()))
    expect([answer.slice(0, 15), isClosed]).toEqual(['HTTP/1.1 200 OK', true])
  })
})

describe('CONNECT', () => {
  const connects: readonly (readonly [name: string, line: string, fields?: string])[] = [
    ['a path', '/a'],
    ['a URL', 'https://ledger.test:443'],
    ['no port', 'ledger.test'],
    ['port 0', 'ledger.test:0'],
    ['a port past 65535', 'ledger.test:65536'],
    ['user information', 'a@ledger.test:443'],
    ['a dot behind', 'ledger.test.:443'],
    ['an empty label', 'ledger..test:443'],
    ['a name in brackets', '[ledger.test]:443'],
    ['another host in Host', 'ledger.test:443', 'Host: other.test:443\r\n'],
    ['another port in Host', 'ledger.test:443', 'Host: ledger.test:80\r\n'],
    ['two hosts', 'ledger.test:443', 'Host: ledger.test:443\r\nHost: ledger.test:443\r\n'],
    ['content', 'ledger.test:443', 'Content-Length: 4\r\n'],
    ['chunks', 'ledger.test:443', 'Transfer-Encoding: chunked\r\n'],
  ]
  it.each(connects)('with %s is refused at the egress, and closes', async (_form, authority, fields = '') => {
    const egress = fronts.fronts.find(({ name }) => name === 'egress, plain')
    const got = await egress?.hold(`CONNECT ${authority} HTTP/1.1\r\n${fields}\r\n`)
    expect(got?.answer.match(/HTTP\/1\.1 \d+/g)).toEqual([expect.stringMatching(/ (400|421)$/)])
    expect(got?.isClosed).toBe(true)
  })

  it('is no method of the ingress', async () => {
    const ingress = fronts.fronts.find(({ name }) => name === 'ingress')
    const got = await ingress?.hold('CONNECT service.test:443 HTTP/1.1\r\nHost: service.test\r\n\r\n')
    expect(got?.answer).toMatch(/^HTTP\/1\.1 501 /)
  })
})
