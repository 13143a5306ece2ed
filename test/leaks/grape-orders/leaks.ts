import type { LeakingApp } from '../leaking-app.ts'

const signedIn = { authorization: 'Basic bm9ib2R5Om5vdGhpbmc=' }
const key = { key: 'ORDERS_API_KEY' }

export const app: LeakingApp = {
  title: 'a Grape API, on Puma',
  command: ['puma', '-b', 'tcp://127.0.0.1:{port}', 'config.ru'],
  keys: { ORDERS_API_KEY: 'stripe-secret-key' },
  environment: { RACK_ENV: 'production' },
  leaks: [
    {
      finding: 'config.ru:5 error-detail-in-response',
      asks: [{ path: '/orders/fail' }],
      seen: 'content',
      holds: { text: 'invalid value for Integer()' },
    },
    { finding: 'config.ru:13 key-in-field', asks: [{ path: '/orders' }], seen: 'field x-upstream-key', holds: key },
    { finding: 'config.ru:16 key-in-response', asks: [{ path: '/orders' }], seen: 'content', holds: key },
    { finding: 'config.ru:23 key-in-response', asks: [{ path: '/orders/7' }], seen: 'content', holds: key },
    {
      finding: 'config.ru:28 caller-credential-in-response',
      asks: [{ path: '/whoami', fields: signedIn }],
      seen: 'content',
      holds: { text: signedIn.authorization },
    },
    { finding: 'config.ru:32 key-in-cookie', asks: [{ path: '/login' }], seen: 'field set-cookie', holds: key },
  ],
}
