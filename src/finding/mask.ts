/**
 * What may be shown of a secret: the kind's public prefix when the value has one, and its length. No other character of
 * it: the last four of a short key are a good part of it.
 */
export function maskSecret(secret: string, publicPrefix = ''): string {
  const prefix = publicPrefix !== '' && secret.startsWith(publicPrefix) ? publicPrefix : ''
  return `${prefix}…(${secret.length - prefix.length} characters)`
}

/**
 * Replaces control characters, marks that change the direction of writing, and halves of characters, so that what a
 * server or a file name says cannot drive the reader's terminal. As long as before.
 */
export function printable(text: string): string {
  const controls =
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is replaced
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]/gu
  return text.replace(controls, '\ufffd')
}
