import type { LeakingApp } from '../leaking-app.ts'

export const app: LeakingApp = {
  title: 'modular Sinatra with HTTParty, RestClient, open-uri and http.rb, on Puma',
  command: ['puma', '-b', 'tcp://127.0.0.1:{port}', '-t', '1:2', 'config.ru'],
  keys: {
    WEATHER_TOKEN: 'github-personal-token',
    STOCK_TOKEN: 'github-personal-token',
    FEED_TOKEN: 'github-personal-token',
    NOTES_TOKEN: 'github-personal-token',
  },
  environment: { WEATHER_URL: '{upstream}' },
  leaks: [
    {
      finding: 'app.rb:13 redirect-carries-key',
      asks: [{ path: '/weather/redirect' }],
      seen: 'other host',
      holds: { key: 'WEATHER_TOKEN' },
    },
    {
      finding: 'app.rb:32 redirect-carries-key',
      asks: [{ path: '/stock/redirect' }],
      seen: 'other host',
      holds: { key: 'STOCK_TOKEN' },
    },
    {
      finding: 'app.rb:37 redirect-carries-key',
      asks: [{ path: '/feed/redirect' }],
      seen: 'other host',
      holds: { key: 'FEED_TOKEN' },
    },
    {
      finding: 'app.rb:42 redirect-carries-key',
      asks: [{ path: '/notes/redirect' }],
      seen: 'other host',
      holds: { key: 'NOTES_TOKEN' },
    },
  ],
}
