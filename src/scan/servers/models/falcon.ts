import { readOptions } from '../options.ts'
import { parseBindUrl } from '../ruby/bind-url.ts'
import { plainListener } from '../ruby/plain-listener.ts'
import { rackStarts } from '../ruby/rack-starts.ts'
import type { ServerModel } from '../server-model.ts'

/** Falcon serves HTTPS with a certificate of its own, and no option of its command asks clients for one. */
export const falcon: ServerModel = {
  id: 'falcon',
  title: 'Falcon',
  *read(tree, deployment) {
    for (const start of rackStarts(tree, deployment)) {
      if (start.server !== 'falcon') continue
      const plain = plainListener('falcon', start)
      if (start.by !== 'itself') {
        yield plain
        continue
      }
      const { values, words } = readOptions(start.argv.slice(1), [
        ['-b', '--bind'],
        ['-p', '--port'],
        ['-h', '--hostname'],
        ['-c', '--config'],
      ])
      if (words[0] !== 'serve') continue
      const url = parseBindUrl(values.get('-b')?.at(-1) ?? 'https://localhost:9292')
      const port = Number(values.get('-p')?.at(-1) ?? url?.port)
      yield {
        ...plain,
        transport: url?.scheme === 'http' ? 'plain' : 'tls',
        address: url?.host,
        port: Number.isInteger(port) ? port : undefined,
      }
    }
  },
  documentation: 'https://socketry.github.io/falcon/',
}
