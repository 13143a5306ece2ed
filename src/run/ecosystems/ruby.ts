import { readFileSync } from 'node:fs'
import type { Ecosystem } from '../ecosystem.ts'

/** Clients that read no variable, and `URI#find_proxy`, which asks the name server first: integrations/ruby/preload.rb. */
export const ruby: Ecosystem = {
  id: 'ruby',
  title: 'Ruby',
  prepare({ forward, hosts, environment, write }) {
    write('ruby/door', [forward, ...hosts, ''].join('\n'))
    const source = readFileSync(new URL('../../../integrations/ruby/preload.rb', import.meta.url))
    const preload = write('ruby/preload.rb', source)
    // RUBYOPT is cut at white space and nothing quotes it: there, the clients that need no preload must do.
    if (/\s/.test(preload)) return {}
    return { RUBYOPT: [environment.RUBYOPT ?? '', `-r${preload}`].filter((part) => part !== '').join(' ') }
  },
}
