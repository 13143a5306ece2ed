import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCertificate } from './certificate.ts'
import { parseCrl } from './crl.ts'
import { objectIdentifierText, readDer } from './der.ts'
import { boolean, element, integer, objectIdentifier, octetString, sequence } from './der-writer.ts'
import { createAuthority, issueCertificate } from './mint/certificate.ts'
import { issueCrl } from './mint/crl.ts'
import { splitPem } from './pem.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe('readDer', () => {
  it.each([
    ['nothing', ''],
    ['a tag alone', '30'],
    ['a length that is not there', '30 82 01'],
    ['less than the length says', '04 03 01 02'],
    ['octets after the end', '05 00 00'],
    ['an indefinite length', '30 80 00 00'],
    ['a long form for a short length', '04 81 01 00'],
    ['a length with a leading zero', `04 82 00 80 ${'00'.repeat(128)}`],
    ['a length of five octets', '04 85 00 00 00 00 01 00'],
    ['a tag of several octets', '9f 1f 00'],
    ['a child longer than its parent', '30 03 04 02 00'],
    ['a primitive sequence', '10 00'],
    ['a constructed octet string', '24 03 04 01 00'],
    ['a boolean of 1', '01 01 01'],
    ['a boolean of two octets', '01 02 ff ff'],
    ['an empty integer', '02 00'],
    ['a padded positive integer', '02 02 00 7f'],
    ['a padded negative integer', '02 02 ff 80'],
    ['a bit string without its first octet', '03 00'],
    ['a bit string with eight unused bits', '03 02 08 00'],
    ['a bit string with unused bits that are set', '03 02 01 01'],
    ['an empty bit string with unused bits', '03 01 01'],
    ['a null with contents', '05 01 00'],
    ['an object identifier that does not end', '06 01 80'],
    ['an object identifier with a padded arc', '06 03 2a 80 01'],
    ['an empty object identifier', '06 00'],
  ])('refuses %s', (_name, bytes) => expect(readDer(hex(bytes))).toHaveProperty('problem'))

  it('refuses nesting without end, and does not recurse into it', () => {
    let nested: Buffer = octetString(Buffer.alloc(0))
    for (let i = 0; i < 40; i++) nested = sequence(nested)
    expect(readDer(nested)).toHaveProperty('problem.says', 'is nested more than 24 deep')
  })

  it('refuses more elements than any file of ours holds', () => {
    const many = sequence(Buffer.alloc(2_000_002).fill(Buffer.of(5, 0)))
    expect(readDer(many)).toHaveProperty('problem.says', 'holds more than 1000000 elements')
  })

  it('reads what the writer writes', () => {
    const number = fc.uint8Array({ minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(number, fc.uint8Array({ maxLength: 70_000 }), fc.boolean(), (octets, contents, flag) => {
        const read = readDer(sequence(integer(octets), octetString(contents), boolean(flag)))
        expect(read).toHaveProperty('element')
        if (!('element' in read)) return
        const [first, second, third] = read.element.children
        expect(BigInt(`0x0${first?.contents.toString('hex')}`)).toBe(
          BigInt(`0x0${Buffer.from(octets).toString('hex')}`),
        )
        expect(second?.contents.equals(Buffer.from(contents))).toBe(true)
        expect(third?.contents[0]).toBe(flag ? 0xff : 0)
      }),
      { numRuns: 50 },
    )
  })

  it('reads object identifiers of any size', () => {
    const arcs = fc.tuple(fc.constantFrom(0, 1, 2), fc.nat(39), fc.array(fc.nat(2 ** 31), { maxLength: 8 }))
    fc.assert(
      fc.property(arcs, ([first, second, rest]) => {
        const text = [first, second, ...rest].join('.')
        expect(objectIdentifierText(objectIdentifier(text).subarray(2))).toBe(text)
      }),
    )
  })
})

describe('damaged files', async () => {
  const root = await createAuthority({ name: 'root' })
  const leaf = await issueCertificate(root, {
    subject: [{ O: 'Example' }, { CN: 'billing' }],
    uris: ['spiffe://example.org/billing'],
    dns: ['billing.test'],
    ips: ['127.0.0.1', '::1'],
    emails: ['a@example.test'],
  })
  const crl = splitPem(await issueCrl(root, { revoked: [{ serial: leaf.serial }, { serial: '01' }], number: 7 }))
    .blocks[0]
  const files = [leaf.certificateDer, root.certificateDer, crl?.der ?? Buffer.alloc(0)]
  // One change of a random sort: an octet replaced, cut out, put in, or the end cut off.
  const change = fc.tuple(fc.constantFrom('replace', 'cut', 'insert', 'end'), fc.nat(), fc.nat(255))

  it('never throw and never hang, however they are damaged', () => {
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(change, { minLength: 1, maxLength: 4 }), (file, changes) => {
        let damaged = Buffer.from(file)
        for (const [sort, place, octet] of changes) {
          const at = damaged.length === 0 ? 0 : place % damaged.length
          if (sort === 'replace') damaged[at] = octet
          else if (sort === 'end') damaged = damaged.subarray(0, at)
          else
            damaged = Buffer.concat([
              damaged.subarray(0, at),
              ...(sort === 'insert' ? [Buffer.of(octet)] : []),
              damaged.subarray(sort === 'cut' ? at + 1 : at),
            ])
        }
        const started = performance.now()
        parseCertificate(damaged)
        parseCrl(damaged)
        expect(performance.now() - started).toBeLessThan(500)
      }),
      { numRuns: 3000 },
    )
  })

  it('never throw on random elements', () => {
    const { tree } = fc.letrec<{ tree: Buffer }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 12 })).map(([tag, contents]) => element(tag, contents)),
        fc
          .tuple(fc.constantFrom(0x30, 0x31, 0xa0, 0xa3), fc.array(tie('tree'), { maxLength: 8 }))
          .map(([tag, children]) => element(tag, ...children)),
      ),
    }))
    fc.assert(
      fc.property(tree, (bytes) => {
        parseCertificate(bytes)
        parseCrl(bytes)
        parseCertificate(sequence(bytes, sequence(objectIdentifier('1.2.3')), Buffer.of(3, 1, 0)))
      }),
      { numRuns: 1000 },
    )
  })
})
