import { readOptions } from '../options.ts'
import { portOf } from '../ruby/puma-configuration.ts'
import type { ServerModel } from '../server-model.ts'

/** Ruby's debugger, opened for a remote client: whoever connects runs code in the program. */
export const rdbg: ServerModel = {
  id: 'rdbg',
  title: 'rdbg',
  *read(_tree, deployment) {
    for (const start of deployment.starts) {
      if (start.argv[0] !== 'rdbg') continue
      const { values } = readOptions(start.argv.slice(1), [['--host'], ['--port'], ['--sock-path'], ['-e'], ['-x']])
      const opens = values.has('-O') || values.has('--open')
      if (!opens || (!values.has('--port') && !values.has('--host'))) continue
      const { file, start: from, end, folder } = start
      yield {
        server: 'rdbg',
        file,
        start: from,
        end,
        address: values.get('--host')?.at(-1) ?? '127.0.0.1',
        port: portOf(values.get('--port')?.at(-1)),
        transport: 'plain',
        clients: 'not asked',
        claims: false,
        because: [],
        purpose: 'debugger',
        startedBy: start,
        folder,
      }
    }
  },
  documentation: 'https://github.com/ruby/debug',
}
