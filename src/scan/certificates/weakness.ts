import type { Certificate } from '../../identity/certificate.ts'
import { objectIdentifierText, readDer, tags } from '../../identity/der.ts'
import { publicKeyProblem, signatureHash } from '../../identity/key-strength.ts'
import type { CertificateObject } from './tree-certificates.ts'

/** Curves of less than 224 bits. */
const shortCurves: Readonly<Record<string, string>> = {
  '1.2.840.10045.3.1.1': 'P-192',
  '1.3.132.0.8': 'secp160r1',
  '1.3.132.0.9': 'secp160k1',
  '1.3.132.0.30': 'secp160r2',
  '1.3.132.0.31': 'secp192k1',
}
const dsa = '1.2.840.10040.4.1'
const parameterBitsMin = 2048

/** What of a certificate or of parameters is too weak to rely on, in half a sentence; undefined where nothing is. */
export function weaknessOf(object: CertificateObject): string | undefined {
  if (object.kind === 'certificate') return certificateWeakness(object.certificate)
  return object.kind === 'parameters' ? parameterWeakness(object.der) : undefined
}

function certificateWeakness(certificate: Certificate): string | undefined {
  const { publicKey, signatureAlgorithm, issuer, subject } = certificate
  const { oid, parameters } = publicKey.algorithm
  if (oid === dsa) return 'its key is a DSA key, which TLS has given up'
  const curve =
    parameters?.tag === tags.objectIdentifier ? shortCurves[objectIdentifierText(parameters.contents)] : undefined
  if (curve) return `its key is on ${curve}, a curve of less than 224 bits`
  const problem = publicKeyProblem(publicKey)
  if (problem?.weak) return `its key ${problem.says}`
  // A root's signature of itself is verified by nobody.
  if (issuer.equals(subject)) return undefined
  const signature = signatureHash(signatureAlgorithm)
  return 'says' in signature && signature.weak ? `its signature ${signature.says}` : undefined
}

/** DHParameter of PKCS #3: a sequence of the prime and the base. */
function parameterWeakness(der: Buffer): string | undefined {
  const read = readDer(der)
  const [prime] = 'element' in read && read.element.tag === tags.sequence ? read.element.children : []
  if (prime?.tag !== tags.integer) return undefined
  const [first = 0, second = 0] = prime.contents
  const zeros = first === 0 ? 8 + Math.clz32(second) - 24 : Math.clz32(first) - 24
  const bits = prime.contents.length * 8 - zeros
  return bits < parameterBitsMin ? `the group has ${bits} bits; at least ${parameterBitsMin} are needed` : undefined
}
