import { bundleFor } from '../certificate-bundle.ts'
import type { Ecosystem } from '../ecosystem.ts'

/** gRPC's C core (Python, Ruby, PHP, C++) and grpc-js; both find the door by `https_proxy`. */
export const grpc: Ecosystem = {
  id: 'grpc',
  title: 'gRPC',
  prepare: (door) => ({
    GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: bundleFor(door, 'grpc', 'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH'),
  }),
}
