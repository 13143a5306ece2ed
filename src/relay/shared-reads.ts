import { Socket, type SocketConstructorOpts } from 'node:net'

/** What Node's sockets have inside and their types do not say. */
interface Inside {
  _handle: { readonly useUserBuffer?: unknown } | null
  _server: unknown
}

const readBufferBytes = 65_536
/** What comes is copied out of it before another connection is read. */
const shared = Buffer.allocUnsafeSlow(readBufferBytes)

/**
 * Reads a connection that a server accepted (`pauseOnConnect`) through one buffer for all of them, and returns the socket
 * to go on with. Node allocates 64 KiB for each read of an accepted socket and gives most of it back; `onread`, with
 * which a client's socket is read into memory of ours, it lets no server pass. Where Node's sockets are made otherwise
 * than we know, the socket is read as it is.
 */
export function readShared(accepted: Socket): Socket {
  const from = accepted as unknown as Inside
  const handle = from._handle
  if (typeof handle?.useUserBuffer !== 'function' || !('_server' in accepted)) {
    accepted.resume()
    return accepted
  }
  // `handle` may be any of Node's own, which its types do not say.
  const options = {
    handle,
    allowHalfOpen: accepted.allowHalfOpen,
    onread: {
      buffer: shared,
      callback: (length: number) => {
        socket.emit('data', Buffer.from(shared.subarray(0, length)))
        return true
      },
    },
  }
  from._handle = null
  const socket = new Socket(options as unknown as SocketConstructorOpts)
  // The server counts its connections by it.
  ;(socket as unknown as Inside)._server = from._server
  from._server = null
  return socket
}
