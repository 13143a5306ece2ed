import type { Check } from '../check.ts'
import { placeInAnswer } from '../place-in-answer.ts'

export const canaryInResponse: Check = {
  id: 'canary-in-response',
  title: 'The service shows the canary',
  severity: 'critical',
  cwe: 200,
  explanation: `The value that was given with \`--canary-file\` or \`--canary-stdin\` stands in an answer, in one of the
spellings that pages and messages use: as it is, escaped, hexadecimal, base64 at any offset, percent-encoded, UTF-16.
This is proof that *this* secret leaks, here, by this request; no shape has to be guessed.

**Fix.** Change the secret, mend the place that shows it, and start the service with \`sallyport run\`.`,
  readAnswer: (seen) =>
    seen.canary.slice(0, 1).map((place) => ({
      message: `the canary (${place.spelling}) in the answer with status ${seen.answer.status}`,
      fix: 'change the secret, keep messages of exceptions out of answers, and take the key out of the service (sallyport run)',
      evidence: [`spelling: ${place.spelling}`],
      identity: 'canary',
      part: placeInAnswer(seen, place.at),
      isSecret: true,
    })),
}
