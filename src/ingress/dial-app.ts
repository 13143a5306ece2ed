import { connect } from 'node:net'
import type { Address } from '../config/plan.ts'
import { SallyportError, systemCode } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Dial } from '../relay/origin.ts'

/** Plain TCP to the app, which is on this machine. */
export function dialApp({ host, port }: Address): Dial {
  return (readInto) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host, port, onread: readInto })
      const timer = setTimeout(() => socket.destroy(new Error('timeout')), limits.connectTimeoutMs)
      const onError = (error: Error) => {
        clearTimeout(timer)
        reject(
          new SallyportError('UPSTREAM_UNREACHABLE', `the app does not answer at its address (${systemCode(error)})`, {
            cause: error,
          }),
        )
      }
      socket.once('error', onError)
      socket.once('connect', () => {
        clearTimeout(timer)
        socket.off('error', onError)
        resolve(socket)
      })
    })
}
