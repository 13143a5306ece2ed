import { createHash } from 'node:crypto'
import { maskSecret } from '../../finding/mask.ts'
import type { KeyKind } from '../../keys/kind.ts'
import { allTopics, type Topics, topicWords } from '../topics.ts'
import { type Automaton, buildAutomaton, visitWords } from './automaton.ts'
import { chooseCandidates } from './choose-candidates.ts'
import { detectors } from './detectors.ts'
import { fileSetting } from './file-setting.ts'
import { readableBytes } from './readable-bytes.ts'
import type { Candidate, Detector, Search } from './search.ts'
import type { FoundSecret } from './secret.ts'

/** Searches bytes for secrets. Pure and synchronous; never throws for what the bytes hold; linear in their number. */
export interface SecretFinder {
  /**
   * The secrets of a file, in order. `path` is relative, with `/`, and tells what the file is for. Text in UTF-16 is
   * searched as text; in what is not text, keys of a shape and private keys are found and nothing else.
   */
  findSecrets(bytes: Uint8Array, path: string): FoundSecret[]
  /** The same, and what the text may be about besides. */
  examine(bytes: Uint8Array, path: string): { readonly secrets: FoundSecret[]; readonly topics: Topics }
  /** Where there are secrets, or what only might be one: from `start` to `end` in UTF-16 offsets. For masking. */
  suspects(text: string, path: string): { start: number; end: number; prefix: string }[]
}

interface Opened {
  readonly automaton: Automaton
  readonly words: readonly string[]
  /** The detector of each word. */
  readonly owners: readonly number[]
  readonly detectors: readonly Detector[]
}

/** Builds the tables, once for a process. `now` decides what has expired. */
export function openSecretFinder(kinds: readonly KeyKind[], now: number): SecretFinder {
  const all = detectors(kinds)
  const whole = openDetectors([...all, topicDetector])
  let opened: Opened | undefined
  // Most trees that are small have nothing that would be decoded.
  const binary = () => {
    opened ??= openDetectors(all.filter(({ readsBinary }) => readsBinary))
    return opened
  }
  const search = (bytes: Buffer, path: string, isText: boolean, isLenient: boolean, isInner: boolean) => {
    const found: Candidate[] = []
    let topics = isText ? 0 : allTopics
    let setting: Search['setting'] | undefined
    run(isText ? whole : binary(), {
      bytes,
      path,
      get setting() {
        setting ??= fileSetting(path)
        return setting
      },
      now,
      isLenient,
      report: (candidate) => found.push(candidate),
      isAbout(more) {
        topics |= more
      },
      inside: (decoded) => (isInner ? [] : search(asBuffer(decoded), path, false, isLenient, true).found),
    })
    return { found, topics }
  }
  const examine: SecretFinder['examine'] = (bytes, path) => {
    const { readable, isText, offsetOf } = readableBytes(bytes)
    const { found, topics } = search(readable, path, isText, false, false)
    return { secrets: described(chooseCandidates(found), readable, path, offsetOf), topics }
  }
  return {
    findSecrets: (bytes, path) => examine(bytes, path).secrets,
    examine,
    suspects(text, path) {
      // One byte for each code unit, so that offsets are the text's own.
      const bytes = Buffer.from(text, 'latin1')
      return search(bytes, path, true, true, false).found.map(({ start, end, prefix = '' }) => ({ start, end, prefix }))
    },
  }
}

const topicsByWord = new Map(topicWords.map(({ word, topics }) => [word, topics] as const))

const topicDetector: Detector = {
  words: [...topicsByWord.keys()],
  readsBinary: false,
  begin:
    ({ isAbout }) =>
    (_start, _end, word) =>
      isAbout(topicsByWord.get(word) ?? 0),
}

function openDetectors(list: readonly Detector[]): Opened {
  const words = list.flatMap((detector) => detector.words)
  const owners = list.flatMap((detector, index) => detector.words.map(() => index))
  return { automaton: buildAutomaton(words), words, owners, detectors: list }
}

function run({ automaton, words, owners, detectors: list }: Opened, search: Search): void {
  const looks = list.map((detector) => detector.begin(search))
  visitWords(automaton, search.bytes, 0, search.bytes.length, (number, end) => {
    const word = words[number] ?? ''
    looks[owners[number] ?? 0]?.(end - word.length, end, word)
  })
}

function described(
  chosen: readonly Candidate[],
  bytes: Buffer,
  path: string,
  offsetOf: (offset: number) => number,
): FoundSecret[] {
  let line = 1
  let counted = 0
  return chosen.map(({ secret, prefix = '', isShaped, ...rest }) => {
    for (let at = bytes.indexOf(10, counted); at !== -1 && at < rest.start; at = bytes.indexOf(10, at + 1)) {
      line++
      counted = at + 1
    }
    const setting = settingOf(path)
    return {
      ...rest,
      test: rest.test ?? false,
      start: offsetOf(rest.start),
      end: offsetOf(rest.end),
      line,
      shown: maskSecret(secret, prefix),
      ...(setting === undefined ? {} : { setting }),
      digest: createHash('sha256').update(secret).digest('hex'),
    }
  })
}

function settingOf(path: string): string | undefined {
  const { isTest, isExample, isDocumentation } = fileSetting(path)
  if (isTest) return 'in a test'
  if (isExample) return 'in an example'
  return isDocumentation ? 'in documentation' : undefined
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
