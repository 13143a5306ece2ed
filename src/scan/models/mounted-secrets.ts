import type { Model } from '../model.ts'

/** Files in which containers, Kubernetes and systemd hand a service its secrets. */
export const mountedSecrets: Model = {
  id: 'mounted-secrets',
  title: 'Secrets that are mounted as files',
  calls: [
    {
      on: ['File', 'IO'],
      names: ['read', 'binread', 'readlines', 'foreach'],
      source: {
        label: 'key',
        named: 'argument',
        names: /^\/(?:(?:var\/)?run\/secrets|run\/credentials|etc\/secrets|vault\/secrets|mnt\/secrets(?:-store)?)\//,
        says: 'is read from a mounted secret',
      },
    },
  ],
  documentation: 'https://docs.docker.com/engine/swarm/secrets/',
}
