import { createPrivateKey } from 'node:crypto'
import { readDer, tags } from '../../identity/der.ts'
import { limits } from '../../limits.ts'
import { emptyFile, isTestMaterial } from '../certificates/tree-certificates.ts'
import type { Rule } from '../rule.ts'
import type { Tree } from '../tree.ts'

export const keystoreInRepository: Rule = {
  id: 'keystore-in-repository',
  about: 'tree',
  title: 'Keystore or private key in binary is in the repository',
  severity: 'medium',
  cwe: 522,
  explanation: `A file that holds private keys behind a password (PKCS #12, Java's JKS and JCEKS), or one that is not even
encrypted (DER), is committed. The password is all that protects it, it is in some configuration nearby, and whoever has a copy tries passwords at
leisure for years. No password is tried here. Truststores, which hold certificates alone, are not told.

**Fix.** Issue a new key, keep it in a store that hands it to the program, and take the file out of the history.`,
  examples: {
    bad: [{ 'tls/client.p12': '{{certificate:keystore}}' }],
    good: [{ 'tls/truststore.p12': '{{certificate:keystore}}' }],
  },
  *check({ tree }) {
    for (const path of tree.paths) {
      if (isTestMaterial(path)) continue
      const what = storeKind(tree, path)
      if (what === undefined) continue
      const isOpen = what.endsWith('in DER')
      yield {
        file: emptyFile(path),
        start: 0,
        end: 0,
        severity: isOpen ? 'critical' : 'medium',
        message: `${path} is ${what}.`,
        fix: 'Issue a new key, keep it in a store, and take this file out of the history.',
        identity: [what],
      }
    }
  },
}

/** What a file of a keystore's name is, by its first bytes. */
function storeKind(tree: Tree, path: string): string | undefined {
  if (!/\.(?:p12|pfx|jks|jceks|keystore|bks|der|key|pk8)$/i.test(path) || /trust|cacerts/i.test(path)) return undefined
  const bytes = tree.bytes(path)
  if (!bytes || bytes.length < 16 || bytes.length > limits.certificateFileBytesMax) return undefined
  const der = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = der.readUInt32BE(0)
  if (magic === 0xfeedfeed) return 'a Java keystore (JKS)'
  if (magic === 0xcececece) return 'a Java keystore (JCEKS)'
  if (der[0] !== 0x30) return undefined
  // PFX: version 3 and what is authenticated; openssl and Java write it in BER, which is not DER all through.
  if (/\.(?:p12|pfx|keystore|jks)$/i.test(path) && der.subarray(1, 12).includes(Buffer.from([0x02, 0x01, 0x03])))
    return 'a PKCS #12 keystore'
  return isPrivateKey(der) ? 'a private key, not encrypted, in DER' : undefined
}

function isPrivateKey(der: Buffer): boolean {
  const read = readDer(der)
  if (!('element' in read) || read.element.children[0]?.tag !== tags.integer) return false
  return (['pkcs8', 'pkcs1', 'sec1'] as const).some((type) => {
    try {
      return createPrivateKey({ key: der, format: 'der', type }).type === 'private'
    } catch {
      return false
    }
  })
}
