import { openCompileCache } from './open-compile-cache.ts'

openCompileCache()
let unwritable: string | undefined
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  // Whoever read it has seen enough: `sallyport scan | head`.
  if (code !== 'EPIPE') unwritable ??= code ?? 'unknown'
})
process.stderr.on('error', () => {
  // There is nowhere left to say it.
})
process.on('exit', () => {
  if (unwritable === undefined) return
  process.stderr.write(`sallyport: standard output cannot be written (${unwritable}) [FILE_UNWRITABLE]\n`)
  process.exitCode = 2
})
// Not a static import: the cache serves only what is loaded after it was enabled.
const { runCommandLine } = await import('./run-command-line.ts')
process.exitCode = await runCommandLine(process.argv.slice(2))
