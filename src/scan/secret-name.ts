import type { KeyKind } from '../keys/kind.ts'

/** Whether a variable of this name holds a secret. */
export type SecretNames = (name: string) => boolean

const secretWords = words(
  'KEY KEYS APIKEY TOKEN TOKENS SECRET SECRETS PASSWORD PASSWORDS PASSWD PASSPHRASE PASS PWD CREDENTIAL CREDENTIALS PAT',
)

/** After the secret word these say that the variable holds something about the secret, and not the secret. */
const aboutWords = words(
  `PATH FILE FILENAME DIR DIRECTORY FOLDER URL URI HOST ENDPOINT SERVER NAME ID IDS PREFIX SUFFIX TYPE TTL EXPIRY
  EXPIRES EXPIRATION EXPIRE LIFETIME AGE LENGTH LEN SIZE BITS ALGORITHM ALGO VERSION HEADER PARAM FIELD COUNT LIMIT
  TIMEOUT REGION PROVIDER STORE BACKEND MODE POLICY ROTATION ISSUER AUDIENCE SCOPE SCOPES ENABLED DISABLED REQUIRED
  MIN MAX FORMAT ENCODING LOCATION BUCKET ARN CLASS ALIAS PERIOD INTERVAL LABEL HINT FINGERPRINT DIGEST HASH ROUNDS
  USER USERNAME EMAIL CHECK VALIDATION PATTERN REGEX`,
)

const keyQualifiers = words(
  `API ACCESS SECRET PRIVATE MASTER SIGNING ENCRYPTION AUTH SERVICE LICENSE SERVER HMAC WEBHOOK CONSUMER SHARED DEPLOY
  CIPHER JWT SUBSCRIPTION`,
)

/** Before the secret word these say that it is no secret. */
const publicWords = words(
  `PUBLIC PUB PUBLISHABLE SITE CACHE SORT PRIMARY PARTITION FOREIGN IDEMPOTENCY HOT OBJECT ROUTING SHARD MAP HASH LOOKUP
  GROUP SSL TLS CERT CERTIFICATE NO SKIP TRANSLATION I18N COMPOSITE UNIQUE INDEX HASHED CRYPTED ENCRYPTED`,
)

/**
 * Names of entries in a store of secrets that are secrets: all but those that say who signs in where. What is kept there
 * need not be called a key: `value`, `stripe`.
 */
export const storedNames =
  /^(?!(?:\w+_)?(?:user(?:_?name)?|login|e?mail|host(?:_?name)?|port|url|uri|endpoint|address|region|name|id|arn|version|engine|database|db_?name|schema|adapter|type|description|metadata|environment|created_(?:at|time)|lease_\w+|data|errors|warnings)$)\w/i

/**
 * Names that the key kinds list, and names in which a word for a secret stands and nothing around it says otherwise:
 * `PAYMENTS_API_KEY` and `dbPassword`, but not `PUBLIC_KEY`, `KEY_PATH` or `TOKEN_URL`.
 */
export function secretNames(kinds: readonly KeyKind[]): SecretNames {
  const known = new Set(kinds.flatMap(({ environment }) => environment))
  return (name) => known.has(name) || readsAsSecret(name)
}

function readsAsSecret(name: string): boolean {
  const parts = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((part) => part !== '')
  const at = parts.findLastIndex((part) => secretWords.has(part) || /.(?:APIKEY|TOKEN|SECRET|PASSWORD)$/.test(part))
  // Google's name for a path, and the shell's for the folder that it is in.
  if (/APPLICATION_CREDENTIALS$|^(?:OLD)?PWD$/.test(name)) return false
  // A lower-case `new_key` is an argument of some task, and not what a deployment calls its secrets.
  if (/^[a-z0-9_]+$/.test(name) && parts[at] === 'KEY' && !keyQualifiers.has(parts[at - 1] ?? '')) return false
  if (at === -1 || parts.slice(at + 1).some((part) => aboutWords.has(part))) return false
  return !publicWords.has(parts[at - 1] ?? '')
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/))
}
