import { expect, it } from 'vitest'
import { parseSpiffeId } from './spiffe-id.ts'

it.each([
  ['spiffe://example.org', 'example.org', ''],
  ['spiffe://example.org/billing', 'example.org', '/billing'],
  ['spiffe://a_b-c.1/ns/prod/sa/Billing.v2_x-y', 'a_b-c.1', '/ns/prod/sa/Billing.v2_x-y'],
  ['spiffe://example.org/...', 'example.org', '/...'],
  [`spiffe://${'a'.repeat(255)}/b`, 'a'.repeat(255), '/b'],
  [`spiffe://a/${'b'.repeat(2037)}`, 'a', `/${'b'.repeat(2037)}`],
])('%s is a SPIFFE ID', (text, trustDomain, path) => expect(parseSpiffeId(text)).toEqual({ id: { trustDomain, path } }))

it.each([
  '',
  'spiffe:',
  'spiffe:/example.org/a',
  'https://example.org/a',
  'SPIFFE://example.org/a',
  'Spiffe://example.org/a',
  'spiffe://',
  'spiffe:///a',
  'spiffe://Example.org/a',
  'spiffe://exämple.org/a',
  'spiffe://example.org:443/a',
  'spiffe://user@example.org/a',
  'spiffe://example.org/',
  'spiffe://example.org/a/',
  'spiffe://example.org//a',
  'spiffe://example.org/a//b',
  'spiffe://example.org/.',
  'spiffe://example.org/a/..',
  'spiffe://example.org/../a',
  'spiffe://example.org/a%20b',
  'spiffe://example.org/%61',
  'spiffe://example.org/a?b',
  'spiffe://example.org/a#b',
  'spiffe://example.org?a',
  'spiffe://example.org/a b',
  'spiffe://example.org/ä',
  'spiffe://example.org/a\0',
  'spiffe://example.org/a\n',
  'spiffe://[::1]/a',
  'spiffe://example.org/*',
  `spiffe://${'a'.repeat(256)}/b`,
  `spiffe://a/${'b'.repeat(2038)}`,
])('%j is none', (text) =>
  expect(parseSpiffeId(text)).toEqual({ problem: expect.stringMatching(/^(is|does|names|has) /) }),
)
