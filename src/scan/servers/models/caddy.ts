import { type CaddyDirective, readCaddyfile, withSnippets } from '../../configuration/read-caddyfile.ts'
import { readYaml } from '../../configuration/read-yaml.ts'
import { templateText } from '../../configuration/template-text.ts'
import type { SourceFile } from '../../source-file.ts'
import type { Tree } from '../../tree.ts'
import { clientsOfMode } from '../caddy/client-modes.ts'
import { jsonListeners } from '../caddy/read-json.ts'
import { routesOf, siteAddress, within } from '../caddy/read-sites.ts'
import type { ClientCertificates, Listener } from '../listener.ts'
import { isPrivateFolder, type ProgramFolders, programFolders } from '../program-folders.ts'
import type { LoggedCredential, NamedFile, ReverseProxy, ServedFiles } from '../proxy.ts'
import type { ServerModel } from '../server-model.ts'

/** Measured on 2.6: `test/servers/proxies.test.ts` starts it with each of these settings. */
export const caddy: ServerModel = {
  id: 'caddy',
  title: 'Caddy',
  read(tree, _deployment, gap) {
    return [...caddyfiles(tree, gap), ...jsons(tree, gap)]
  },
  documentation: 'https://caddyserver.com/docs/caddyfile/directives/tls#client_auth',
}

function* caddyfiles(tree: Tree, gap: (sentence: string) => void): Generator<Listener> {
  const programs = programFolders(tree)
  for (const path of tree.paths) {
    const file =
      /(?:(?:^|\/)Caddyfile[\w.-]*|\.caddy(?:file)?)$/i.test(path) && !/\.md$/i.test(path) ? tree.file(path) : undefined
    if (!file) continue
    const { directives, problems } = readCaddyfile(file)
    const [problem] = problems
    if (problem)
      gap(
        `${path}:${file.place(problem.start, problem.start).line}: ${problem.says}; what could be read of this Caddyfile was judged`,
      )
    const sites = withSnippets(directives)
    const global = sites.find(({ name, block }) => name === '' && block)
    for (const site of sites) if (site.name !== '' && site.block) yield* listenersOf(file, site, global, programs)
  }
}

function jsons(tree: Tree, gap: (sentence: string) => void): readonly Listener[] {
  const listeners: Listener[] = []
  for (const path of tree.paths) {
    const file = path.endsWith('.json') && tree.isAbout(path, 'caddy in json') ? tree.file(path) : undefined
    if (!file || !/"apps"\s{0,20}:/.test(file.text) || !/"servers"\s{0,20}:/.test(file.text)) continue
    const { documents, problems } = readYaml(templateText(file.text))
    for (const { start, says } of problems)
      gap(`${path}:${file.place(start, start).line}: ${says}; this Caddy configuration was not judged`)
    for (const document of documents) listeners.push(...jsonListeners(file, document))
  }
  return listeners
}

function* listenersOf(
  file: SourceFile,
  site: CaddyDirective,
  global: CaddyDirective | undefined,
  programs: ProgramFolders,
): Generator<Listener> {
  const { block = [], args } = site
  const tls = block.find(({ name }) => name === 'tls')
  const auth = tls?.block?.find(({ name }) => name === 'client_auth')
  const { clients, refusesNone, mode, pool } = clientsOf(auth)
  const routes = routesOf(block)
  const end = args.at(-1)?.end ?? site.start + site.name.length
  const words = [{ value: site.name, start: site.start, end: site.start + site.name.length }, ...args]
  for (const { value } of words.flatMap((word) => word.value.split(',').map((one) => ({ value: one.trim() })))) {
    if (value === '' || value === '{') continue
    const { host, port, transport } = siteAddress(value, tls !== undefined)
    const isTls = transport === 'tls'
    const bind = block.find(({ name }) => name === 'bind')?.args[0]?.value
    yield {
      server: 'caddy',
      file,
      start: site.start,
      end,
      // A site's name is matched with the request's; what is bound is every address.
      address: bind ?? (/^(?:localhost|127\.|\[::1\])/.test(host) ? host : undefined),
      port,
      transport,
      clients: isTls ? clients : 'not asked',
      ...(refusesNone ? { refusesNone } : {}),
      claims: auth !== undefined,
      because: mode ? [`client_auth mode ${mode}`] : [],
      ...(pool ? { ca: pool.path } : {}),
      passesTo: routes.map(({ to }) => to),
      setsFields: [...new Set(routes.flatMap(({ fields }) => [...fields.keys()]))],
      proxy: {
        speaks: 'http',
        ...trustOf(file, site, end, auth, pool, clients),
        ...(tls?.args[0] && tls.args[1] ? { certificate: { file, ...tls.args[0], path: tls.args[0].value } } : {}),
        routes,
        logs: loggedBy(block, global),
        serves: servedBy(block, programs),
      },
    }
  }
}

function clientsOf(auth: CaddyDirective | undefined): {
  readonly clients: ClientCertificates
  readonly refusesNone?: boolean
  readonly mode?: string
  readonly pool?: NamedFile
} {
  if (!auth) return { clients: 'not asked' }
  const lines = auth.block ?? []
  const trusted = lines.find(({ name }) => /^(?:trusted_(?:ca|leaf)_cert(?:_file)?|trust_pool|verifier)$/.test(name))
  const word =
    trusted &&
    (trusted.name === 'trust_pool'
      ? [...within(trusted.block ?? []), trusted].flatMap(({ args }) => args).find(({ value }) => value.includes('.'))
      : trusted.args[0])
  const mode = lines.find(({ name }) => name === 'mode')?.args[0]?.value
  const pool = trusted && { file: trusted.file, ...(word ?? trusted), path: word?.value ?? '' }
  const effective = mode ?? (trusted ? 'require_and_verify' : 'require')
  return {
    ...clientsOfMode(effective),
    ...(mode === undefined ? {} : { mode }),
    ...(pool ? { pool } : {}),
  }
}

function trustOf(
  file: SourceFile,
  site: CaddyDirective,
  end: number,
  auth: CaddyDirective | undefined,
  pool: NamedFile | undefined,
  clients: ClientCertificates,
): Pick<ReverseProxy, 'demand' | 'authority' | 'missingAuthority'> {
  const mode = auth?.block?.find(({ name }) => name === 'mode')
  const place = mode ?? (auth ? { start: auth.start, end: auth.start + auth.name.length } : { start: site.start, end })
  return {
    demand: {
      file,
      start: place.start,
      end: place.end,
      correction: mode ? 'mode require_and_verify' : file.quote(place.start, place.end),
    },
    ...(pool ? { authority: pool } : {}),
    ...(auth && !pool && (clients === 'required' || clients === 'optional')
      ? {
          missingAuthority: {
            file,
            start: place.start,
            end: place.end,
            correction: `trusted_ca_cert_file /etc/caddy/clients-ca.pem\n${file.quote(place.start, place.end)}`,
            effect: 'the machine’s public roots are taken, and whoever has a certificate of theirs is let in',
          },
        }
      : {}),
  }
}

/** Caddy leaves credentials out of its access logs unless it is told otherwise. */
function loggedBy(site: readonly CaddyDirective[], global: CaddyDirective | undefined): readonly LoggedCredential[] {
  const told = [...within(global?.block ?? [])].find(({ name }) => name === 'log_credentials')
  if (!told || !site.some(({ name }) => name === 'log')) return []
  const { file, start, end } = told
  return [{ file, start, end, correction: '# log_credentials', what: 'the Authorization and Cookie fields' }]
}

function servedBy(site: readonly CaddyDirective[], programs: ProgramFolders): readonly ServedFiles[] {
  const all = [...within(site)]
  const root = all.find(({ name }) => name === 'root')
  const folder = root?.args.at(-1)
  const reason = folder && isPrivateFolder(folder.value, programs)
  if (!root || !folder || !reason || !all.some(({ name }) => name === 'file_server')) return []
  const wanted = `${folder.value.replace(/\/$/, '')}/public`
  return [
    {
      file: root.file,
      start: folder.start,
      end: folder.end,
      correction: wanted,
      says: `root ${folder.value} is ${reason}: its source, .env and .git answer to whoever asks for them`,
      fix: `Serve only the public folder: root * ${wanted}`,
    },
  ]
}
