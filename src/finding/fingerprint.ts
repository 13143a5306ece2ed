import { createHmac } from 'node:crypto'

/**
 * A stable name for one leak: the rule and the parts that identify it (file, enclosing definition, sink text), never a
 * line number, so that moving code keeps it. Parts are length-prefixed: no two lists of parts read the same.
 * 16 hexadecimal digits.
 */
export function fingerprint(rule: string, parts: readonly string[]): string {
  const hmac = createHmac('sha256', 'sallyport finding')
  for (const part of [rule, ...parts]) hmac.update(`${Buffer.byteLength(part)}:${part}`)
  return hmac.digest('hex').slice(0, 16)
}
