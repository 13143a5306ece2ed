import { confidences, severities } from '../finding/finding.ts'
import { grades } from '../finding/grade.ts'

/** The version of the JSON report's form: raised when a field changes its meaning or goes; new ones may come any time. */
export const documentVersion = 1

const text = { type: 'string' }
const count = { type: 'integer', minimum: 1 }
const offset = { type: 'integer', minimum: 0 }
const grade = { enum: [...grades] }

/** `properties` that are all required, but for those whose names end in `?`. More may come. */
function object(fields: Readonly<Record<string, unknown>>, description?: string) {
  const names = Object.keys(fields)
  return {
    type: 'object',
    ...(description === undefined ? {} : { description }),
    properties: Object.fromEntries(names.map((name) => [name.replace('?', ''), fields[name]])),
    required: names.filter((name) => !name.endsWith('?')),
  }
}

function list(items: unknown, description?: string) {
  return { type: 'array', items, ...(description === undefined ? {} : { description }) }
}

const sourcePlace = object(
  {
    file: text,
    line: count,
    column: count,
    'endLine?': count,
    'endColumn?': count,
    'text?': { ...text, description: 'The source line, masked.' },
    'shown?': object({ start: offset, end: offset }, 'Where the place stands in the masked text, from 0.'),
  },
  'A place in a file. Lines and columns count from 1; columns in UTF-16 code units.',
)
const servicePlace = object({ method: text, url: text, 'part?': text }, 'A place on a running service.')
const path = list(object({ at: sourcePlace, says: text }))

const findingFields = {
  rule: text,
  title: text,
  severity: { enum: [...severities] },
  confidence: { enum: [...confidences] },
  message: text,
  at: { anyOf: [sourcePlace, servicePlace] },
  'path?': { ...path, description: 'From where a key is read to where it leaks.' },
  'otherPaths?': list(path, 'Other ways to the same leak.'),
  'holds?': { ...text, description: 'Where it holds, when not everywhere.' },
  'correction?': { ...text, description: 'What should stand in the place of `at`.' },
  'evidence?': list(text, 'Masked lines that show it.'),
  fix: text,
  'cwe?': count,
  fingerprint: { type: 'string', pattern: '^[0-9a-f]{16}$', description: 'The same leak keeps it when lines move.' },
  'structure?': {
    type: 'string',
    pattern: '^[0-9a-f]{16}$',
    description: 'As the fingerprint, without the file’s name.',
  },
}

/** The JSON Schema (2020-12) of `--format json`. */
export const reportSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Report of sallyport scan and sallyport probe',
  ...object({
    version: { const: documentVersion },
    tool: object({ name: { const: 'sallyport' }, version: text }),
    verb: { enum: ['scan', 'probe'] },
    subject: text,
    grade,
    points: { type: 'integer', minimum: 0, maximum: 100 },
    caps: list(object({ grade, reason: text }), 'Only those that lowered the grade.'),
    'verdict?': text,
    'reasons?': list(text),
    'arms?': list(object({ arm: text, title: text, transport: text, route: text, outcome: text, why: text })),
    findings: list(object(findingFields)),
    'suppressed?': list(
      object({ ...findingFields, suppression: object({ by: { enum: ['allow', 'baseline'] }, 'reason?': text }) }),
      'What would be findings, had not a comment or the baseline said otherwise.',
    ),
    'gone?': list(object({ rule: text, file: text }), 'What the baseline holds and was not found again.'),
    'table?': object({ title: text, columns: list(text), rows: list(list(text)) }),
    measured: list(object({ label: text, value: text })),
    gaps: list(text, 'What was not read or not tried.'),
  }),
}
