import { enableCompileCache, flushCompileCache } from 'node:module'
import { limits } from '../limits.ts'

/** What `run` becomes: see launch.ts. Arguments: the descriptor of the handover and, from source, a cache's folder. */
const [descriptor, cache] = process.argv.slice(2)
const threads = 4 * limits.lookupsMax
if (cache !== undefined) enableCompileCache(cache)
// Read by libuv when its first thread starts. It gives half of them to look-ups, and of its usual four two silent ones
// keep every other name from being looked up.
process.env.UV_THREADPOOL_SIZE = String(threads)
// Not a static import: the cache serves only what is loaded after it was enabled.
const { runGateway } = await import('./run-gateway.ts')
if (cache !== undefined) flushCompileCache()
await runGateway(Number(descriptor), process)
