import { lookup } from 'node:dns/promises'
import { limits } from '../limits.ts'

/** A name's addresses, in the system's order. Rejects with the system's error, or ETIMEOUT after the connect limit. */
export type Lookup = (host: string) => Promise<readonly string[]>

/**
 * Asks the system, which cannot be told to stop: a resolver that is silent holds a thread for as long as it likes. So a
 * name that is being looked up is not looked up a second time beside it, and not more than `lookupsMax` are at once.
 * No cache: each connection asks anew.
 */
export function createLookup(ask: Lookup = askSystem): Lookup {
  const running = new Map<string, Promise<readonly string[]>>()
  const waiting: (() => void)[] = []
  let count = 0
  const begin = (host: string): Promise<readonly string[]> => {
    count++
    return ask(host).finally(() => {
      count--
      waiting.shift()?.()
    })
  }
  const inTurn = (host: string): Promise<readonly string[]> =>
    count < limits.lookupsMax
      ? begin(host)
      : new Promise((resolve, reject) => {
          waiting.push(() => begin(host).then(resolve, reject))
        })
  return async (host) => {
    let present = running.get(host)
    if (!present) {
      present = inTurn(host).finally(() => running.delete(host))
      // Whoever asked may have stopped waiting, and an error that nobody takes would end the process; who waits gets it below.
      present.catch(() => {})
      running.set(host, present)
    }
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(Object.assign(new Error('too late'), { code: 'ETIMEOUT' })),
        limits.connectTimeoutMs,
      )
      timer.unref()
    })
    return Promise.race([present, late]).finally(() => clearTimeout(timer))
  }
}

async function askSystem(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true, order: 'verbatim' })
  return found.map(({ address }) => address)
}
