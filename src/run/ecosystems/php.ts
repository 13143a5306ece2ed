import { dirname } from 'node:path'
import type { Ecosystem } from '../ecosystem.ts'

/** PHP's curl reads the proxy variables and no variable for roots; its streams read neither: they need a base URL. */
export const php: Ecosystem = {
  id: 'php',
  title: 'PHP',
  prepare({ bundle, environment, write }) {
    // An ini file has no escape for every character of a path.
    if (/["\\$:\n]/.test(bundle)) return {}
    const folder = dirname(write('php/sallyport.ini', `curl.cainfo="${bundle}"\nopenssl.cafile="${bundle}"\n`))
    // An empty part is the folder that PHP was built with; the last folder's values hold.
    return { PHP_INI_SCAN_DIR: `${environment.PHP_INI_SCAN_DIR ?? ''}:${folder}` }
  },
}
