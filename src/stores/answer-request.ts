import { SallyportError } from '../errors.ts'
import { secretBytes, wipe } from '../secret/masked.ts'

/**
 * The child's end of `runChild`: reads the request and the pad from standard input, answers with what `handle` resolves
 * to, masked by the pad, or with `{ code, message }` on standard error and exit code 1. Wipes the answer.
 */
export async function answerRequest(
  child: Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'exitCode'>,
  handle: (request: unknown) => Promise<Uint8Array>,
  bytesMax: number,
): Promise<void> {
  try {
    const chunks: Buffer[] = []
    for await (const chunk of child.stdin) chunks.push(chunk as Buffer)
    const input = Buffer.concat(chunks)
    const lineEnd = input.indexOf(0x0a)
    const pad = input.subarray(lineEnd + 1)
    const answer = await handle(JSON.parse(input.toString('utf8', 0, lineEnd)))
    if (answer.length > Math.min(bytesMax, pad.length))
      throw new SallyportError('STORE_KEY_INVALID', `the stored value has more than ${bytesMax} bytes; it is not a key`)
    const masked = secretBytes(answer.length)
    for (let i = 0; i < answer.length; i++) masked[i] = (answer[i] as number) ^ (pad[i] as number)
    wipe(answer)
    wipe(input)
    await new Promise<void>((resolve) => child.stdout.write(masked, () => resolve()))
  } catch (error) {
    const { code, message } =
      error instanceof SallyportError
        ? error
        : {
            code: 'STORE_UNREACHABLE',
            message: `the store's reader failed (${error instanceof Error ? error.name : 'unknown'}); please report it`,
          }
    child.stderr.write(JSON.stringify({ code, message }))
    child.exitCode = 1
  }
}
