import { openCompileCache } from './open-compile-cache.ts'

openCompileCache()
// Not a static import: the cache serves only what is loaded after it was enabled.
const { runCommandLine } = await import('./run-command-line.ts')
process.exitCode = await runCommandLine(process.argv.slice(2))
