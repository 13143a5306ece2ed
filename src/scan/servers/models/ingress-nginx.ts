import { type ConfigurationNode, entriesAt, itemsAt, type MapEntry, nodeAt, textAt } from '../../configuration/node.ts'
import { readYaml } from '../../configuration/read-yaml.ts'
import { templateText } from '../../configuration/template-text.ts'
import type { SourceFile } from '../../source-file.ts'
import type { ClientCertificates, Listener } from '../listener.ts'
import type { FieldFate, Route } from '../proxy.ts'
import type { ServerModel } from '../server-model.ts'

const prefix = 'nginx.ingress.kubernetes.io/'

/** After its documentation: it was not run. What it makes of the annotations is nginx, which was. */
export const ingressNginx: ServerModel = {
  id: 'ingress-nginx',
  title: 'Ingress-NGINX for Kubernetes',
  read(tree, _deployment, gap) {
    const listeners: Listener[] = []
    for (const path of tree.paths) {
      const file =
        /\.(?:ya?ml|json)(?:\.\w{1,10})?$/i.test(path) && tree.isAbout(path, 'ingress annotation')
          ? tree.file(path)
          : undefined
      if (!file?.text.includes(`${prefix}auth-tls-`)) continue
      const { documents, problems } = readYaml(templateText(file.text))
      for (const { start, says } of problems)
        gap(`${path}:${file.place(start, start).line}: ${says}; this Ingress was not judged`)
      for (const document of documents)
        for (const one of textAt(document, 'kind') === 'List' ? itemsAt(document, 'items') : [document])
          if (textAt(one, 'kind') === 'Ingress') listeners.push(...listenersOf(file, one))
    }
    return listeners
  },
  documentation: 'https://kubernetes.github.io/ingress-nginx/examples/auth/client-certs/',
}

function* listenersOf(file: SourceFile, ingress: ConfigurationNode): Generator<Listener> {
  const annotations = new Map(entriesAt(ingress, 'metadata', 'annotations'))
  const annotation = (name: string): MapEntry | undefined => annotations.get(`${prefix}${name}`)
  const secret = annotation('auth-tls-secret')
  const verify = annotation('auth-tls-verify-client')
  if (!secret && !verify) return
  // Without a secret the other annotations do nothing.
  const written = secret ? (textAt(verify?.value) ?? 'on') : 'off'
  const clients = clientsOf(written)
  const place = verify ?? secret
  if (!place) return
  const piece = { file, start: place.keyStart, end: place.value.end }
  const routes = routesOf(file, ingress, clients !== 'not asked')
  yield {
    server: 'ingress-nginx',
    ...piece,
    address: undefined,
    port: 443,
    transport: 'tls',
    clients,
    claims: true,
    because: secret
      ? [`auth-tls-verify-client ${written}`]
      : ['auth-tls-verify-client does nothing without auth-tls-secret'],
    passesTo: routes.map(({ to }) => to),
    proxy: {
      speaks: 'http',
      demand: {
        ...piece,
        correction: secret
          ? `${prefix}auth-tls-verify-client: "on"`
          : `${prefix}auth-tls-secret: default/clients-ca\n${file.quote(piece.start, piece.end)}`,
      },
      routes,
      logs: [],
      serves: [],
    },
  }
}

function clientsOf(written: string): ClientCertificates {
  if (written === 'on') return 'required'
  if (written === 'optional') return 'optional'
  return written === 'optional_no_ca' ? 'any' : 'not asked'
}

function routesOf(file: SourceFile, ingress: ConfigurationNode, isAsked: boolean): readonly Route[] {
  // It sets these on every location of such an Ingress.
  const fields = new Map<string, FieldFate>(
    isAsked
      ? [
          ['ssl-client-verify', 'verified'],
          ['ssl-client-subject-dn', 'set'],
          ['ssl-client-issuer-dn', 'set'],
        ]
      : [],
  )
  return itemsAt(ingress, 'spec', 'rules').flatMap((rule) =>
    itemsAt(rule, 'http', 'paths').flatMap((path): Route[] => {
      const service = nodeAt(path, 'backend', 'service', 'name') ?? nodeAt(path, 'backend', 'serviceName')
      if (service?.kind !== 'scalar') return []
      const piece = { file, start: service.start, end: service.end }
      return [
        {
          ...piece,
          name: `the path ${textAt(path, 'path') ?? '/'}`,
          to: String(service.value),
          gate: 'open',
          fields,
          removesPrefixes: [],
          passesUnderscores: false,
          overwrite: () => ({ ...piece, correction: file.quote(piece.start, piece.end) }),
        },
      ]
    }),
  )
}
