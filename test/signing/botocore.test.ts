import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SignedRequest } from '../../src/keys/carrier.ts'
import { awsCarrier } from '../../src/keys/carriers/aws.ts'
import { randomText } from '../../src/keys/random.ts'
import { installPythonPackages } from '../clients/install-python-packages.ts'

/** A request that botocore has signed. */
interface Made {
  readonly method: string
  readonly url: string
  readonly fields: readonly (readonly [string, string])[]
  readonly body: string
}

const random = randomText()
const phantom = random.base62(40)
const key = random.base62(40)
const now = new Date('2026-03-01T10:00:00Z')
const made = signWithBotocore(await installPythonPackages('aws'))

describe('what botocore signs with the phantom becomes what it signs with the key', () => {
  it.each(Object.entries(made))('%s', (_name, [withPhantom, withKey]) => {
    expect(withPhantom).not.toEqual(withKey)
    const request = requestOf(withPhantom)
    const read = awsCarrier().read(request, now)
    if (!read || 'fault' in read) throw new Error(read?.fault ?? 'no signature was found')
    const body = Buffer.from(withPhantom.body, 'base64')
    const edits = read.sign(Buffer.from(phantom), (use) => use(Buffer.from(key)), read.body === 'whole' ? body : empty)
    if ('fault' in edits) throw new Error(edits.fault)
    const fields = [...request.fields]
    for (const { index, value } of edits.fields) fields[index] = { name: fields[index]?.name ?? '', value }
    expect({ ...request, fields, target: edits.target ?? request.target }).toEqual(requestOf(withKey))
  })
})

const empty = Buffer.alloc(0)

/** As the door reads it: the client's own `Host`, names in lower case. */
function requestOf({ method, url, fields }: Made): SignedRequest {
  const [, host = '', target = ''] = /^https:\/\/([^/]+)(\/.*)$/.exec(url) ?? []
  return { method, host, target, fields: fields.map(([name, value]) => ({ name: name.toLowerCase(), value })) }
}

function signWithBotocore(python: string): Record<string, readonly [Made, Made]> {
  const { status, stdout, stderr } = spawnSync(python, [join(import.meta.dirname, 'botocore-requests.py')], {
    input: JSON.stringify({ secrets: [phantom, key], time: '20260301T100000Z' }),
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '' },
  })
  if (status !== 0) throw new Error(`botocore signed nothing:\n${stderr}`)
  return JSON.parse(stdout)
}
