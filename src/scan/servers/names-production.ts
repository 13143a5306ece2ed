import type { KnownStarts } from './deployment.ts'

/** Whether a start says that the app is in production; platforms that read a Procfile set it themselves. */
export function namesProduction({ starts }: KnownStarts): boolean {
  return starts.some(
    ({ argv, environment, from, isDevelopment }) =>
      !isDevelopment &&
      (from === 'procfile' ||
        argv.includes('production') ||
        [...environment].some(([name, value]) => /(?:^|_)ENV$/.test(name) && value !== 'development')),
  )
}
