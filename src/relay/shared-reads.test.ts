import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { readShared } from './shared-reads.ts'

type Inside = Socket & { _handle: object }

const ways: readonly { name: string; prepare: (accepted: Socket) => void }[] = [
  { name: 'through the shared buffer', prepare: () => {} },
  {
    name: 'where Node has no such buffer',
    prepare: (accepted) => Object.defineProperty((accepted as Inside)._handle, 'useUserBuffer', { value: undefined }),
  },
]

describe.each(ways)('$name', ({ prepare }) => {
  let server: Server
  const sockets: Socket[] = []
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy()
    server.close()
  })

  async function open(serve: (socket: Socket) => void): Promise<() => Socket> {
    server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (accepted) => {
      prepare(accepted)
      const socket = readShared(accepted)
      sockets.push(socket)
      serve(socket)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    return () => {
      const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
      sockets.push(client)
      return client
    }
  }

  it('each connection keeps what it sent, also behind its half-close', async () => {
    const bodies = [0, 1, 2].map(() => randomBytes(2_000_000))
    const client = await open((socket) => {
      const pieces: Buffer[] = []
      socket.on('data', (piece: Buffer) => pieces.push(piece))
      socket.on('end', () => socket.end(Buffer.concat(pieces)))
    })
    const echoed = bodies.map(async (body) => {
      const socket = client()
      socket.end(body)
      return Buffer.concat(await socket.toArray())
    })
    const all = await Promise.all(echoed)
    expect(all.map((body, index) => body.equals(bodies[index] as Buffer))).toEqual([true, true, true])
  })

  it('a pause holds the sender back, and a resume goes on', async () => {
    const body = randomBytes(20_000_000)
    let received = 0
    let held = Number.NaN
    const { promise, resolve } = Promise.withResolvers<void>()
    const client = await open((socket) => {
      socket.on('data', (piece: Buffer) => {
        received += piece.length
        if (!Number.isNaN(held)) return
        socket.pause()
        held = received
        // Long enough for what is on its way.
        let turns = 0
        const turn = () => {
          if (++turns < 200) setImmediate(turn)
          else {
            expect(received).toBe(held)
            socket.resume()
          }
        }
        turn()
      })
      socket.on('end', resolve)
    })
    client().end(body)
    await promise
    expect(received).toBe(body.length)
  })

  it('goes on into a pipe', async () => {
    const body = randomBytes(1_000_000)
    const client = await open((socket) => socket.pipe(socket))
    const socket = client()
    socket.end(body)
    expect(Buffer.concat(await socket.toArray()).equals(body)).toBe(true)
  })

  it('the server counts its connections', async () => {
    const accepted = Promise.withResolvers<Socket>()
    const client = await open(accepted.resolve)
    const socket = client()
    const served = await accepted.promise
    served.resume()
    const closed = once(server, 'close')
    server.close()
    expect(server.listening).toBe(false)
    socket.destroy()
    served.destroy()
    await closed
  })
})
