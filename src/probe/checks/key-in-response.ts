import { maskSecret } from '../../finding/mask.ts'
import type { Check } from '../check.ts'
import { placeInAnswer } from '../place-in-answer.ts'

export const keyInResponse: Check = {
  id: 'key-in-response',
  title: 'The service shows an API key',
  severity: 'critical',
  cwe: 200,
  explanation: `An answer of the running service holds text of the shape of an API key (with a right checksum, where the kind
has one): in its status line, a field or its body, as it is or escaped, percent-encoded or in base64. Whoever may send
this request has the key, and mutual TLS on the way to it changes nothing.

**Fix.** Change the key at its issuer first: it has been shown. Then do not let messages of exceptions, settings or upstream
answers reach a client, and start the service with \`sallyport run\`, so that it holds no key that it could show. What only
the service itself works with (a database's URL, a session secret) is made anew where it is checked.`,
  readAnswer: (seen) =>
    seen.keys
      .filter((key) => !key.isPhantom)
      .map((key) => ({
        message: `${key.kind.title} in the answer with status ${seen.answer.status}${key.reading === '' ? '' : ` (${key.reading})`}`,
        fix:
          key.kind.use === 'stays'
            ? 'make a new one where it is checked, and keep messages of exceptions and settings out of answers'
            : 'change this key at its issuer, keep messages of exceptions out of answers, and take the key out of the service (sallyport run)',
        evidence: [maskSecret(key.text, key.prefix)],
        identity: key.text,
        part: placeInAnswer(seen, key.at),
        isSecret: true,
      })),
}
