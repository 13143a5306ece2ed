import type { LeakingApp } from '../leaking-app.ts'

/** WEBrick does not rename its process: a server that does writes over what /proc shows of its environment. */
export const app: LeakingApp = {
  title: 'modular Sinatra that hands out files, on WEBrick',
  command: ['ruby', '/usr/bin/rackup', '-o', '127.0.0.1', '-p', '{port}', '-s', 'webrick', '-E', 'none', 'config.ru'],
  keys: { REPORTS_API_KEY: 'google-api-key' },
  environment: { APP_ENV: 'production' },
  leaks: [
    {
      finding: 'app.rb:13 path-traversal',
      asks: [{ path: '/file?name=../../../../../../../../proc/self/environ' }],
      seen: 'content',
      holds: { key: 'REPORTS_API_KEY' },
    },
    {
      finding: 'app.rb:27 path-traversal',
      asks: [{ path: '/page?page=../app.rb' }],
      seen: 'content',
      holds: { text: "require 'open3'" },
    },
    {
      finding: 'app.rb:31 open-on-input',
      asks: [{ path: '/source?from=%7Ccat%20/proc/self/environ' }],
      seen: 'content',
      holds: { key: 'REPORTS_API_KEY' },
    },
    {
      finding: 'app.rb:17 command-from-input',
      asks: [{ path: '/count?name=app.rb;env' }],
      seen: 'content',
      holds: { key: 'REPORTS_API_KEY' },
    },
    {
      finding: 'app.rb:36 path-traversal',
      asks: [{ path: '/named/..%2F..%2F..%2F..%2F..%2F..%2F..%2F..%2Fproc%2Fself%2Fenviron' }],
      seen: 'content',
      holds: { key: 'REPORTS_API_KEY' },
    },
    {
      finding: 'app.rb:9 protection-disabled',
      asks: [{ path: '/named/..%2F..%2F..%2F..%2F..%2F..%2F..%2F..%2Fproc%2Fself%2Fenviron' }],
      seen: 'content',
      holds: { key: 'REPORTS_API_KEY' },
    },
  ],
}
