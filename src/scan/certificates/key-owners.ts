import { createPrivateKey, createPublicKey } from 'node:crypto'
import { limits } from '../../limits.ts'
import type { CertificateObject, TreeCertificates } from './tree-certificates.ts'

export interface OwnedCertificate {
  readonly certificate: Extract<CertificateObject, { readonly kind: 'certificate' }>
  readonly key: Extract<CertificateObject, { readonly kind: 'private key' }>
}

/** Certificates of the tree whose private key, not encrypted, is in it too. */
export function ownedCertificates({ files }: TreeCertificates): readonly OwnedCertificate[] {
  const objects = [...files.values()].flat()
  const keys = new Map<string, OwnedCertificate['key']>()
  let left: number = limits.privateKeysReadMax
  for (const object of objects) {
    if (object.kind !== 'private key' || object.isEncrypted || left-- <= 0) continue
    const spki = publicHalf(object.pem)
    if (spki !== undefined && !keys.has(spki)) keys.set(spki, object)
  }
  return objects.flatMap((certificate) => {
    if (certificate.kind !== 'certificate') return []
    const key = keys.get(certificate.certificate.publicKey.spki.toString('latin1'))
    return key ? [{ certificate, key }] : []
  })
}

function publicHalf(pem: string): string | undefined {
  try {
    const key = createPublicKey(createPrivateKey({ key: pem, format: 'pem' }))
    return key.export({ type: 'spki', format: 'der' }).toString('latin1')
  } catch {
    return undefined
  }
}
