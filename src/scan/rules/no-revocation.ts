import type { Rule } from '../rule.ts'
import { appListeners, oncePerPlace, placeText } from '../servers/app-listeners.ts'
import type { Tree } from '../tree.ts'

export const noRevocation: Rule = {
  id: 'no-revocation',
  about: 'tree',
  title: 'A revocation list that the server does not read',
  severity: 'low',
  cwe: 299,
  explanation: `The repository has a list of revoked certificates, and the program's own server, which demands client certificates, is not told
of it. A client whose key was stolen stays in until its certificate expires, whatever the list says. A list beside the CA is
read by nobody that is not told to.

**Fix.** Puma: \`verification_flags: ['CRL_CHECK']\`, the list appended to the file that \`ca\` names. WEBrick: a store with
\`add_crl\` and \`flags = OpenSSL::X509::V_FLAG_CRL_CHECK\` as \`SSLCertificateStore\`. \`OpenSSL::SSL\`: the same as \`cert_store\`.
Where nothing is told here, the repository has no list, which is fine where certificates live for hours.`,
  examples: {
    bad: [
      {
        'config/puma.rb':
          "ssl_bind '0.0.0.0', '8443', cert: 's.crt', key: 's.pem', ca: 'ca.crt', verify_mode: 'force_peer'\n",
        'certs/clients.crl': '-----BEGIN X509 CRL-----\n',
      },
    ],
    good: [
      {
        'config/puma.rb':
          "ssl_bind '0.0.0.0', '8443', cert: 's.crt', key: 's.pem', ca: 'ca.crt', verify_mode: 'force_peer'\n",
      },
      {
        'config/puma.rb':
          "ssl_bind '0.0.0.0', '8443', cert: 's.crt', key: 's.pem', ca: 'ca.crt', verify_mode: 'force_peer', verification_flags: ['CRL_CHECK']\n",
        'certs/clients.crl': '-----BEGIN X509 CRL-----\n',
      },
    ],
  },
  *check({ tree, listeners }) {
    const list = revocationList(tree)
    if (list === undefined) return
    for (const listener of oncePerPlace(appListeners(listeners))) {
      const { clients, crl, crlSetting, file, start, end, server } = listener
      if (clients !== 'required' || crl !== undefined || crlSetting === undefined) continue
      yield {
        file,
        start,
        end,
        message: `${placeText(listener)} admits revoked certificates: nothing hands ${list} to it.`,
        fix: `Hand the list to the server: ${crlSetting}.`,
        identity: [server],
      }
    }
  },
}

function revocationList(tree: Tree): string | undefined {
  return tree.paths.find(
    (path) =>
      /\.crl$|(?:^|[/_.-])crl[\w.-]*\.pem$/.test(path) && !/(?:^|\/)(?:tests?|specs?|vendor|fixtures)\//.test(path),
  )
}
