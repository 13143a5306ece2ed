import { limits } from '../../../limits.ts'
import { type HaproxyLine, type HaproxySection, readHaproxy } from '../../configuration/read-haproxy.ts'
import type { Tree } from '../../tree.ts'
import type { Caller } from '../haproxy/conditions.ts'
import { type Frontend, hasMoreRoutes, hostOf, routesOf } from '../haproxy/routes.ts'
import type { ClientCertificates, Listener } from '../listener.ts'
import { isCallerCredential, type LoggedCredential, type NamedFile } from '../proxy.ts'
import type { ServerModel } from '../server-model.ts'

/** Measured on 2.6: `test/servers/proxies.test.ts` starts it with each of these settings. */
export const haproxy: ServerModel = {
  id: 'haproxy',
  title: 'HAProxy',
  *read(tree, _deployment, gap) {
    for (const sections of configurations(tree)) {
      const backends = new Map(
        sections.filter(({ kind }) => kind === 'backend' || kind === 'listen').map((one) => [one.name, one]),
      )
      const global = sections.filter(({ kind }) => kind === 'global').flatMap(({ lines }) => lines)
      for (const [i, section] of sections.entries()) {
        if (section.kind !== 'frontend' && section.kind !== 'listen') continue
        const defaults = defaultsOf(sections, i)
        for (const line of section.lines)
          if (line.words[0]?.value === 'bind') yield* listenersOf({ section, defaults, global, backends }, line, gap)
      }
    }
  },
  documentation: 'https://docs.haproxy.org/2.6/configuration.html#5.1',
}

/** The files of one folder are read as one, as `haproxy -f FOLDER` does. */
function configurations(tree: Tree): readonly (readonly HaproxySection[])[] {
  const folders = new Map<string, HaproxySection[]>()
  for (const path of tree.paths) {
    if (
      !/(?:haproxy[\w.-]*|\.(?:cfg|haproxy)(?:\.(?:erb|j2|tmpl|template|tpl|in))?)$/i.test(path) ||
      /\.(?:md|sh|rb|py|service|ya?ml|html|log)$/i.test(path)
    )
      continue
    const file = tree.file(path)
    if (
      !file ||
      !/^(?:frontend|listen|backend|defaults)\b/m.test(file.text) ||
      !/^[ \t]+(?:bind|server|mode)[ \t]/m.test(file.text)
    )
      continue
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
    const isSplit = /(?:^|\/)(?:haproxy|conf)\.d$/.test(folder)
    const key = isSplit ? folder : path
    folders.set(key, [...(folders.get(key) ?? []), ...readHaproxy(file)])
  }
  return [...folders.values()]
}

function defaultsOf(sections: readonly HaproxySection[], at: number): readonly HaproxyLine[] {
  const words = sections[at]?.head.words.map(({ value }) => value) ?? []
  const from = words.indexOf('from')
  const before = sections.slice(0, at).filter(({ kind }) => kind === 'defaults')
  const named = from === -1 ? undefined : before.findLast(({ name }) => name === words[from + 1])
  return (named ?? before.at(-1))?.lines ?? []
}

function* listenersOf(frontend: Frontend, bind: HaproxyLine, gap: (sentence: string) => void): Generator<Listener> {
  const words = bind.words.map(({ value }) => value)
  const isTls = words.includes('ssl')
  const option = (name: string) => {
    const at = words.indexOf(name, 2)
    return at === -1 ? undefined : words[at + 1]
  }
  const { file, start, end } = bind
  if (isTls && words.includes('crt-list'))
    gap(`${file.path}:${file.place(start, end).line}: crt-list can set other terms for each certificate; not read`)
  const clients = isTls ? clientsOf(words, option) : 'not asked'
  const admitted: readonly Caller[] = !isTls
    ? ['plain']
    : clients === 'required'
      ? ['good']
      : clients === 'any'
        ? ['none', 'bad', 'good']
        : ['none', 'good']
  if (hasMoreRoutes(frontend))
    gap(
      `${file.path}:${file.place(start, end).line}: passes to more than ${limits.proxyRoutesMax} backends: the rest was not looked at`,
    )
  const isHttp = modeOf(frontend) === 'http'
  const routes = routesOf(frontend, admitted, isTls)
  for (const address of (words[1] ?? '').split(',')) {
    const host = hostOf(address)
    const port = /:(\d+)$/.exec(address)?.[1]
    yield {
      server: isHttp ? 'haproxy' : 'haproxy tcp',
      file,
      start,
      end,
      address: host === '' || host === '*' ? undefined : host,
      port: port === undefined ? undefined : Number(port),
      transport: isTls ? 'tls' : 'plain',
      clients,
      ...(clients === 'any' && option('verify') === 'required' ? { refusesNone: true } : {}),
      claims: option('ca-file') !== undefined || (option('verify') ?? 'none') !== 'none',
      because: reasons(words, option),
      ...(option('ca-file') === undefined ? {} : { ca: option('ca-file') ?? '' }),
      ...(option('crl-file') === undefined ? {} : { crl: option('crl-file') ?? '' }),
      passesTo: routes.map(({ to }) => to),
      setsFields: [...new Set(routes.flatMap(({ fields }) => [...fields.keys()]))],
      proxy: {
        speaks: isHttp ? 'http' : 'tcp',
        demand: { file, start, end, correction: demanded(bind) },
        ...fileNamed('authority', bind, 'ca-file'),
        ...fileNamed('certificate', bind, 'crt'),
        ...(isTls && option('verify') !== undefined && option('verify') !== 'none' && option('ca-file') === undefined
          ? {
              missingAuthority: {
                file,
                start,
                end,
                correction: `${file.quote(start, end)} ca-file /etc/haproxy/clients-ca.pem`,
                effect: 'haproxy refuses to start',
              },
            }
          : {}),
        ...(isTls && option('crl-file') === undefined
          ? {
              revoke: {
                file,
                start,
                end,
                correction: `${file.quote(start, end)} crl-file /etc/haproxy/clients.crl`,
                says: 'no crl-file',
              },
            }
          : {}),
        ...(host === '' || host === '*'
          ? { onlyLocal: { file, start, end, correction: `bind 127.0.0.1:${port ?? ''}` } }
          : {}),
        routes,
        logs: loggedBy([...frontend.defaults, ...frontend.section.lines]),
        serves: [],
      },
    }
  }
}

function modeOf({ section, defaults }: Frontend): string {
  return (
    [...defaults, ...section.lines].findLast(({ words: [name] }) => name?.value === 'mode')?.words[1]?.value ?? 'tcp'
  )
}

type Option = (name: string) => string | undefined

function clientsOf(words: readonly string[], option: Option): ClientCertificates {
  const verify = option('verify') ?? 'none'
  if (verify !== 'required' && verify !== 'optional') return 'not asked'
  return ignoresIssuer(option('ca-ignore-err')) ||
    (ignoresIssuer(option('crt-ignore-err')) && words.includes('ca-ignore-err'))
    ? 'any'
    : verify
}

/** Errors by which an unknown issuer shows itself: 18 to 21, and 2 (X509_V_ERR_* of OpenSSL). */
function ignoresIssuer(list: string | undefined): boolean {
  return list?.split(',').some((one) => /^(?:all|2|18|19|20|21)$/.test(one)) === true
}

function reasons(words: readonly string[], option: Option): string[] {
  const verify = option('verify')
  if (option('ca-file') !== undefined && (verify === undefined || verify === 'none'))
    return ['ca-file alone asks nobody for a certificate: verify is none unless it is set']
  if (clientsOf(words, option) === 'any') return ['ca-ignore-err takes certificates of any issuer']
  if (verify === 'optional') return ['verify optional serves clients that show no certificate']
  return []
}

function demanded({ file, start, end }: HaproxyLine): string {
  const text = file.quote(start, end).replace(/\s(?:ca|crt)-ignore-err\s+\S+/g, '')
  return /\sverify\s+\S+/.test(text) ? text.replace(/\sverify\s+\S+/, ' verify required') : `${text} verify required`
}

function fileNamed<Name extends string>(name: Name, bind: HaproxyLine, option: string): { [key in Name]?: NamedFile } {
  const at = bind.words.findIndex(({ value }, i) => i > 1 && value === option)
  const word = at === -1 ? undefined : bind.words[at + 1]
  if (!word) return {}
  const named: NamedFile = { file: bind.file, start: word.start, end: word.end, path: word.value }
  return { [name]: named } as { [key in Name]: NamedFile }
}

function loggedBy(lines: readonly HaproxyLine[]): readonly LoggedCredential[] {
  return lines.flatMap(({ file, words, start, end }) => {
    const values = words.map(({ value }) => value)
    const [keyword, second, third, fourth = ''] = values
    const captured =
      keyword === 'capture' && second === 'request' && third === 'header'
        ? fourth
        : keyword === 'http-request' && second === 'capture'
          ? headerIn(third ?? '')
          : keyword === 'capture' && second === 'cookie'
            ? 'cookie'
            : undefined
    if (captured !== undefined)
      return isCallerCredential(captured)
        ? [{ file, start, end, correction: `# ${file.quote(start, end)}`, what: `the ${captured} field` }]
        : []
    if (keyword !== 'log-format') return []
    const name = headerIn(values.slice(1).join(' '))
    return name !== undefined && isCallerCredential(name)
      ? [{ file, start, end, correction: 'option httplog', what: `the ${name} field` }]
      : []
  })
}

function headerIn(expression: string): string | undefined {
  for (const [, name = ''] of expression.matchAll(/\bf?hdr\(([\w-]{1,60})/g)) if (isCallerCredential(name)) return name
  return undefined
}
