import type { LeakingApp } from '../leaking-app.ts'

export const app: LeakingApp = {
  title: 'plain Rack with Typhoeus, Curb, Excon, http.rb and HTTPClient, on Puma',
  command: ['puma', '-b', 'tcp://127.0.0.1:{port}', '-t', '1:2', 'config.ru'],
  keys: {
    A_TOKEN: 'github-personal-token',
    B_TOKEN: 'github-personal-token',
    C_TOKEN: 'github-personal-token',
    D_TOKEN: 'github-personal-token',
    E_TOKEN: 'github-personal-token',
  },
  environment: { CHECKED_URL: '{unverified}' },
  leaks: [
    {
      finding: 'app.rb:31 outgoing-tls-unverified',
      asks: [{ path: '/typhoeus' }],
      seen: 'unverified upstream',
      holds: { key: 'A_TOKEN' },
    },
    {
      finding: 'app.rb:38 outgoing-tls-unverified',
      asks: [{ path: '/curb' }],
      seen: 'unverified upstream',
      holds: { key: 'B_TOKEN' },
    },
    {
      finding: 'app.rb:39 http-debug-output',
      asks: [{ path: '/curb' }],
      seen: 'output',
      holds: { key: 'B_TOKEN' },
    },
    {
      finding: 'app.rb:46 outgoing-tls-unverified',
      asks: [{ path: '/excon' }],
      seen: 'unverified upstream',
      holds: { key: 'C_TOKEN' },
    },
    {
      finding: 'app.rb:51 outgoing-tls-unverified',
      asks: [{ path: '/http' }],
      seen: 'unverified upstream',
      holds: { key: 'D_TOKEN' },
    },
    {
      finding: 'app.rb:56 outgoing-tls-unverified',
      asks: [{ path: '/httpclient' }],
      seen: 'unverified upstream',
      holds: { key: 'E_TOKEN' },
    },
    {
      finding: 'app.rb:57 http-debug-output',
      asks: [{ path: '/httpclient' }],
      seen: 'output',
      holds: { key: 'E_TOKEN' },
    },
  ],
}
