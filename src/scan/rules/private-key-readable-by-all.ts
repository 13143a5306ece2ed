import type { Rule } from '../rule.ts'

export const privateKeyReadableByAll: Rule = {
  id: 'private-key-readable-by-all',
  about: 'tree',
  title: 'Private key is made readable to every user of the machine',
  severity: 'medium',
  cwe: 732,
  explanation: `A script, Dockerfile or task changes the permissions of a private key's file so that every user of the machine can read it. Any
other program there, whatever user it runs as, and every path traversal in it, can then answer in this server's or client's
name.

**Fix.** \`chmod 600\`, or \`640\` with a group that only the program is in, and \`chown\` it to the user that reads it.`,
  examples: {
    bad: [
      { Dockerfile: 'FROM nginx\nCOPY server.key /etc/nginx/server.key\nRUN chmod 644 /etc/nginx/server.key\n' },
      { 'bin/setup.sh': '#!/bin/sh\nchmod a+r tls/client-key.pem\n' },
    ],
    good: [
      { Dockerfile: 'FROM nginx\nRUN chmod 640 /etc/nginx/server.key && chmod 644 /etc/nginx/server.crt\n' },
      { 'bin/setup.sh': '#!/bin/sh\n# chmod 644 tls/client.key\nchmod o-r tls/client.key\nchmod 600 id_rsa\n' },
    ],
  },
  *check({ tree }) {
    for (const path of tree.paths) {
      if (!scripts.test(path)) continue
      const file = tree.file(path)
      if (!file || !/\b(?:chmod|install)\b/.test(file.text)) continue
      for (const { mode, key } of openedKeys(file.text))
        yield {
          file,
          start: mode.start,
          end: mode.start + mode.text.length,
          correction: '600',
          message: `The mode ${mode.text} lets every user of the machine read ${file.quote(key.start, key.start + key.text.length)}.`,
          fix: 'Give it to the user that reads it, and to nobody else: chmod 600.',
          identity: [key.text],
        }
    }
  },
}

const scripts =
  /(?:(?:^|\/)(?:Dockerfile|Containerfile|Makefile|Vagrantfile|Rakefile)[\w.-]*|\.(?:sh|bash|dockerfile|mk|rake|ya?ml))$/i

interface Word {
  readonly text: string
  readonly start: number
}

/** `chmod MODE … KEY` and `install -m MODE … KEY`, outside of comments. */
function* openedKeys(text: string): Generator<{ readonly mode: Word; readonly key: Word }> {
  let words: Word[] = []
  for (const { 0: word, index } of text.matchAll(/\n|#[^\n]*|[;&|]+|[^\s;&|]+/g)) {
    if (!/^[\n#;&|]/.test(word)) {
      words.push({ text: word.replace(/^["']|["']$/g, ''), start: index })
      continue
    }
    // A line that is continued goes on.
    if (word === '\n' && words.at(-1)?.text === '\\') continue
    yield* inCommand(words)
    words = []
  }
  yield* inCommand(words)
}

function* inCommand(words: readonly Word[]): Generator<{ readonly mode: Word; readonly key: Word }> {
  const at = words.findIndex(({ text }) => text === 'chmod' || text === 'install')
  if (at === -1) return
  const rest = words.slice(at + 1)
  const isChange = words[at]?.text === 'chmod'
  const option = rest.findIndex(({ text }) => text === '-m' || text.startsWith('--mode'))
  const mode = isChange ? rest.find(({ text }) => !/^-[A-Za-z]*$|^--/.test(text)) : rest[option + 1]
  const key = rest.find(({ text }) => isKeyName(text))
  if ((isChange || option !== -1) && mode && key && isOpenMode(mode.text)) yield { mode, key }
}

function isOpenMode(mode: string): boolean {
  if (/^0?[0-7]{3}$/.test(mode)) return (Number(mode.at(-1)) & 4) !== 0
  return mode.split(',').some((part) => /^(?:[ug]{0,2}[oa][ugoa]{0,2})?[+=][wxX]{0,3}r/.test(part))
}

function isKeyName(path: string): boolean {
  return /(?:\.key|[-_]key\.pem|\.p12|\.pfx|\.jks|(?:^|\/)(?:privkey\.pem|private\.pem|id_(?:rsa|ed25519|ecdsa)))$/.test(
    path,
  )
}
