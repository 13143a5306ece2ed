import { enableCompileCache, flushCompileCache } from 'node:module'

/** What `run` becomes: see launch.ts. Arguments: the descriptor of the handover and, from source, a cache's folder. */
const [descriptor, cache] = process.argv.slice(2)
if (cache !== undefined) enableCompileCache(cache)
// Not a static import: the cache serves only what is loaded after it was enabled.
const { runGateway } = await import('./run-gateway.ts')
if (cache !== undefined) flushCompileCache()
await runGateway(Number(descriptor), process)
