import { parseBindUrl } from '../ruby/bind-url.ts'
import { truthOf } from '../ruby/evaluate.ts'
import { plainListener } from '../ruby/plain-listener.ts'
import { rackStarts } from '../ruby/rack-starts.ts'
import type { ServerModel } from '../server-model.ts'

const modelled = new Set(['puma', 'thin', 'webrick', 'unicorn', 'falcon', 'passenger'])

/**
 * Whichever server Rack or Sinatra finds, where the tree does not say which it is. All of them speak plain HTTP then,
 * unless the address is Puma's own kind of TLS, or WEBrick's options are given: then nothing is known.
 */
export const rackHandler: ServerModel = {
  id: 'rack-handler',
  title: 'Whichever Rack server is installed',
  *read(tree, deployment) {
    for (const start of rackStarts(tree, deployment)) {
      if (start.server !== undefined && modelled.has(start.server)) continue
      const options = start.run?.options
      const mayBeTls =
        options?.has('SSLEnable') && start.run && truthOf(options.get('SSLEnable'), start.run.known) !== false
      if (mayBeTls || parseBindUrl(start.host ?? '') || start.run?.file.text.includes('ssl_options')) continue
      yield plainListener('rack-handler', start)
    }
  },
  documentation: 'https://github.com/rack/rackup',
}
