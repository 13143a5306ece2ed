import type { Listener } from '../listener.ts'
import type { RackStart } from './rack-starts.ts'

/** A listener without TLS that follows from a start, where nothing says more. */
export function plainListener(server: string, start: RackStart): Listener {
  const { file, start: from, end } = start.at
  return {
    server,
    file,
    start: from,
    end,
    address: start.host,
    port: start.port,
    transport: 'plain',
    clients: 'not asked',
    claims: false,
    because: [],
    folder: start.folder,
    ...(start.start ? { startedBy: start.start } : {}),
  }
}
