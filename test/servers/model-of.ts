import { isProxyListener, type ProxyListener } from '../../src/scan/servers/proxy.ts'
import { readListeners } from '../../src/scan/servers/read-listeners.ts'
import { sourceFile } from '../../src/scan/source-file.ts'
import { isAbout, topicsOf } from '../../src/scan/topics.ts'
import type { Tree } from '../../src/scan/tree.ts'

/** Who can do what at a port, as the model has it or as it was seen. */
export interface Behaviour {
  readonly plain: boolean
  readonly none: boolean
  readonly foreign: boolean
  readonly selfSigned: boolean
  readonly good: boolean
  /** Whether a client's own value of the field reaches the upstream, in its two spellings. */
  readonly dashed: boolean
  readonly underscored: boolean
}

export function treeOf(files: Readonly<Record<string, string>>): Tree {
  const sources = new Map(
    Object.entries(files).map(([path, text]) => [path, sourceFile(path, text, (line) => line)] as const),
  )
  return {
    paths: [...sources.keys()].sort(),
    file: (path) => sources.get(path),
    bytes: (path) => sources.get(path)?.bytes,
    mode: () => undefined,
    isAbout: (path, topic) => isAbout(topicsOf(sources.get(path)?.bytes ?? new Uint8Array()), topic),
    form: () => undefined,
  }
}

/** The model's listeners of a configuration. */
export async function listenersOf(files: Readonly<Record<string, string>>): Promise<{
  readonly listeners: readonly ProxyListener[]
  readonly gaps: readonly string[]
}> {
  const gaps: string[] = []
  const listeners = await readListeners(treeOf(files), { starts: [], gaps: [] }, (gap) => gaps.push(gap))
  return { listeners: listeners.filter(isProxyListener), gaps }
}

/** What the model says of a port; the field is the one that programs are told verdicts in. */
export function behaviourOf(listener: ProxyListener, field: string): Behaviour {
  const { transport, clients, refusesNone = false } = listener
  const [route] = listener.proxy.routes
  const isOpen = route?.gate === 'open'
  const isOpenToAny = isOpen || route?.gate === 'shown'
  const isTls = transport === 'tls'
  const fate = route?.fields.get(field)
  const isKept =
    fate === undefined ? !route?.removesPrefixes.some((prefix) => field.startsWith(prefix)) : fate === 'passed'
  return {
    plain: !isTls && isOpen,
    none: isTls && isOpen && clients !== 'required' && !(clients === 'any' && refusesNone),
    foreign: isTls && isOpenToAny && (clients === 'any' || clients === 'not asked'),
    selfSigned: isTls && isOpenToAny && (clients === 'any' || clients === 'not asked'),
    good: isTls,
    dashed: isKept,
    underscored: route?.passesUnderscores === true && !route.fields.has(field.replaceAll('-', '_')),
  }
}
