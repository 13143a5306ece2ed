import { readFileSync } from 'node:fs'

/** From the package's own package.json, which stands beside src/ and beside dist/ alike. */
export const version: string = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version
