import { textAt } from '../../configuration/node.ts'
import { readYaml } from '../../configuration/read-yaml.ts'
import { joinPath } from '../find-file.ts'
import type { Listener } from '../listener.ts'
import { readOptions } from '../options.ts'
import { plainListener } from '../ruby/plain-listener.ts'
import { portOf } from '../ruby/puma-configuration.ts'
import { rackStarts } from '../ruby/rack-starts.ts'
import type { ServerModel } from '../server-model.ts'

/** Passenger Standalone: TLS without client certificates, for it has no setting for them but an nginx template of one's own. */
export const passenger: ServerModel = {
  id: 'passenger',
  title: 'Passenger',
  read(tree, deployment) {
    const listeners: Listener[] = []
    for (const start of rackStarts(tree, deployment)) {
      if (start.server !== 'passenger' || !start.argv.includes('start')) continue
      const { values } = readOptions(start.argv.slice(1), [
        ['-p', '--port'],
        ['-a', '--address'],
        ['-e', '--environment'],
        ['--ssl-certificate'],
        ['--ssl-certificate-key'],
        ['--ssl-port'],
        ['--nginx-config-template'],
      ])
      const file = tree.file(joinPath(start.folder, 'Passengerfile.json'))
      const settings = file ? readYaml(file.text).documents[0] : undefined
      const said = (option: string, key: string) => values.get(option)?.at(-1) ?? textAt(settings, key)
      if (said('--nginx-config-template', 'nginx_config_template') !== undefined) continue
      const isTls = values.has('--ssl') || textAt(settings, 'ssl') === 'true'
      listeners.push({
        ...plainListener('passenger', start),
        transport: isTls ? 'tls' : 'plain',
        address: said('-a', 'address') ?? '0.0.0.0',
        port: portOf(said('-p', 'port') ?? '3000'),
      })
    }
    return listeners
  },
  documentation: 'https://www.phusionpassenger.com/docs/references/config_reference/standalone/',
}
