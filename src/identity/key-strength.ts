import type { AlgorithmIdentifier, PublicKey } from './certificate.ts'
import { type DerElement, objectIdentifierText, readDer, tags } from './der.ts'
import { objectIdentifiers as oids } from './object-identifiers.ts'

/** RSA above this only costs the verifier time; OpenSSL draws the same line. */
const rsaBitsMax = 16_384
const rsaBitsMin = 2048

const pointOctets: Readonly<Record<string, number>> = { [oids.p256]: 65, [oids.p384]: 97, [oids.p521]: 133 }

/** What is wrong with a key: too weak, or of a kind that is not known. */
export function publicKeyProblem({ algorithm, key }: PublicKey): { weak: boolean; says: string } | undefined {
  if (algorithm.oid === oids.rsaEncryption) return rsaProblem(algorithm, key)
  if (algorithm.oid === oids.ed25519) {
    return algorithm.parameters === undefined && key.length === 32
      ? undefined
      : unsupported('is not an Ed25519 key of 32 octets')
  }
  if (algorithm.oid !== oids.ecPublicKey) return unsupported('is neither RSA, EC nor Ed25519')
  const curve =
    algorithm.parameters?.tag === tags.objectIdentifier ? objectIdentifierText(algorithm.parameters.contents) : ''
  const octets = pointOctets[curve]
  if (octets === undefined) return unsupported('is on a curve other than P-256, P-384 and P-521')
  return key.length === octets && key[0] === 4 ? undefined : unsupported('is not an uncompressed point of its curve')
}

function unsupported(says: string): { weak: boolean; says: string } {
  return { weak: false, says }
}

function rsaProblem(algorithm: AlgorithmIdentifier, key: Buffer): { weak: boolean; says: string } | undefined {
  const read = readDer(key)
  const [modulus, exponent, ...rest] =
    'element' in read && read.element.tag === tags.sequence ? read.element.children : []
  if (
    algorithm.parameters?.tag !== tags.null ||
    modulus?.tag !== tags.integer ||
    exponent?.tag !== tags.integer ||
    rest.length > 0
  )
    return unsupported('is not an RSA key')
  const bits = integerBits(modulus)
  if (bits < rsaBitsMin)
    return { weak: true, says: `is an RSA key of ${Math.max(bits, 0)} bits; at least ${rsaBitsMin} are needed` }
  if (bits > rsaBitsMax) return unsupported(`is an RSA key of more than ${rsaBitsMax} bits`)
  const isOdd = ((exponent.contents.at(-1) ?? 0) & 1) === 1
  if (!isOdd || integerBits(exponent) < 2)
    return { weak: true, says: 'is an RSA key with an exponent that is even or 1' }
  return undefined
}

/** -1 for a negative number. */
function integerBits({ contents }: DerElement): number {
  const [first = 0, second = 0] = contents
  if (first >= 0x80) return -1
  const zeros = first === 0 ? 8 + Math.clz32(second) - 24 : Math.clz32(first) - 24
  return contents.length * 8 - zeros
}

const sha2: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}
const rsaPss = '1.2.840.113549.1.1.10'

/** Signature algorithms that count, with the hash for node:crypto (null where the algorithm has its own). */
const signatureHashes: Readonly<Record<string, 'sha256' | 'sha384' | 'sha512' | null>> = {
  [oids.ecdsaWithSha256]: 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  [oids.ed25519]: null,
  '1.3.101.113': null,
}

const weakSignatures: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'MD2',
  '1.2.840.113549.1.1.3': 'MD4',
  '1.2.840.113549.1.1.4': 'MD5',
  '1.2.840.113549.1.1.5': 'SHA-1',
  '1.3.14.3.2.29': 'SHA-1',
  '1.2.840.10045.4.1': 'SHA-1',
  '1.2.840.10040.4.3': 'SHA-1',
}

/** The hash that a signature algorithm is verified with, or what is wrong with it. */
export function signatureHash(
  algorithm: AlgorithmIdentifier,
): { readonly hash: string | null; readonly isPss: boolean } | { readonly weak: boolean; readonly says: string } {
  const weak = weakSignatures[algorithm.oid]
  if (weak) return { weak: true, says: `is made with ${weak}, for which forgeries are known` }
  if (algorithm.oid === rsaPss) return pssHash(algorithm)
  const hash = signatureHashes[algorithm.oid]
  if (hash === undefined) return { weak: false, says: 'is made with an algorithm that is not known' }
  const isRsa = algorithm.oid.startsWith('1.2.840.113549.1.1.')
  // RFC 4055: RSA has NULL here; RFC 5758 and 8410: the others have nothing.
  const isGood = algorithm.parameters === undefined || (isRsa && algorithm.parameters.tag === tags.null)
  return isGood ? { hash, isPss: false } : { weak: false, says: 'has parameters that its algorithm does not have' }
}

/** RFC 4055: the hash stands in `[0]`, and is SHA-1 where it does not. */
function pssHash({ parameters }: AlgorithmIdentifier): ReturnType<typeof signatureHash> {
  const stated = parameters?.children.find(({ tag }) => tag === 0xa0)?.children[0]?.children[0]
  if (!stated) return { weak: true, says: 'is made with SHA-1, for which forgeries are known' }
  const hash = stated.tag === tags.objectIdentifier ? sha2[objectIdentifierText(stated.contents)] : undefined
  return hash
    ? { hash, isPss: true }
    : { weak: true, says: 'is made with a hash other than SHA-256, SHA-384 and SHA-512' }
}
