import type { LeakingApp } from '../leaking-app.ts'

const signedIn = { authorization: 'Basic bm9ib2R5Om5vdGhpbmc=' }
const key = { key: 'BILLING_API_KEY' }
const keys = 'app/controllers/keys_controller.rb'

export const app: LeakingApp = {
  title: 'a Rails API with its folders, on Puma',
  command: ['puma', '-b', 'tcp://127.0.0.1:{port}', 'config.ru'],
  keys: { BILLING_API_KEY: 'stripe-secret-key' },
  environment: { RACK_ENV: 'production', RAILS_ENV: 'production' },
  leaks: [
    {
      finding: 'app/controllers/application_controller.rb:7 error-detail-in-response',
      asks: [{ path: '/fail' }],
      seen: 'content',
      holds: { text: 'key not found: :seven' },
    },
    { finding: `${keys}:3 key-in-field`, asks: [{ path: '/key' }], seen: 'field x-billing-key', holds: key },
    { finding: `${keys}:4 key-in-response`, asks: [{ path: '/key' }], seen: 'content', holds: key },
    {
      finding: `${keys}:12 caller-credential-in-response`,
      asks: [{ path: '/whoami', fields: signedIn }],
      seen: 'content',
      holds: { text: signedIn.authorization },
    },
    { finding: `${keys}:16 key-in-redirect`, asks: [{ path: '/moved' }], seen: 'field location', holds: key },
    { finding: `${keys}:20 settings-in-response`, asks: [{ path: '/env' }], seen: 'content', holds: key },
    {
      finding: 'config/environments/production.rb:2 show-exceptions-in-production',
      asks: [{ path: '/nowhere' }],
      seen: 'content',
      holds: { text: 'No route matches' },
    },
  ],
}
