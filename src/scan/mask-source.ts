import { maskSecret } from '../finding/mask.ts'
import { type KeyKind, keyAt } from '../keys/kind.ts'
import type { SecretFinder } from './literals/find-secrets.ts'
import { looksRandom } from './literals/looks-random.ts'
import type { SecretNames } from './secret-name.ts'

/** Where a secret is, or what only might be one. */
export interface Suspect {
  readonly start: number
  readonly end: number
  /** Its public part, which may be shown. */
  readonly prefix: string
}

/** Gives text of a source file in which no secret can be read any more, as far as the text itself tells. */
export interface Masker {
  (text: string): string
  /** Secrets of a larger text, which lines of it cannot tell by themselves. */
  readonly suspects?: (text: string, path: string) => readonly Suspect[]
  /** Takes out keys of a known shape and nothing else: for names, and sentences that are made of names. */
  readonly shapes?: (text: string) => string
}

/**
 * Takes out keys of every known shape or form, and texts that are given to a name of a secret (`password: "…"`,
 * `ENV.fetch('API_KEY', '…')`), for a finding's line must not be the leak.
 */
export function sourceMasker(
  kinds: readonly KeyKind[],
  isSecretName: SecretNames,
  { suspects }: Pick<SecretFinder, 'suspects'>,
): Masker {
  const shapes = kinds.flatMap((kind) => (kind.shape?.prefixes ?? []).map((prefix) => ({ kind, prefix })))
  const forms = kinds.flatMap(({ fits }) => (fits ? [new RegExp(`^(?:${fits.source})$`, fits.flags)] : []))
  const anyPrefix = new RegExp(shapes.map(({ prefix }) => RegExp.escape(prefix)).join('|'))
  const withoutShapes = (text: string) => (anyPrefix.test(text) ? maskShapes(text, shapes) : text)
  const isShaped = (text: string) => withoutShapes(text) !== text
  const mask = (text: string) =>
    maskSpelled(maskAssigned(maskForms(withoutShapes(text), forms), isSecretName), isShaped)
  return Object.assign(mask, { suspects, shapes: withoutShapes })
}

const hexadecimal = /(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}){12,}(?![0-9A-Fa-f])/g
/** `%41`, `\\x41`, `\\u0041`, `&#65;` and `&#x41;`, with what stands between them as it is. */
const escapedRun =
  /(?:[\w.~+/=-]{0,200}(?:%[0-9A-Fa-f]{2}|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|&#x?[0-9A-Fa-f]{2,4};)){2,}[\w.~+/=-]{0,200}/g
const escaped = /(?:%|\\x)([0-9A-Fa-f]{2})|\\u([0-9A-Fa-f]{4})|&#x([0-9A-Fa-f]{2,4});|&#(\d{2,4});/g

/** Keys of a shape in hexadecimal or in the escapes of URLs, of languages and of markup. */
function maskSpelled(text: string, isShaped: (text: string) => boolean): string {
  const plain = text.replace(hexadecimal, (run) =>
    isShaped(Buffer.from(run, 'hex').toString('latin1')) ? maskSecret(run) : run,
  )
  return plain.replace(escapedRun, (run) => {
    const read = run.replace(escaped, (_whole, two?: string, four?: string, some?: string, decimal?: string) =>
      String.fromCharCode(decimal === undefined ? Number.parseInt(two ?? four ?? some ?? '', 16) : Number(decimal)),
    )
    return isShaped(read) ? maskSecret(run) : run
  })
}

/** A commit's digest may have the form of a key that has no shape, or be as random as one, and is masked with it. */
function maskForms(text: string, forms: readonly RegExp[]): string {
  const isSecret = (run: string) => looksRandom(run) || forms.some((form) => form.test(run))
  const maskRun = (run: string) => (isNoWord.test(run) && isSecret(run) ? maskSecret(run) : run)
  // Some forms have a colon or points in them.
  return text.replace(/[A-Za-z0-9+/_.:-]{20,}={0,2}/g, maskRun).replace(/[A-Za-z0-9+/_-]{16,}={0,2}/g, maskRun)
}

/** A digit and a letter; or, since a random text may be without a digit, two capitals and a small letter. */
const isNoWord = /^(?=.*[0-9])(?=.*[A-Za-z])|^(?=.*[A-Z]{2})(?=.*[a-z])/

function maskShapes(text: string, shapes: readonly { readonly kind: KeyKind; readonly prefix: string }[]): string {
  let masked = text
  for (const { kind, prefix } of shapes) {
    for (let at = masked.indexOf(prefix); at !== -1; at = masked.indexOf(prefix, at + 1)) {
      // A wrong checksum may be a typing mistake: what has the shape is masked all the same.
      const end = keyAt(withoutChecksum(kind), masked, at)
      if (end !== -1) masked = masked.slice(0, at) + maskSecret(masked.slice(at, end), prefix) + masked.slice(end)
    }
  }
  return masked
}

const unchecked = new WeakMap<KeyKind, KeyKind>()

function withoutChecksum(kind: KeyKind): KeyKind {
  const known = unchecked.get(kind)
  if (known || !kind.shape) return known ?? kind
  const { prefixes, pattern } = kind.shape
  const made: KeyKind = { ...kind, shape: { prefixes, pattern } }
  unchecked.set(kind, made)
  return made
}

const assigned =
  /([A-Za-z_][A-Za-z0-9_]{0,80})["'\]]{0,2}\s{0,8}(?:=>|\|\|=?|[:=,])\s{0,8}(?:ENV\S{0,80}\s{0,4}\|\|\s{0,4})?:?(["'])([^"'\n]{6,200})\2/g
/** Without quotes, as remarks and texts have it: `password: Xy7…`, `token=Xy7…`. */
const remarked = /([A-Za-z_][A-Za-z0-9_]{0,80})["']?\s{0,4}[:=]\s{0,4}([\w+/!@$%^*~-]{8,200})(?![\w.:(['"[])/g
const isMixed = /^(?=.*[0-9])(?=.*[a-z])(?=.*[A-Z])/

function maskAssigned(text: string, isSecretName: SecretNames): string {
  const bare = text.replace(remarked, (whole, name: string, value: string) =>
    isSecretName(name) && isMixed.test(value) ? `${whole.slice(0, -value.length)}${maskSecret(value)}` : whole,
  )
  return bare.replace(assigned, (whole, name: string, quote: string, value: string) => {
    // `ENV['X']`, `"#{key}"` and a name of a variable are no secret themselves.
    if (
      !isSecretName(name) ||
      /^[A-Z][A-Z0-9_]*$|#\{|\$\{|^https?:|\s|^[\w./~-]*[\w-]\.(?:pem|key|crt|cer|p12|pfx|der|json|ya?ml|txt|rb|conf|enc|age)$/.test(
        value,
      )
    )
      return whole
    return `${whole.slice(0, -value.length - 2)}${quote}${maskSecret(value)}${quote}`
  })
}
