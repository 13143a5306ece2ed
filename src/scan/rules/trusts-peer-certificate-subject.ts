import { type Expression, walk } from '../form.ts'
import type { Rule } from '../rule.ts'
import { appListeners } from '../servers/app-listeners.ts'

export const trustsPeerCertificateSubject: Rule = {
  id: 'trusts-peer-certificate-subject',
  about: 'tree',
  title: 'Believes the subject of a certificate that nobody has verified',
  severity: 'high',
  cwe: 296,
  explanation: `The program reads the certificate of its client from \`rack.peer_cert\` and decides by a name in it. Thin puts it there as it came:
it verifies no chain and has no CA to verify against. Seen: a certificate that a stranger signed himself, with the same subject,
is served.

**Fix.** Let a server verify that can (Puma with \`force_peer\`, \`sallyport run\` in front), or verify the certificate against
your CA before reading it: \`OpenSSL::X509::Store#verify\`.`,
  examples: {
    bad: [
      "require 'thin'\nclass App\n  def call(env)\n    certificate = OpenSSL::X509::Certificate.new(env['rack.peer_cert'])\n    return [403, {}, []] unless certificate.subject.to_s.include?('CN=billing')\n    [200, {}, ['hello']]\n  end\nend",
    ],
    good: [
      "require 'thin'\nclass App\n  STORE = OpenSSL::X509::Store.new.add_file('ca.pem')\n  def call(env)\n    certificate = OpenSSL::X509::Certificate.new(env['rack.peer_cert'])\n    return [403, {}, []] unless STORE.verify(certificate)\n    return [403, {}, []] unless certificate.subject.to_s.include?('CN=billing')\n    [200, {}, ['hello']]\n  end\nend",
    ],
  },
  *check({ tree, listeners }) {
    const own = appListeners(listeners)
    for (const path of tree.paths) {
      const file = tree.isAbout(path, 'kept certificate') ? tree.file(path) : undefined
      if (!file?.text.includes('rack.peer_cert') || /(?:^|\/)(?:tests?|specs?|vendor)\//.test(path)) continue
      const root = tree.form(path)
      const read = root && unverifiedRead(root)
      const isOther = own.length > 0 && own.every(({ server }) => server !== 'thin' && server !== 'rack-handler')
      if (!read || isOther) continue
      yield {
        file,
        start: read.start,
        end: read.end,
        message:
          'The certificate comes as the client sent it, and a name in it decides: nobody has verified who signed it.',
        fix: 'Verify it against your CA before reading a name, or let a server verify it that can.',
        identity: ['rack.peer_cert'],
      }
    }
  },
}

const names = new Set(['subject', 'issuer', 'serial', 'extensions'])
const reads = new Set(['[]', 'fetch', 'dig', 'get_header'])

/** Where the certificate is read; undefined where no name of it is used, or where something verifies it. */
function unverifiedRead(root: Expression): Expression | undefined {
  let read: Expression | undefined
  let usesName = false
  let verifies = false
  walk(root, (expression, enclosing) => {
    const around = enclosing.at(-1)
    if (
      expression.kind === 'text' &&
      expression.value === 'rack.peer_cert' &&
      around?.kind === 'call' &&
      reads.has(around.name)
    )
      read ??= around
    if (expression.kind !== 'call') return
    usesName ||= names.has(expression.name)
    verifies ||= expression.name === 'verify' || expression.name === 'verify_certificate_identity'
  })
  return usesName && !verifies ? read : undefined
}
