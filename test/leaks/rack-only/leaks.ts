import type { LeakingApp } from '../leaking-app.ts'

const signedIn = { authorization: 'Basic bm9ib2R5Om5vdGhpbmc=' }

export const app: LeakingApp = {
  title: 'Rack alone: an app behind two middlewares, on Puma',
  command: ['puma', '-b', 'tcp://127.0.0.1:{port}', 'config.ru'],
  keys: { SERVICE_TOKEN: 'stripe-secret-key' },
  environment: { RACK_ENV: 'production' },
  leaks: [
    {
      finding: 'config.ru:11 key-in-response',
      asks: [{ path: '/_diagnostics' }],
      seen: 'content',
      holds: { key: 'SERVICE_TOKEN' },
    },
    {
      finding: 'config.ru:14 key-in-field',
      asks: [{ path: '/' }],
      seen: 'field x-service-token',
      holds: { key: 'SERVICE_TOKEN' },
    },
    {
      finding: 'config.ru:27 error-detail-in-response',
      asks: [{ path: '/fail' }],
      seen: 'content',
      holds: { text: 'config.ru:36' },
    },
    {
      finding: 'config.ru:35 caller-credential-in-response',
      asks: [{ path: '/echo', fields: signedIn }],
      seen: 'content',
      holds: { text: signedIn.authorization },
    },
    {
      finding: 'config.ru:44 key-in-redirect',
      asks: [{ path: '/moved' }],
      seen: 'field location',
      holds: { key: 'SERVICE_TOKEN' },
    },
  ],
}
