import type { KeyKind } from '../../keys/kind.ts'
import { assignedSecrets } from './assigned-secrets.ts'
import { cloudPairs } from './cloud-pairs.ts'
import { encodedSecrets } from './encoded-secrets.ts'
import { passwordFiles } from './password-files.ts'
import { privateKeys } from './private-keys.ts'
import type { Detector } from './search.ts'
import { sentCredentials } from './sent-credentials.ts'
import { shapedKeys } from './shaped-keys.ts'
import { urlCredentials } from './url-credentials.ts'
import { webTokens } from './web-tokens.ts'

/** Everything that looks for secrets in a file. */
export function detectors(kinds: readonly KeyKind[]): readonly Detector[] {
  return [
    shapedKeys(kinds),
    privateKeys,
    webTokens,
    urlCredentials,
    cloudPairs,
    sentCredentials,
    encodedSecrets(kinds),
    passwordFiles,
    assignedSecrets(kinds),
  ]
}
