import { type ConfigurationNode, entriesAt, itemsAt, nodeAt, textAt } from '../../configuration/node.ts'
import { readYaml } from '../../configuration/read-yaml.ts'
import { templateText } from '../../configuration/template-text.ts'
import type { SourceFile } from '../../source-file.ts'
import type { Listener } from '../listener.ts'
import type { ServerModel } from '../server-model.ts'

/** After their documentation: they were not run. */
export const mesh: ServerModel = {
  id: 'mesh',
  title: 'Istio and Linkerd',
  read(tree, _deployment, gap) {
    const listeners: Listener[] = []
    for (const path of tree.paths) {
      const file =
        /\.(?:ya?ml|json)(?:\.\w{1,10})?$/i.test(path) && tree.isAbout(path, 'mesh') ? tree.file(path) : undefined
      if (!file || !/^[ \t"]*kind"?:/m.test(file.text)) continue
      const { documents, problems } = readYaml(templateText(file.text))
      for (const { start, says } of problems)
        gap(`${path}:${file.place(start, start).line}: ${says}; what the mesh demands there was not judged`)
      for (const document of documents)
        for (const one of textAt(document, 'kind') === 'List' ? itemsAt(document, 'items') : [document])
          for (const { node, says } of openingsOf(one)) listeners.push(listenerOf(file, one, node, says))
    }
    return listeners
  },
  documentation: 'https://istio.io/latest/docs/reference/config/security/peer_authentication/',
}

/** A place that lets clients in who show no certificate. */
interface Opening {
  readonly node: ConfigurationNode
  readonly says: string
}

function openingsOf(object: ConfigurationNode): readonly Opening[] {
  switch (textAt(object, 'kind')) {
    case 'PeerAuthentication':
      return peerOpenings(object)
    case 'Gateway':
      return itemsAt(object, 'spec', 'servers').flatMap((server) => gatewayOpening(server))
    case 'ServerAuthorization': {
      const node = nodeAt(object, 'spec', 'client', 'unauthenticated')
      const isOpen =
        node !== undefined && textAt(node) === 'true' && !harmless.test(textAt(object, 'metadata', 'name') ?? '')
      return isOpen ? [{ node, says: 'unauthenticated admits clients without the mesh’s mutual TLS' }] : []
    }
    default:
      return [
        ...entriesAt(object, 'metadata', 'annotations'),
        ...entriesAt(object, 'spec', 'template', 'metadata', 'annotations'),
      ].flatMap(([name, { value }]) => annotationOpening(name, value))
  }
}

const harmless = /health|live|ready|probe|metric|prometheus|acme/i

function peerOpenings(object: ConfigurationNode): readonly Opening[] {
  const ports = entriesAt(object, 'spec', 'portLevelMtls').map(([port, { value }]) => ({
    where: `on port ${port}`,
    mode: nodeAt(value, 'mode'),
  }))
  return [{ where: '', mode: nodeAt(object, 'spec', 'mtls', 'mode') }, ...ports].flatMap(
    ({ where, mode }): Opening[] => {
      const written = textAt(mode)
      if (!mode || (written !== 'PERMISSIVE' && written !== 'DISABLE')) return []
      const says = written === 'PERMISSIVE' ? 'takes plain text beside mutual TLS' : 'turns mutual TLS off'
      return [{ node: mode, says: `mode ${written} ${says}${where === '' ? '' : ` ${where}`}` }]
    },
  )
}

function gatewayOpening(server: ConfigurationNode): readonly Opening[] {
  const mode = nodeAt(server, 'tls', 'mode')
  return mode && textAt(mode) === 'OPTIONAL_MUTUAL'
    ? [{ node: mode, says: 'mode OPTIONAL_MUTUAL serves a client that shows no certificate' }]
    : []
}

function annotationOpening(name: string, value: ConfigurationNode): readonly Opening[] {
  const written = textAt(value) ?? ''
  if (name === 'config.linkerd.io/default-inbound-policy' && written.endsWith('-unauthenticated'))
    return [{ node: value, says: `${written} admits clients without the mesh’s mutual TLS` }]
  return []
}

function listenerOf(
  file: SourceFile,
  object: ConfigurationNode,
  { start, end }: ConfigurationNode,
  says: string,
): Listener {
  const name = textAt(object, 'metadata', 'name')
  const namespace = textAt(object, 'metadata', 'namespace')
  return {
    server: 'mesh',
    file,
    start,
    end,
    address: undefined,
    port: undefined,
    transport: 'plain',
    clients: 'optional',
    claims: true,
    because: [says],
    mesh: [textAt(object, 'kind'), namespace, name].filter((part) => part !== undefined).join(' '),
  }
}
