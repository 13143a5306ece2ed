import type { Check } from '../check.ts'

export const backtraceInResponse: Check = {
  id: 'backtrace-in-response',
  title: 'The service shows a backtrace',
  severity: 'medium',
  cwe: 209,
  explanation: `An answer holds frames of a backtrace, in text, HTML or JSON, whatever its status. Backtraces show paths,
versions and names of the code, and they come with the exception's message, which quotes values: a URL with its key, a
field, a line of a configuration file.

**Fix.** Answer errors with a fixed text and an id, and write message and backtrace to a log that is scrubbed. In
Sinatra: \`set :show_exceptions, false\`, \`set :raise_errors, false\`, and an \`error\` block that renders neither
\`message\` nor \`backtrace\`.`,
  readAnswer: (seen) =>
    seen.traces
      .filter(({ trace }) => trace.shows === 'backtrace')
      .map(({ trace, hit }) => ({
        message: `${trace.title} in the answer with status ${seen.answer.status}`,
        fix: 'answer errors with a fixed text and an id; write message and backtrace to a log',
        evidence: hit.frame === undefined ? [] : [hit.frame],
        identity: `${trace.id} ${hit.frame ?? seen.route}`,
        part: 'body',
      })),
}
