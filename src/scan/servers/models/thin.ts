import type { ServerModel } from '../server-model.ts'

export const thin: ServerModel = {
  id: 'thin',
  title: 'Thin',
  *read(_tree, deployment) {
    for (const { file, start, end, argv } of deployment.starts) {
      if (!argv.some((word) => word === 'thin' || word.endsWith('/thin'))) continue
      const tls = argv.includes('--ssl')
      yield {
        server: 'thin',
        file,
        start,
        end,
        address: undefined,
        port: undefined,
        transport: tls ? 'tls' : 'plain',
        clients: 'not asked',
        claims: argv.includes('--ssl-verify'),
        because: [],
      }
    }
  },
  documentation: 'https://github.com/macournoyer/thin',
}
