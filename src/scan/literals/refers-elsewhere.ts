/**
 * Whether a value says where the secret comes from, and is none itself: variables and expressions of shells, templates
 * and languages, addresses of stores, and what is encrypted.
 */
export function refersElsewhere(value: string): boolean {
  return isReference.test(value) || holdsExpression.test(value) || isEncrypted.test(value)
}

const isReference =
  /^(?:[$%@&!*~](?:[A-Za-z_({[<:]|$)|(?:vault|op|ssm|arn|aws|gcp|azure|sm|secretsmanager|secret|secrets|env|file|enc|keychain|keyring|keyvault|akv|awssm|gcpsecretmanager|azurekeyvault|kms|ref\+[a-z]+|ref|resolve|doppler|infisical|bw|pass|sops|credhub|keepass|conjur|summon|berglas|ejson|data|urn|https?|ftp|ssh|git|tcp|udp|unix|s3|gs|jdbc|ldaps?)[:|](?!$)|ENV\b|env[.[]|process\.env|os\.(?:environ|getenv)|System\.|Environment\.|ENC[[(]|projects\/|secret(?:Key)?Ref|valueFrom|fromEnv|getenv|lookup|var\.|local\.|data\.|module\.|params?[.[]|self\.|this\.|req(?:uest)?\.|config[.[(]|settings?[.[(]|credentials?[.[(]|secrets?[.[(])/i
const holdsExpression =
  /\$\{|\$\(|\{\{|\}\}|#\{|%\{|<%|%>|%\(\w+\)|\{[A-Za-z_][\w.]{0,60}\}|%[sdvq]\b|\\\(|`|\[\[|__[A-Z_]+__|@[A-Z_]+@|<[A-Za-z][\w .-]{0,60}>|\$[A-Z_]{3,}|%[A-Z_]{3,}%/
const isEncrypted =
  /^(?:\$ANSIBLE_VAULT|ENC[[(]|!vault|age1|AgA[0-9A-Za-z+/]{40}|vault:v\d|AQICAH|gAAAAA|U2FsdGVkX1|-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED))/

/** Whether a value is a password's digest, as files of passwords hold it: `$2y$…`, `{SSHA}…`, `pbkdf2_sha256$…`. */
export function isPasswordHash(value: string): boolean {
  return /^(?:\$(?:2[abxy]?|1|5|6|y|7|apr1|argon2\w*|pbkdf2[\w-]*|scrypt)\$|\{(?:S?SHA\d*|S?MD5|CRYPT|PBKDF2\S*)\}|(?:pbkdf2|argon2|bcrypt|scrypt|sha\d+)[\w-]*[$:]|\*[0-9A-F]{40}$|SCRAM-SHA-|md5[0-9a-f]{32}$)/i.test(
    value,
  )
}
