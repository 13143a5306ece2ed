/**
 * Searches random bodies for keys that are not in them: `node scripts/scrub-random.ts [GB]`, ten unless said. The keys are
 * one of each kind, and one of the shortest that is accepted. Prints what was searched, how fast, and how much of it was
 * changed, and fails where that is anything.
 */
import { createCipheriv, randomBytes } from 'node:crypto'
import { table as kinds } from '../src/keys/kinds/index.ts'
import { randomText } from '../src/keys/random.ts'
import { limits } from '../src/limits.ts'
import { createMatcher, type Secret } from '../src/scrub/matcher.ts'
import { mask, secretBytes } from '../src/secret/masked.ts'

const pieceBytes = 4 * 1_048_576
const callBytes = 65_536

/** A keystream: random bytes of the system's own would take most of the time. */
const random = createCipheriv('aes-128-ctr', randomBytes(16), randomBytes(16))
const randomPiece = (bytes: number): Buffer => random.update(Buffer.alloc(bytes))

const bodies: Readonly<Record<string, () => Buffer>> = {
  bytes: () => randomPiece(pieceBytes),
  base64: () => Buffer.from(randomPiece((pieceBytes * 3) / 4).toString('base64')),
  base64url: () => Buffer.from(randomPiece((pieceBytes * 3) / 4).toString('base64url')),
  hex: () => Buffer.from(randomPiece(pieceBytes / 2).toString('hex')),
  JSON: () => Buffer.from(JSON.stringify(randomPiece(pieceBytes / 2).toString('latin1'))),
  percent: () => Buffer.from(encodeURIComponent(randomPiece(pieceBytes / 4).toString('latin1'))),
}

const gigabytes = Number(process.argv[2] ?? 10)
const keys = await Promise.all(kinds.map(async ({ load }) => (await load()).example(randomText())))
keys.push(randomText().base62(limits.keyBytesMin))
const matcher = createMatcher(keys.map(secretOf))
let alarms = 0
for (const [name, make] of Object.entries(bodies)) {
  const wanted = (gigabytes * 1e9) / Object.keys(bodies).length
  let searched = 0
  let microseconds = 0
  let found = 0
  while (searched < wanted) {
    const body = make()
    const { user } = process.cpuUsage()
    for (let at = 0; at < body.length; at += callBytes) {
      const end = Math.min(body.length, at + callBytes)
      // As a stream does it: what was held back is in front of what is new.
      if (matcher.scrub(body, Math.max(0, at - matcher.longest + 1), at, end) >= 0) found++
    }
    microseconds += process.cpuUsage().user - user
    searched += body.length
  }
  alarms += found
  console.log(
    `${name.padEnd(10)} ${(searched / 1e9).toFixed(2)} GB, ${(searched / microseconds / 1e3).toFixed(2)} GB/s of CPU, ${found} found`,
  )
}
console.log(`${keys.length} keys, ${gigabytes} GB: ${alarms} false alarms`)
process.exitCode = alarms === 0 ? 0 : 1

function secretOf(key: string): Secret {
  const bytes = secretBytes(key.length)
  Buffer.from(key).copy(bytes)
  return { masked: mask(bytes), phantom: Buffer.alloc(0) }
}
