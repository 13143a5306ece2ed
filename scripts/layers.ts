/**
 * The rooms of src/ and what each may import: the one place where the layering is written. `generate.ts` turns it into
 * linter rules with these messages; ARCHITECTURE.md explains it.
 */
interface Room {
  /** Other rooms that it may import, besides itself and the root files errors.ts and limits.ts. */
  readonly rooms: readonly string[]
  /** Packages that it may import; `node:` is always allowed. */
  readonly packages: readonly string[]
  readonly why: string
}

const rooms: Record<string, Room> = {
  secret: { rooms: [], packages: [], why: 'key bytes are handled with nothing but Node' },
  finding: { rooms: [], packages: [], why: 'findings are data: they know no rule, check or output' },
  identity: {
    rooms: [],
    packages: ['@peculiar/x509', 'reflect-metadata'],
    why: 'certificates are judged on their bytes alone',
  },
  http1: { rooms: ['secret'], packages: [], why: 'HTTP/1.1 is bytes: it knows no key, policy or certificate' },
  scrub: { rooms: ['secret'], packages: [], why: 'what is searched for, and where, is bytes: it knows no protocol' },
  http2: { rooms: ['secret', 'http1'], packages: [], why: 'HTTP/2 is frames and bytes: it knows no key and no policy' },
  traces: { rooms: [], packages: [], why: 'how frameworks show themselves is known to ingress and probe alike' },
  kernel: { rooms: [], packages: ['koffi'], why: 'the only room that calls the system’s C library' },
  keys: { rooms: ['secret'], packages: [], why: 'a key kind is the same for the scanner, the doors and the prober' },
  policy: { rooms: ['identity'], packages: [], why: 'a decision is a pure function of policy, client and request' },
  stores: {
    rooms: ['secret', 'http1', 'keys'],
    packages: ['age-encryption'],
    why: 'a store touches the world only through what it is given',
  },
  config: {
    rooms: ['finding', 'keys', 'policy', 'identity', 'stores'],
    packages: ['zod', 'yaml'],
    why: 'the only room with zod: it turns a file into a plan, which is plain data',
  },
  audit: { rooms: ['secret'], packages: [], why: 'the log of decisions must not depend on who decides' },
  relay: {
    rooms: ['secret', 'http1', 'scrub'],
    packages: [],
    why: 'it carries a request over and its answer back, and decides nothing',
  },
  egress: {
    rooms: ['relay', 'config', 'secret', 'scrub', 'keys', 'policy', 'identity', 'http1', 'http2', 'audit', 'stores'],
    packages: [],
    why: 'a door holds keys: no library may see them',
  },
  ingress: {
    rooms: ['relay', 'config', 'policy', 'identity', 'http1', 'http2', 'audit', 'traces'],
    packages: [],
    why: 'a door holds keys: no library may see them',
  },
  gateway: {
    rooms: [
      'secret',
      'scrub',
      'keys',
      'stores',
      'policy',
      'identity',
      'http1',
      'audit',
      'relay',
      'egress',
      'ingress',
      'config',
    ],
    packages: [],
    why: 'the gateway is Node and our own code; it takes a plan and never the libraries that made it',
  },
  run: {
    rooms: ['gateway', 'egress', 'config', 'keys', 'kernel', 'secret', 'scrub', 'stores'],
    packages: [],
    why: 'starting an app needs the plan and the kernel',
  },
  scan: {
    // Certificates in a repository are read by the strict reader that judges them at the door; configuration by the
    // parser that keeps the place of every value, loaded when the first file asks for it.
    rooms: ['secret', 'finding', 'keys', 'identity'],
    packages: ['@ruby/prism', 'yaml'],
    why: 'the scanner reads files; it never opens a connection and knows no door',
  },
  probe: {
    rooms: ['secret', 'finding', 'keys', 'identity', 'policy', 'http1', 'traces'],
    packages: [],
    why: 'the prober sees a service from outside; it never reads source',
  },
  report: { rooms: ['finding'], packages: [], why: 'a report is a function of findings' },
  demo: {
    rooms: ['secret', 'finding', 'keys'],
    packages: [],
    why: 'the demo uses the product as its user does: through the command line',
  },
}

const noNetwork = [
  'net',
  'tls',
  'http',
  'https',
  'http2',
  'dgram',
  'dns',
  'dns/promises',
  'inspector',
  'child_process',
  'vm',
  'cluster',
]

const allPackages = [
  'zod',
  'yaml',
  'pino',
  'koffi',
  'age-encryption',
  '@peculiar/x509',
  'reflect-metadata',
  '@ruby/prism',
  '@stricli/core',
]

/** Biome overrides: the last that matches a file replaces the earlier ones, so each room gets its whole list once. */
export const layerRules = [
  { includes: ['**/*.config.ts'], linter: { rules: { style: { noDefaultExport: 'off' } } } },
  ...Object.entries(rooms).map(([name, room]) => roomRule(name, room)),
]

function roomRule(name: string, room: Room) {
  const forbiddenRooms = [...Object.keys(rooms), 'cli'].filter((other) => other !== name && !room.rooms.includes(other))
  const patterns = forbiddenRooms.map((other) => ({
    group: [`**/${other}/**`, `!**/${name}/**/${other}/**`],
    message: `src/${name}/ may not import src/${other}/: ${room.why}. The map is scripts/layers.ts.`,
  }))
  const packages = allPackages
    .filter((id) => !room.packages.includes(id))
    .map((id) => [id, `src/${name}/ may not import ${id}: ${room.why}.`])
  const builtins =
    name === 'scan'
      ? noNetwork.map((id) => [
          `node:${id}`,
          `src/scan/ never opens a connection and starts no program: node:${id} has no place here.`,
        ])
      : ['relay', 'egress', 'ingress', 'gateway', 'http2'].includes(name)
        ? [['node:http2', `node:http2 keeps field values in strings and tables: no key can be erased from it.`]]
        : []
  return {
    includes: [`src/${name}/**`, `!src/${name}/**/*.test.ts`],
    linter: {
      rules: {
        style: {
          noRestrictedImports: {
            level: 'error',
            options: { paths: Object.fromEntries([...packages, ...builtins]), patterns },
          },
        },
      },
    },
  }
}
