import { isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments, type YAMLError } from 'yaml'
import type { Path } from './problem.ts'

/** A configuration file as data, with the place of everything in it. */
export interface ParsedYaml {
  /** Objects without a prototype, arrays, strings, numbers, booleans, null. Undefined when there is nothing. */
  readonly data: unknown
  /** Sorted by place; when there are any, `data` must not be used. */
  readonly problems: readonly YamlProblem[]
  /** Counted from 1. `name`: of the property's name instead of its value. Of what is missing: of what it is missing in. */
  place(path: Path, on?: 'name' | 'value'): Place
}

export interface Place {
  readonly line: number
  readonly column: number
}

export interface YamlProblem extends Place {
  readonly path: Path
  readonly message: string
}

const depthMax = 32

/** Our sentences: the library's own quote what stands in the file, which may be a key. */
const sentences: Record<YAMLError['code'], string> = {
  ALIAS_PROPS: 'an alias stands here; write the value out, aliases are not read',
  BAD_ALIAS: 'an alias stands here; write the value out, or quote the text if it begins with `*`',
  BAD_COLLECTION_TYPE: 'a tag stands here; remove it, tags are not read',
  BAD_DIRECTIVE: 'a YAML directive stands here; remove it, directives are not read',
  BAD_DQ_ESCAPE: 'an escape that YAML does not know stands between double quotes; use single quotes',
  BAD_INDENT:
    'the indentation fits nothing above it; align it with its neighbours, with spaces, or close the bracket above',
  BAD_PROP_ORDER: 'an anchor or tag stands in the wrong place; remove it',
  BAD_SCALAR_START: 'a text may not begin with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a `name: value` stands inside another value; put it on a line of its own, or quote the text',
  BLOCK_IN_FLOW: 'an indented block stands inside brackets; close the brackets before it',
  DUPLICATE_KEY: 'is written twice; keep one',
  IMPOSSIBLE: 'this is not YAML; check quotes and brackets before it',
  KEY_OVER_1024_CHARS: 'a name is longer than 1024 characters; check quotes and brackets before it',
  MISSING_CHAR: 'a character is missing here; check that quotes, brackets, commas and colons are complete',
  MULTILINE_IMPLICIT_KEY: 'a name runs over several lines; check quotes, brackets and colons before it',
  MULTIPLE_ANCHORS: 'several anchors stand here; remove them, anchors are not read',
  MULTIPLE_DOCS: 'a second document begins here; keep one document a file',
  MULTIPLE_TAGS: 'several tags stand here; remove them, tags are not read',
  NON_STRING_KEY: 'a name that is not text stands here; write a plain name',
  RESOURCE_EXHAUSTION: 'this is nested too deeply; nothing in a configuration needs that',
  TAB_AS_INDENT: 'a tab is used as indentation; YAML allows spaces only',
  TAG_RESOLVE_FAILED: 'a tag stands here that is not read; remove it, or quote the text if it begins with `!`',
  UNEXPECTED_TOKEN:
    'something stands here that YAML does not expect; check quotes and brackets on this line and before',
}

/** YAML 1.2, core schema, one document without anchors, aliases and tags. Never throws, whatever the text. */
export function parseYaml(text: string): ParsedYaml {
  const placeAt = placesIn(text)
  const problems: (YamlProblem & { offset: number })[] = []
  const places = new Map<string, { name?: number; value: number }>()
  const report = (offset: number, path: Path, message: string) => {
    if (problems.length < 1_000) problems.push({ ...placeAt(offset), offset, path, message })
  }

  const documents = parseAllDocuments(text, {
    prettyErrors: false,
    uniqueKeys: false,
    version: '1.2',
    schema: 'core',
    logLevel: 'silent',
  })
  const list = Array.isArray(documents) ? documents : []
  for (const document of list) {
    for (const error of [...document.errors, ...document.warnings]) report(error.pos[0], [], sentences[error.code])
    if (document.directives?.yaml.explicit) report(0, [], sentences.BAD_DIRECTIVE)
  }
  const second = list[1]
  if (second) report(second.contents?.range?.[0] ?? second.range[0], [], sentences.MULTIPLE_DOCS)

  /** Where it cannot be plain data it is reported, and undefined. */
  const convert = (node: Node | null, path: Path, offset: number): unknown => {
    const key = JSON.stringify(path)
    const start = node?.range?.[0] ?? offset
    places.set(key, { ...places.get(key), value: start })
    if (path.length > depthMax) return report(start, path, sentences.RESOURCE_EXHAUSTION)
    if (isAlias(node)) return report(start, path, sentences.BAD_ALIAS)
    if (node && 'anchor' in node && node.anchor !== undefined) report(start, path, sentences.MULTIPLE_ANCHORS)
    if (isSeq(node)) return node.items.map((item, i) => convert(item as Node | null, [...path, i], start))
    if (isScalar(node)) return node.value
    if (!isMap(node)) return null
    const map: Record<string, unknown> = Object.create(null)
    for (const pair of node.items) {
      const name = pair.key as Node | null
      const at = name?.range?.[0] ?? start
      const property = propertyName(name)
      if (property === undefined) {
        report(at, path, sentences.NON_STRING_KEY)
        continue
      }
      const inner = [...path, property]
      if (Object.hasOwn(map, property)) report(at, inner, sentences.DUPLICATE_KEY)
      else places.set(JSON.stringify(inner), { name: at, value: at })
      map[property] = convert(pair.value as Node | null, inner, name?.range?.[1] ?? at)
    }
    return map
  }
  const contents = list[0]?.contents as Node | null | undefined
  const data = contents && problems.length === 0 ? convert(contents, [], 0) : undefined

  return {
    data,
    problems: problems.sort((a, b) => a.offset - b.offset),
    place(path, on = 'value') {
      for (let length = path.length; length >= 0; length--) {
        const found = places.get(JSON.stringify(path.slice(0, length)))
        if (!found) continue
        const isWhole = length === path.length
        return placeAt(isWhole && on === 'value' ? found.value : (found.name ?? found.value))
      }
      return placeAt(0)
    },
  }
}

/** From offsets to places. Our own: the library's counter misses line breaks within some broken values. */
function placesIn(text: string): (offset: number) => Place {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    const within = Math.min(Math.max(offset, 0), text.length)
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] as number) <= within) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: within - (starts[low] as number) + 1 }
  }
}

/** A number is taken as it is written: `8443: …` names a property as `"8443": …` does. */
function propertyName(name: Node | null): string | undefined {
  if (!isScalar(name) || name.anchor !== undefined) return undefined
  if (typeof name.value === 'string') return name.value
  return typeof name.value === 'number' && name.source !== undefined ? name.source : undefined
}
