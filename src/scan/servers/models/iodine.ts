import { walk } from '../../form.ts'
import type { SourceFile } from '../../source-file.ts'
import type { Tree } from '../../tree.ts'
import type { Listener } from '../listener.ts'
import { isConstant, knownIn, textValue } from '../ruby/evaluate.ts'
import type { ServerModel } from '../server-model.ts'

/**
 * Iodine 0.7: what `trust` adds is verified where a client shows a certificate (`SSL_VERIFY_PEER` alone, in its own
 * `fio_tls_openssl.c`), and nothing that it can be told refuses a client that shows none.
 */
export const iodine: ServerModel = {
  id: 'iodine',
  title: 'Iodine',
  *read(tree) {
    for (const path of tree.paths) {
      const isAbout = /\.(?:rb|ru)$/.test(path) && tree.isAbout(path, 'server of its own')
      const file = isAbout ? tree.file(path) : undefined
      // The same settings serve a client: `Iodine.connect`.
      if (file && /\bIodine::TLS\b/.test(file.text) && /\bIodine\.listen\b/.test(file.text))
        yield* trustedIn(tree, file)
    }
  },
  documentation: 'https://www.rubydoc.info/gems/iodine/Iodine/TLS',
}

function* trustedIn(tree: Tree, file: SourceFile): Iterable<Listener> {
  const root = tree.form(file.path)
  if (!root) return
  const known = knownIn(root, new Map())
  const found: Listener[] = []
  walk(root, (expression) => {
    if (expression.kind !== 'call' || expression.name !== 'trust' || !expression.receiver) return
    const { receiver, start, end } = expression
    const maker = receiver.kind === 'read' ? known.variable(receiver.variable) : receiver
    if (maker?.kind !== 'call' || !isConstant(maker.receiver, 'Iodine::TLS')) return
    const ca = textValue(expression.args[0], known)
    found.push({
      server: 'iodine',
      file,
      start,
      end,
      address: undefined,
      port: undefined,
      transport: 'tls',
      clients: 'optional',
      claims: true,
      ...(ca === undefined ? {} : { ca }),
      because: ['Iodine’s trust verifies the certificate of a client that shows one, and serves one that shows none'],
    })
  })
  yield* found
}
