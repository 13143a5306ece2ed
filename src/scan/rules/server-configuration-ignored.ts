import type { Problem, Rule, TreeEvidence } from '../rule.ts'
import { type IgnoredConfiguration, ignoredConfigurations } from '../servers/ruby/ignored-configuration.ts'

export const serverConfigurationIgnored: Rule = {
  id: 'server-configuration-ignored',
  about: 'tree',
  title: 'The start command does not read the configuration that has the TLS',
  severity: 'high',
  cwe: 319,
  cap: { grade: 'C', reason: 'mutual TLS is claimed and not enforced' },
  explanation: `A configuration file of the server sets up TLS, and the command that starts the program does not read it, or takes an address
that replaces it. The program then answers **plain HTTP**, whatever the file says. Measured:

| start | reads \`config/puma.rb\` for its binds |
|---|---|
| \`puma\`, \`puma -C config/puma.rb\`, \`rails server\` | yes |
| \`puma -p 9292\`, \`puma -b tcp://…\`, \`rails server -p 3000\` | no: the address replaces every bind of the file |
| \`ruby app.rb\`, \`rackup\`, \`rackup -s puma\`, \`thin start\`, \`unicorn\` | no |

The same is true of \`set :server_settings, SSLEnable: true\` in Sinatra: only WEBrick reads it.

**Fix.** Start the program with \`puma -C config/puma.rb\` and no address of its own, and prove it with \`sallyport probe\`.`,
  examples: {
    bad: [
      {
        Procfile: 'web: bundle exec ruby app.rb\n',
        'app.rb': "require 'sinatra'\nget('/') { 'hello' }\n",
        'config/puma.rb':
          "ssl_bind '0.0.0.0', '8443', cert: 's.crt', key: 's.pem', ca: 'ca.crt', verify_mode: 'force_peer'\n",
      },
      {
        Dockerfile: 'FROM ruby:3.4\nWORKDIR /app\nCOPY . .\nCMD ["bundle", "exec", "puma", "-p", "9292"]\n',
        'config.ru': "require './app'\nrun App\n",
        'config/puma.rb': "bind 'ssl://0.0.0.0:8443?cert=s.crt&key=s.pem&ca=ca.crt&verify_mode=force_peer'\n",
      },
      {
        'app.rb':
          "require 'sinatra'\nset :server, 'puma'\nset :server_settings, { SSLEnable: true, SSLVerifyClient: 3 }\nget('/') { 'hello' }\n",
        Gemfile: "gem 'sinatra'\ngem 'puma'\n",
      },
    ],
    good: [
      {
        Procfile: 'web: bundle exec puma -C config/puma.rb\n',
        'Procfile.dev': 'web: bundle exec ruby app.rb\n',
        'app.rb': "require 'sinatra'\nget('/') { 'hello' }\n",
        'config/puma.rb':
          "ssl_bind '0.0.0.0', '8443', cert: 's.crt', key: 's.pem', ca: 'ca.crt', verify_mode: 'force_peer'\n",
      },
      {
        Procfile: 'web: bundle exec ruby app.rb\n',
        'app.rb': "require 'sinatra'\nget('/') { 'hello' }\n",
        'config/puma.rb': 'port 3000\nworkers 2\n',
      },
    ],
  },
  *check({ tree, deployment }: TreeEvidence) {
    for (const ignored of ignoredConfigurations(tree, deployment)) yield problem(ignored)
  },
}

function problem({ at, configuration, how, claims, isCertain, correction }: IgnoredConfiguration): Problem {
  const { file, start, end } = at
  const place = configuration.file.place(configuration.start, configuration.end)
  return {
    file,
    start,
    end,
    severity: claims ? 'high' : 'medium',
    confidence: isCertain ? 'certain' : 'firm',
    message: `${how}: the TLS of ${place.file}:${place.line} is read by nobody, and clients speak plain HTTP${claims ? ' without a certificate' : ''}.`,
    fix: 'Start it with puma -C and the configuration file, without an address in the command, and prove it: sallyport probe.',
    ...(correction === undefined ? {} : { correction }),
    evidence: [configuration.file.quote(configuration.start, configuration.end)],
    identity: [configuration.file.path],
  }
}
