import { walk } from '../../form.ts'
import type { Tree } from '../../tree.ts'
import { findFile } from '../find-file.ts'
import type { Listener } from '../listener.ts'
import { readOptions } from '../options.ts'
import { knownIn, textValue } from '../ruby/evaluate.ts'
import { plainListener } from '../ruby/plain-listener.ts'
import { portOf } from '../ruby/puma-configuration.ts'
import { type RackStart, rackStarts } from '../ruby/rack-starts.ts'
import type { ServerModel } from '../server-model.ts'

/** Unicorn 5 and 6 speak no TLS: what is said of it anywhere is read by nobody. */
export const unicorn: ServerModel = {
  id: 'unicorn',
  title: 'Unicorn',
  *read(tree, deployment) {
    for (const start of rackStarts(tree, deployment)) if (start.server === 'unicorn') yield* listenersOf(tree, start)
  },
  documentation: 'https://yhbt.net/unicorn/Unicorn/Configurator.html',
}

interface Address {
  readonly address: string
  readonly port: number | undefined
}

function* listenersOf(tree: Tree, start: RackStart): Iterable<Listener> {
  if (start.by !== 'itself') {
    yield plainListener('unicorn', start)
    return
  }
  const { values } = readOptions(start.argv.slice(1), [
    ['-l', '--listen'],
    ['-o', '--host'],
    ['-p', '--port'],
    ['-c', '--config-file'],
    ['-E', '--env'],
    ['-I', '--include'],
    ['-r', '--require'],
  ])
  const plain = plainListener('unicorn', start)
  const given = [
    ...(values.get('-l') ?? []),
    ...(values.has('-p') || values.has('-o')
      ? [`${values.get('-o')?.at(-1) ?? '0.0.0.0'}:${values.get('-p')?.at(-1) ?? '8080'}`]
      : []),
  ].flatMap((text) => addressOf(text) ?? [])
  for (const address of given) yield { ...plain, ...address }
  const path = findFile(tree, start.folder, values.get('-c')?.at(-1) ?? '')
  const configured = path === undefined ? [] : configuredListeners(tree, path, start)
  yield* configured
  const isConfigured = path !== undefined || given.length > 0 || values.has('-l')
  if (!isConfigured) yield { ...plain, address: '0.0.0.0', port: 8080 }
}

function configuredListeners(tree: Tree, path: string, start: RackStart): Listener[] {
  const file = tree.file(path)
  const root = tree.form(path)
  const found: Listener[] = []
  if (!file || !root) return found
  const known = knownIn(root, start.environment)
  walk(root, (expression) => {
    if (expression.kind !== 'call' || expression.receiver || expression.name !== 'listen') return
    const address = addressOf(textValue(expression.args[0], known) ?? '')
    if (address)
      found.push({ ...plainListener('unicorn', start), file, start: expression.start, end: expression.end, ...address })
  })
  return found
}

/** `8080`, `:8080`, `127.0.0.1:8080`; a path is a socket of the machine's own. */
function addressOf(text: string): Address | undefined {
  if (/^[/~.]|^unix:/.test(text)) return undefined
  const [, address, port] = /^(?:(\S*):)?(\d{1,5})$/.exec(text) ?? []
  return port === undefined ? undefined : { address: address || '0.0.0.0', port: portOf(port) }
}
