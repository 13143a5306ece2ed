import { expect, it } from 'vitest'
import { processUses } from './check-process.ts'

it.each([
  ['process.argv', '1 process.argv'],
  [`call(\`at $\{process.env.HOME}\`)`, '1 process.env'],
  ["\nprocess['exit'](2)", '2 process.exit'],
  ['process.exitCode = 1', '1 process.exitCode'],
  ['globalThis.process.env', '1 process.env'],
  ['const { stdout, env } = process', '1 process.env'],
  ['const p = process', '1 process under another name'],
  ["import { env } from 'node:process'", '1 import of node:process'],
])('finds the use in %j', (source, use) => expect(processUses(source)).toEqual([use]))

it.each([
  '// process.env is not read here',
  "const example = 'process.env.KEY'",
  'const { stdout } = process',
  'world.process.exitCode = 1',
  'process.stdout.write(String(process.pid))',
])('lets %j be', (source) => expect(processUses(source)).toEqual([]))
