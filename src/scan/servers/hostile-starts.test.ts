import { expect, it } from 'vitest'
import { scratchTree } from '../../../test/servers/scratch-tree.ts'
import { workOf } from '../../../test/support/work-of.ts'
import { limits } from '../../limits.ts'
import { readDeployment } from './read-deployment.ts'
import { readListeners } from './read-listeners.ts'

const size = 200_000
const of = (unit: string) => unit.repeat(size / unit.length)

const numbered = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n')

function nginx(around: string, inside: string): string {
  return `http {\n${around}\nserver {\nlisten 443 ssl;\nssl_verify_client optional;\nssl_client_certificate a.pem;\n${inside}\nlocation / { proxy_pass http://b; }\n}\n}\n`
}

/** Each calls the next a thousand times. */
function callingScripts(depth: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: depth }, (_, i) => [`bin/s${i}`, `#!/bin/sh\n${`./bin/s${i + 1}\n`.repeat(1_000)}`]),
  )
}

function callingPackageScripts(depth: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: depth }, (_, i) => [`s${i}`, `npm run s${i + 1};`.repeat(1_000)]))
}

/** Each would take minutes if what reads it were not linear, or not bounded. */
it.each<[string, Record<string, string>]>([
  ['a Dockerfile of here-documents that do not end', { Dockerfile: `FROM x\n${of('RUN <<A\n')}CMD puma\n` }],
  ['a Dockerfile of joined lines', { Dockerfile: `FROM x\nCMD puma \\\n${of('\\\n')}` }],
  ['a Dockerfile of environment', { Dockerfile: `FROM x\nENV ${of('A="')}\nCMD puma\n` }],
  ['a Procfile of one line', { Procfile: `web: ${of('$(')}` }],
  ['a Procfile of wrappers', { Procfile: `web: ${of('exec env ')}puma` }],
  ['a unit of joined lines', { 'a.service': `[Service]\nExecStart=puma ${of(' \\\n')}` }],
  ['a compose file of brackets', { 'compose.yaml': `services: ${of('[')}` }],
  ['a script of commands', { 'bin/run': `#!/bin/sh\n${of('puma;')}` }],
  ['a script of changed folders', { 'bin/run': `#!/bin/sh\n${of('cd a\n')}puma\n` }],
  ['a configuration of binds', { 'config/puma.rb': of("bind 'ssl://a'\n"), Procfile: 'web: puma\n' }],
  ['a bind of parameters', { 'config/puma.rb': `bind 'ssl://a?${of('a=b&')}'\n`, Procfile: 'web: puma\n' }],
  ['variables that name each other', { 'config/puma.rb': 'a = b\nb = a\nbind a\nport b\n', Procfile: 'web: puma\n' }],
  [
    'texts of a hundred texts of a hundred texts',
    {
      'config/puma.rb': `a0 = 'x'\n${Array.from({ length: 9 }, (_, i) => `a${i + 1} = "${`#{a${i}}`.repeat(100)}"`).join('\n')}\nbind a9\n`,
      Procfile: 'web: puma\n',
    },
  ],
  [
    'texts that double',
    {
      'config/puma.rb': `a0 = 'xx'\n${Array.from({ length: 60 }, (_, i) => `a${i + 1} = "#{a${i}}#{a${i}}"`).join('\n')}\nbind a60\n`,
      Procfile: 'web: puma\n',
    },
  ],
  ['a Caddyfile of sites', { Caddyfile: of('x ') }],
  ['scripts that call each other again and again', { Procfile: 'web: ./bin/s0\n', ...callingScripts(7) }],
  [
    'scripts of a package that call each other again and again',
    { Procfile: 'web: npm run s0\n', 'package.json': JSON.stringify({ scripts: callingPackageScripts(7) }) },
  ],
  ['variables of a shell that double', { 'bin/run': `#!/bin/sh\nA=xxxx\n${'A=$A$A\n'.repeat(60)}puma -b $A\n` }],
  [
    'quoted variables of a shell that double',
    { 'bin/run': `#!/bin/sh\nA=xxxx\n${'A="$A $A"\n'.repeat(60)}puma -b "$A"\n` },
  ],
  [
    'definitions of Apache that double',
    {
      'httpd.conf': `Define a0 xxxx\n${numbered(60, (i) => `Define a${i + 1} \${a${i}}\${a${i}}`)}\nListen 443\n<VirtualHost *:443>\nSSLEngine on\nProxyPass / http://\${a60}/\n</VirtualHost>\n`,
    },
  ],
  [
    'variables of nginx that double',
    {
      'nginx.conf': nginx(
        '',
        `set $a0 xxxx;\n${numbered(60, (i) => `set $a${i + 1} $a${i}$a${i};`)}\nif ($a60 = x) { return 403; }`,
      ),
    },
  ],
  [
    'maps of nginx that are made of each other',
    {
      'nginx.conf': nginx(
        numbered(60, (i) => `map $ssl_client_verify $a${i} { default $a${i + 1}$a${i + 1}$a${i + 1}; }`),
        'if ($a0 = x) { return 403; }',
      ),
    },
  ],
  [
    'a map of nginx that is made of itself',
    { 'nginx.conf': nginx('map $ssl_client_verify $a { default $a; }', 'if ($a = x) { return 403; }') },
  ],
  [
    'routers of Traefik on every entry point',
    {
      'traefik.yml': `entryPoints:\n${numbered(1_500, (i) => `  e${i}: { address: ":${i}" }`)}\nhttp:\n  routers:\n${numbered(1_500, (i) => `    r${i}: { rule: x, service: s${i}, tls: { options: o${i} } }`)}\n`,
    },
  ],
  [
    'an HAProxy of conditions',
    {
      'haproxy.cfg': `frontend f\n bind :443 ssl crt a ca-file b verify optional\n${numbered(3_000, (i) => ` acl a${i} ssl_c_used\n use_backend b${i} if a${i} or !a${i + 1}`)}\n${numbered(3_000, (i) => `backend b${i}\n server s 127.0.0.1:80`)}\n`,
    },
  ],
  ['more starts than are followed', { Procfile: numbered(20_000, (i) => `w${i}: puma`) }],
])('%s is read in time', async (_name, files) => {
  const tree = await scratchTree(files)
  const gaps: string[] = []
  let listeners: readonly unknown[] = []
  const work = await workOf(async () => {
    listeners = await readListeners(tree, await readDeployment(tree), (gap) => gaps.push(gap))
  })
  // Rules compare each with each.
  expect(listeners.length).toBeLessThanOrEqual(limits.listenersMax)
  if (listeners.length === limits.listenersMax) expect(gaps).toContainEqual(expect.stringContaining('listeners'))
  expect(work).toBeLessThan(250)
})
