import type { Check } from '../check.ts'

export const environmentInResponse: Check = {
  id: 'environment-in-response',
  title: 'The service shows its environment',
  severity: 'critical',
  cwe: 497,
  explanation: `An answer holds the environment of the service's process (\`/proc/self/environ\`, an inspected or
JSON-encoded \`ENV\`, a debug page's table). Keys that the service was started with stand there.

**Fix.** Remove what prints it. Where a parameter names a file, serve only names from a list. Change every secret that the
environment holds, and start the service with \`sallyport run\`, so that it holds none.`,
  readAnswer: (seen) =>
    seen.traces
      .filter(({ trace }) => trace.shows === 'environment')
      .map(({ trace, hit }) => ({
        message: `${trace.title} in the answer with status ${seen.answer.status}`,
        fix: 'remove what prints the environment, and change every secret that it holds',
        // Names only: the values are what must not be shown again.
        evidence: hit.frame === undefined ? [] : [`names: ${hit.frame}`],
        identity: seen.route,
        part: 'body',
      })),
}
