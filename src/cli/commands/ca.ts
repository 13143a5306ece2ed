import { buildCommand, buildRouteMap } from '@stricli/core'
import type { CommandSpec, World } from '../command.ts'
import type { InitFlags, IssueFlags, RevokeFlags } from '../keep-authority.ts'

const text = { kind: 'parsed', parse: String } as const
const dir = { ...text, brief: 'Folder of the CA', placeholder: 'FOLDER' } as const
const format = { kind: 'enum', values: ['text', 'json'], default: 'text', brief: 'For people or for programs' } as const
const yes = { kind: 'boolean', default: false, withNegated: false } as const
const ed25519 = { ...yes, brief: 'An Ed25519 key instead of P-256' } as const

const init = buildCommand<InitFlags, [], World>({
  loader: async () => {
    const { initCa } = await import('../keep-authority.ts')
    return async function (this: World, flags: InitFlags) {
      await initCa(this, flags)
    }
  },
  parameters: {
    flags: {
      dir,
      name: { ...text, default: 'Sallyport CA', brief: 'Common name of the CA', placeholder: 'NAME' },
      days: { kind: 'parsed', parse: Number, default: '365', brief: 'How long it lives', placeholder: 'DAYS' },
      ed25519,
      format,
    },
  },
  docs: {
    brief: 'Make a CA: certificate, key, empty revocation list',
    fullDescription:
      'Makes a certificate authority in a folder and never replaces one. The private key is NOT encrypted; its file is readable by you alone.',
    customUsage: ['--dir tls'],
  },
})

const issue = buildCommand<IssueFlags, [], World>({
  loader: async () => {
    const { issueCa } = await import('../keep-authority.ts')
    return async function (this: World, flags: IssueFlags) {
      await issueCa(this, flags)
    }
  },
  parameters: {
    flags: {
      dir,
      client: { ...yes, brief: 'For a client of the ingress door' },
      server: { ...yes, brief: 'For a server' },
      spiffe: { ...text, optional: true, brief: 'SPIFFE ID', placeholder: 'spiffe://DOMAIN/PATH' },
      dns: {
        ...text,
        variadic: ',',
        optional: true,
        brief: 'DNS name; several times or with commas',
        placeholder: 'NAME',
      },
      ip: {
        ...text,
        variadic: ',',
        optional: true,
        brief: 'IP address; several times or with commas',
        placeholder: 'ADDRESS',
      },
      name: { ...text, optional: true, brief: 'Common name, for people', placeholder: 'NAME' },
      days: {
        kind: 'parsed',
        parse: Number,
        optional: true,
        brief: 'How long it lives; 30 if not said',
        placeholder: 'DAYS',
      },
      ed25519,
      out: { ...text, brief: 'Path of the files, to which .pem and .key are added', placeholder: 'PATH' },
      replace: { ...yes, brief: 'Replace files that are there' },
      format,
    },
  },
  docs: {
    brief: 'Issue a certificate with a fresh key',
    customUsage: [
      '--dir tls --server --dns localhost --ip 127.0.0.1 --out tls/server',
      '--dir tls --client --spiffe spiffe://example.org/billing --out tls/billing',
    ],
  },
})

const revoke = buildCommand<RevokeFlags, [which: string], World>({
  loader: async () => {
    const { revokeCa } = await import('../keep-authority.ts')
    return async function (this: World, flags: RevokeFlags, which: string) {
      await revokeCa(this, flags, which)
    }
  },
  parameters: {
    flags: {
      dir,
      reason: {
        kind: 'enum',
        values: ['keyCompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation'],
        default: 'cessationOfOperation',
        brief: 'What the revocation list says',
      },
      format,
    },
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'File of the certificate, or its serial number', parse: String, placeholder: 'certificate' },
      ],
    },
  },
  docs: {
    brief: 'Revoke a certificate, and write the revocation list anew',
    customUsage: ['--dir tls tls/billing.pem', '--dir tls 5f0c2a'],
  },
})

export const ca: CommandSpec = {
  id: 'ca',
  brief: 'Keep a small certificate authority: init, issue, revoke',
  target: buildRouteMap({ routes: { init, issue, revoke }, docs: { brief: 'Keep a small certificate authority' } }),
}
