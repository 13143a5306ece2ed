import { maskSecret } from '../../finding/mask.ts'
import type { Check } from '../check.ts'
import { placeInAnswer } from '../place-in-answer.ts'

export const phantomInResponse: Check = {
  id: 'phantom-in-response',
  title: 'The service shows a phantom, which is worthless',
  severity: 'note',
  cwe: 209,
  explanation: `An answer holds a phantom: the stand-in that an app started by Sallyport holds instead of its key. It opens
nothing anywhere but at the service's own door, so nothing has leaked. The place still deserves to be mended: it would
show a key in the same way wherever the app is started without Sallyport.

**Fix.** Keep messages of exceptions and settings out of answers.`,
  readAnswer: (seen) =>
    seen.keys
      .filter((key) => key.isPhantom)
      .map((key) => ({
        message: `a phantom of ${key.kind.title} in the answer with status ${seen.answer.status}: worthless, the key itself is not there`,
        fix: 'nothing is lost; mend the place all the same, since it would show a real key too',
        evidence: [maskSecret(key.text, key.prefix)],
        identity: key.kind.id,
        part: placeInAnswer(seen, key.at),
      })),
}
