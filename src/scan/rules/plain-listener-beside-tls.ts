import type { Rule } from '../rule.ts'
import { appListeners, isBeyondLoopback, mayHoldTogether, oncePerPlace, placeText } from '../servers/app-listeners.ts'
import type { Listener } from '../servers/listener.ts'

export const plainListenerBesideTls: Rule = {
  id: 'plain-listener-beside-tls',
  about: 'tree',
  title: 'A plain listener beside the one that demands certificates',
  severity: 'high',
  cwe: 319,
  explanation: `The program's server demands client certificates on one port and answers plain HTTP on another that other machines reach. It is
the same app with the same routes: whoever takes the other port needs no certificate. In Puma each \`bind\`, \`ssl_bind\` and
\`port\` adds a listener; none replaces another.

**Fix.** Remove the plain listener, or bind it to 127.0.0.1 where a health check of the same machine needs it.`,
  examples: {
    bad: [
      {
        'config/puma.rb':
          "port 9292\nssl_bind '0.0.0.0', '8443', cert: 's.crt', key: 's.pem', ca: 'ca.crt', verify_mode: 'force_peer'\n",
        Procfile: 'web: puma -C config/puma.rb\n',
      },
    ],
    good: [
      {
        'config/puma.rb':
          "bind 'tcp://127.0.0.1:9292'\nssl_bind '0.0.0.0', '8443', cert: 's.crt', key: 's.pem', ca: 'ca.crt', verify_mode: 'force_peer'\n",
        Procfile: 'web: puma -C config/puma.rb\n',
      },
      {
        'config/puma.rb':
          "if ENV['TLS'] == 'off'\n  port 9292\nelse\n  ssl_bind '0.0.0.0', '8443', cert: 's.crt', key: 's.pem', ca: 'ca.crt', verify_mode: 'force_peer'\nend\n",
      },
    ],
  },
  *check({ listeners }) {
    const own = appListeners(listeners)
    const guarded = own.filter(({ transport, clients }) => transport === 'tls' && clients === 'required')
    const plain = own.filter(
      (listener) => listener.transport === 'plain' && listener.purpose === undefined && isBeyondLoopback(listener),
    )
    for (const listener of oncePerPlace(plain)) {
      const beside = guarded.find((other) => isOneProgram(other, listener) && mayHoldTogether(other, listener))
      if (!beside) continue
      const { server, file, start, end } = listener
      yield {
        file,
        start,
        end,
        severity: isShut(listener) ? 'medium' : 'high',
        message: `${placeText(listener)} answers plain HTTP with the routes for which ${placeText(beside)} demands a certificate.`,
        fix: 'Remove it, or bind it to 127.0.0.1.',
        identity: [server],
      }
    }
  },
}

function isOneProgram(one: Listener, other: Listener): boolean {
  return one.server === other.server && one.folder === other.folder && one.startedBy === other.startedBy
}

/** In a container that does not open the port: reached by its neighbours only. */
function isShut({ startedBy, port }: Listener): boolean {
  return startedBy?.isContained === true && !startedBy.publishes?.some(({ inside }) => inside === port)
}
