import { expect, it } from 'vitest'
import { scratchTree } from '../../../test/servers/scratch-tree.ts'
import { limits } from '../../limits.ts'
import { readDeployment } from './read-deployment.ts'
import { readListeners } from './read-listeners.ts'

const size = 200_000
const of = (unit: string) => unit.repeat(size / unit.length)

/** Each would take minutes if what reads it were not linear, or not bounded. */
it.each<[string, Record<string, string>]>([
  ['a Dockerfile of here-documents that do not end', { Dockerfile: `FROM x\n${of('RUN <<A\n')}CMD puma\n` }],
  ['a Dockerfile of joined lines', { Dockerfile: `FROM x\nCMD puma \\\n${of('\\\n')}` }],
  ['a Dockerfile of environment', { Dockerfile: `FROM x\nENV ${of('A="')}\nCMD puma\n` }],
  ['a Procfile of one line', { Procfile: `web: ${of('$(')}` }],
  ['a Procfile of wrappers', { Procfile: `web: ${of('exec env ')}puma` }],
  ['a unit of joined lines', { 'a.service': `[Service]\nExecStart=puma ${of(' \\\n')}` }],
  ['a compose file of brackets', { 'compose.yaml': `services: ${of('[')}` }],
  ['a script of commands', { 'bin/run': `#!/bin/sh\n${of('puma;')}` }],
  ['a script of changed folders', { 'bin/run': `#!/bin/sh\n${of('cd a\n')}puma\n` }],
  ['a configuration of binds', { 'config/puma.rb': of("bind 'ssl://a'\n"), Procfile: 'web: puma\n' }],
  ['a bind of parameters', { 'config/puma.rb': `bind 'ssl://a?${of('a=b&')}'\n`, Procfile: 'web: puma\n' }],
  ['variables that name each other', { 'config/puma.rb': 'a = b\nb = a\nbind a\nport b\n', Procfile: 'web: puma\n' }],
  [
    'texts of a hundred texts of a hundred texts',
    {
      'config/puma.rb': `a0 = 'x'\n${Array.from({ length: 9 }, (_, i) => `a${i + 1} = "${`#{a${i}}`.repeat(100)}"`).join('\n')}\nbind a9\n`,
      Procfile: 'web: puma\n',
    },
  ],
  [
    'texts that double',
    {
      'config/puma.rb': `a0 = 'xx'\n${Array.from({ length: 60 }, (_, i) => `a${i + 1} = "#{a${i}}#{a${i}}"`).join('\n')}\nbind a60\n`,
      Procfile: 'web: puma\n',
    },
  ],
  ['a Caddyfile of sites', { Caddyfile: of('x ') }],
])('%s is read in time', async (_name, files) => {
  const tree = await scratchTree(files)
  const started = performance.now()
  const gaps: string[] = []
  const listeners = await readListeners(tree, await readDeployment(tree), (gap) => gaps.push(gap))
  // Rules compare each with each.
  expect(listeners.length).toBeLessThanOrEqual(limits.listenersMax)
  if (listeners.length === limits.listenersMax) expect(gaps).toContainEqual(expect.stringContaining('listeners'))
  expect(performance.now() - started).toBeLessThan(5_000)
})
