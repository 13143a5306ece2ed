import type { Rule } from '../rule.ts'
import { appListeners, isBeyondLoopback, oncePerPlace, placeText } from '../servers/app-listeners.ts'

export const controlPortBeyondLoopback: Rule = {
  id: 'control-port-beyond-loopback',
  about: 'tree',
  title: 'Control or debug port that other machines reach',
  severity: 'medium',
  cwe: 749,
  explanation: `A port by which a program is controlled or debugged is open to other machines, beside whatever mutual TLS guards the app. Puma's
control app stops and restarts the server and shows its threads, and its token travels in the query of a plain request;
without a token everybody may. Ruby's debugger runs whatever code its client sends.

**Fix.** Bind it to 127.0.0.1 or to a Unix socket; start no debugger in production.`,
  examples: {
    bad: [
      { 'config/puma.rb': "activate_control_app 'tcp://0.0.0.0:9293', { no_token: true }\n", Procfile: 'web: puma\n' },
      { Procfile: 'web: bundle exec rdbg --open --host 0.0.0.0 --port 12345 -c -- bundle exec puma\n' },
    ],
    good: [
      { 'config/puma.rb': "activate_control_app 'tcp://127.0.0.1:9293'\n", Procfile: 'web: puma\n' },
      { 'config/puma.rb': "activate_control_app 'unix://tmp/control.sock'\n", Procfile: 'web: puma\n' },
    ],
  },
  *check({ listeners }) {
    const own = appListeners(listeners).filter(
      (listener) => listener.purpose !== undefined && isBeyondLoopback(listener),
    )
    for (const listener of oncePerPlace(own)) {
      const { file, start, end, purpose = '' } = listener
      yield {
        file,
        start,
        end,
        severity: purpose === 'debugger' ? 'high' : purpose.includes('without') ? 'medium' : 'low',
        message: `The ${purpose} answers on ${placeText(listener)}, which other machines reach.`,
        fix:
          purpose === 'debugger'
            ? 'Start no debugger here, or bind it to 127.0.0.1.'
            : 'Bind it to 127.0.0.1 or a Unix socket.',
        identity: [purpose],
      }
    }
  },
}
