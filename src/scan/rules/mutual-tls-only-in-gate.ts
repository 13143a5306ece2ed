import type { Rule } from '../rule.ts'
import { appListeners, oncePerPlace, placeText } from '../servers/app-listeners.ts'
import { namesProduction } from '../servers/names-production.ts'

export const mutualTlsOnlyInGate: Rule = {
  id: 'mutual-tls-only-in-gate',
  about: 'tree',
  title: 'Client certificates are asked for only where a variable says production',
  severity: 'medium',
  cwe: 1188,
  explanation: `The listener with TLS stands inside a gate like \`if ENV['RACK_ENV'] == 'production'\`, and nothing in the repository sets the
variable that opens it. Started as it is, the service listens as the other arm says, or on the server's default address:
without TLS, for everybody, and nobody notices, for it works.

**Fix.** Listen so everywhere, and put what developers need inside a gate of their own; set \`RACK_ENV=production\` where the
service is started, too. Prove it with \`sallyport probe\`.`,
  examples: {
    bad: [
      {
        'config/puma.rb':
          "if ENV['RACK_ENV'] == 'production'\n  ssl_bind '0.0.0.0', '8443', cert: 's.crt', key: 's.key', ca: 'ca.crt', verify_mode: 'force_peer'\nelse\n  bind 'tcp://0.0.0.0:9292'\nend\n",
        Dockerfile: 'FROM ruby:3.4\nCOPY . .\nCMD ["bundle", "exec", "puma", "-C", "config/puma.rb"]\n',
      },
      {
        'config/puma.rb':
          "bind 'ssl://0.0.0.0:8443?cert=s.crt&key=s.key&ca=ca.crt&verify_mode=force_peer' if ENV.fetch('APP_ENV', 'development') == 'production'\n",
        'bin/start': '#!/bin/sh\nexec bundle exec puma -C config/puma.rb\n',
      },
    ],
    good: [
      {
        'config/puma.rb':
          "if ENV['RACK_ENV'] == 'production'\n  ssl_bind '0.0.0.0', '8443', cert: 's.crt', key: 's.key', ca: 'ca.crt', verify_mode: 'force_peer'\nelse\n  bind 'tcp://127.0.0.1:9292'\nend\n",
        Dockerfile:
          'FROM ruby:3.4\nENV RACK_ENV=production\nCOPY . .\nCMD ["bundle", "exec", "puma", "-C", "config/puma.rb"]\n',
      },
      {
        'config/puma.rb':
          "if ENV['RACK_ENV'] == 'development'\n  bind 'tcp://127.0.0.1:9292'\nelse\n  ssl_bind '0.0.0.0', '8443', cert: 's.crt', key: 's.key', ca: 'ca.crt', verify_mode: 'force_peer'\nend\n",
        Dockerfile: 'FROM ruby:3.4\nCOPY . .\nCMD ["bundle", "exec", "puma", "-C", "config/puma.rb"]\n',
      },
    ],
  },
  *check({ listeners, deployment }) {
    if (namesProduction(deployment)) return
    for (const listener of oncePerPlace(appListeners(listeners))) {
      const { gate, claims, server } = listener
      if (!gate || !claims) continue
      yield {
        ...gate,
        confidence: 'firm',
        message: `On ${placeText(listener)} clients need a certificate only where a variable names the environment, and nothing here sets it: without it the service listens without TLS.`,
        fix: 'Move the listener out of the gate, and what developers need into one; set RACK_ENV=production where the service is started.',
        identity: [server, placeText(listener)],
      }
    }
  },
}
