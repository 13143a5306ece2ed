import type { Program } from '../flow/program.ts'
import type { Call, Expression } from '../form.ts'
import { walk } from '../form.ts'
import type { Problem, Rule } from '../rule.ts'
import type { KnownStarts } from '../servers/deployment.ts'
import { claimsClientCertificates, isTlsSetting, tlsSettingWords } from '../servers/tls-settings.ts'
import type { SourceFile } from '../source-file.ts'
import { ownerOf } from '../survey.ts'

export const mutualTlsSettingIgnored: Rule = {
  id: 'mutual-tls-setting-ignored',
  about: 'program',
  title: 'TLS settings that no server reads',
  severity: 'high',
  cwe: 295,
  cap: { grade: 'C', reason: 'mutual TLS is claimed and not enforced' },
  explanation: `Settings of the app name a certificate, a private key, a CA or the verification of clients, and nothing reads them.
Sinatra's \`set\` accepts any name and says nothing. The app then answers **plain HTTP to everybody**, on Thin, Puma and WEBrick
alike, while its source claims mutual TLS.

**Fix.** Configure TLS where the server reads it, and prove it with \`sallyport probe\`. Puma:
\`ssl_bind '0.0.0.0', '8443', cert: …, key: …, ca: …, verify_mode: 'force_peer'\` in \`config/puma.rb\`, started with
\`puma -C config/puma.rb\` (\`ruby app.rb\` and \`rackup -s puma\` do not read that file). Thin cannot verify clients against a
CA. \`sallyport run\` and \`sallyport serve\` put a door that does in front of any server.`,
  examples: {
    bad: [
      "require 'sinatra'\nrequire 'thin'\nconfigure do\n  set :bind, '0.0.0.0'\n  set :port, 443\n  set :ssl_certificate, '/path/to/server.crt'\n  set :ssl_private_key, '/path/to/server.key'\n  set :ssl_verify_client, true\n  set :ssl_ca_file, '/path/to/ca_bundle.crt'\nend",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  set ssl_verify_peer: true, ssl_ca: 'ca.pem'\n  enable :ssl_verify_client\nend",
    ],
    good: [
      {
        'app.rb': "require 'sinatra'\nget('/') { 'ok' }\n",
        'config/deploy.rb': "lock '~> 3.18'\nset :application, 'ledger'\nset :ssl_verify_client, true\n",
      },
      "require 'sinatra'\nset :bind, '127.0.0.1'\nset :port, 4567",
      "require 'sinatra/base'\nclass App < Sinatra::Base\n  set :ssl_ca_file, 'ca.pem'\n  def self.tls\n    { ca: settings.ssl_ca_file }\n  end\nend",
    ],
  },
  *check({ program, deployment }) {
    const words = program.frameworks.flatMap(({ sets, enables }) => [...sets, ...enables])
    let read: ReadonlySet<string> | undefined
    for (const { source, form } of program.codeMentioning(words, tlsSettingWords)) {
      // There `set` is the word of a deployment tool, and its settings are the tool's.
      if (/(?:^|\/)(?:config\/deploy(?:\.rb$|\/)|Capfile$)/.test(source.path)) continue
      const groups = new Map<string, { readonly call: Call; readonly names: string[] }[]>()
      walk(form, (expression, enclosing) => {
        if (expression.kind !== 'call') return
        const owner = ownerOf(enclosing)
        const framework = program.frameworkOf(owner)
        if (!framework || ![...framework.sets, ...framework.enables].includes(expression.name)) return
        const claimed = namesSet(expression, framework.sets).filter(isTlsSetting)
        if (claimed.length === 0) return
        read ??= readSettings(program)
        const names = claimed.filter((name) => !read?.has(name))
        if (names.length > 0) groups.set(owner, [...(groups.get(owner) ?? []), { call: expression, names }])
      })
      for (const [owner, group] of groups)
        yield problem(source, owner, group, isByItsConfiguration(deployment, source.path))
    }
  },
}

function problem(
  file: SourceFile,
  owner: string,
  group: readonly { readonly call: Call; readonly names: readonly string[] }[],
  isConfiguredElsewhere: boolean,
): Problem {
  const names = group.flatMap((member) => member.names)
  const claims = names.some(claimsClientCertificates)
  const [first] = group
  const { start, end } = first?.call ?? { start: 0, end: 0 }
  const effect = isConfiguredElsewhere
    ? 'what Puma does is said in its own configuration alone'
    : `the app answers plain HTTP${claims ? ' and asks no client for a certificate' : ''}`
  return {
    file,
    start,
    end,
    severity: claims && !isConfiguredElsewhere ? 'high' : 'medium',
    message: `${names.join(', ')}: no server reads ${names.length > 1 ? 'these settings' : 'this setting'}; ${effect}.`,
    fix: "Remove them and configure the server itself: in config/puma.rb, ssl_bind '0.0.0.0', '8443', cert: 'server.crt', key: 'server.key', ca: 'ca_bundle.crt', verify_mode: 'force_peer', started with puma -C config/puma.rb; or start the app behind sallyport run. Then prove it: sallyport probe.",
    evidence: group.slice(0, 20).map(({ call }) => file.quote(call.start, call.end)),
    identity: [owner],
  }
}

/** Puma started by its own command, without an address in it: its configuration may have the TLS that the settings claim. */
function isByItsConfiguration({ starts }: KnownStarts, path: string): boolean {
  return starts.some(
    ({ argv, folder, isDevelopment }) =>
      argv[0] === 'puma' &&
      !isDevelopment &&
      (folder === '' || path.startsWith(`${folder}/`)) &&
      !argv.some((word) => /^-[pb]|^--(?:port|bind)\b/.test(word) && !word.includes('ssl://')),
  )
}

function namesSet(call: Call, sets: readonly string[]): string[] {
  const [first] = call.args
  if (!sets.includes(call.name)) return call.args.flatMap((arg) => textOf(arg))
  if (first?.kind === 'table') return first.entries.flatMap(({ key }) => textOf(key))
  return textOf(first)
}

/** Names that are read back somewhere: what is done with them then is not for this rule to say. */
function readSettings(program: Program): ReadonlySet<string> {
  const read = new Set<string>()
  for (const { form } of program.codeMentioning(
    program.files.flatMap(({ survey }) => survey.mentions.split('\n').filter(isTlsSetting)),
  )) {
    walk(form, (expression) => {
      if (expression.kind === 'call' && expression.receiver && expression.args.length === 0) {
        read.add(expression.name.replace(/\?$/, ''))
      }
    })
  }
  return read
}

function textOf(expression: Expression | undefined): string[] {
  return expression?.kind === 'text' ? [expression.value] : []
}
