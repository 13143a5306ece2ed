import { buildCommand } from '@stricli/core'
import type { CommandSpec, World } from '../command.ts'
import type { ProbeFlags } from '../probe-url.ts'
import { reportFlags } from '../report-flags.ts'

const file = { kind: 'parsed', parse: String, optional: true, placeholder: 'FILE' } as const

export const probe: CommandSpec = {
  id: 'probe',
  brief: 'Attack a running service: is a client certificate really required, does any answer show a key',
  target: buildCommand<ProbeFlags, [url: string], World>({
    loader: async () => {
      const { probeUrl } = await import('../probe-url.ts')
      return async function (this: World, flags: ProbeFlags, url: string) {
        await probeUrl(this, flags, url)
      }
    },
    parameters: {
      flags: {
        cert: { ...file, brief: 'A client certificate that the service should admit, with its chain (PEM)' },
        key: { ...file, brief: 'Its private key (PEM)' },
        ca: { ...file, brief: 'CA that the service’s own certificate should verify against (PEM)' },
        clientCa: { ...file, brief: 'A staging CA of the clients, for certificates that only it can sign (PEM)' },
        caKey: { ...file, brief: 'The private key of --client-ca (PEM)' },
        routes: {
          kind: 'parsed',
          parse: String,
          variadic: ',',
          optional: true,
          placeholder: 'PATH',
          brief: 'Path to try, with its query; several times or with commas; / if none is given',
        },
        canaryFile: { ...file, brief: 'A secret to look for in every answer, from a file' },
        canaryStdin: {
          kind: 'boolean',
          default: false,
          withNegated: false,
          brief: 'The same, from standard input or a hidden prompt',
        },
        timeout: {
          kind: 'parsed',
          parse: String,
          default: '10',
          placeholder: 'SECONDS',
          brief: 'Limit for one request',
        },
        totalTimeout: {
          kind: 'parsed',
          parse: String,
          default: '120',
          placeholder: 'SECONDS',
          brief: 'Limit for the whole probe',
        },
        ...reportFlags,
      },
      positional: {
        kind: 'tuple',
        parameters: [{ brief: 'https://HOST[:PORT]; a path becomes a route', parse: String, placeholder: 'url' }],
      },
    },
    docs: {
      brief: 'Attack a running service: is a client certificate really required, does any answer show a key',
      fullDescription:
        'Sends requests in clear, without a certificate, with certificates that anybody can make, and with the good one, over TLS 1.2 and 1.3, and judges by what comes back. Provokes errors on the routes with harmless GET requests and reads every answer for keys, the canary, backtraces and debug pages. Probe only services that you may probe. Exit code 0: clean; 1: findings at or above the threshold; 2: it could not be proved.',
    },
  }),
}
