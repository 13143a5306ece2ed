import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { bundleFor } from '../certificate-bundle.ts'
import type { Ecosystem } from '../ecosystem.ts'

/** Clients that read no variable, or carry roots of their own along: integrations/python/sitecustomize.py. */
export const python: Ecosystem = {
  id: 'python',
  title: 'Python',
  prepare(door) {
    const { forward, hosts, environment, write } = door
    write('python/door', [forward, ...hosts, ''].join('\n'))
    const source = readFileSync(new URL('../../../integrations/python/sitecustomize.py', import.meta.url))
    const folder = dirname(write('python/sitecustomize.py', source))
    const own = environment.PYTHONPATH ?? ''
    return {
      REQUESTS_CA_BUNDLE: bundleFor(door, 'python', 'REQUESTS_CA_BUNDLE'),
      HTTPLIB2_CA_CERTS: bundleFor(door, 'python', 'HTTPLIB2_CA_CERTS'),
      // Nothing quotes a colon in it. In front, or another sitecustomize would be found first; ours loads that one then.
      ...(folder.includes(':') ? {} : { PYTHONPATH: own === '' ? folder : `${folder}:${own}` }),
    }
  },
}
