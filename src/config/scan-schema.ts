import * as z from 'zod'
import { confidences, severities } from '../finding/finding.ts'
import { grades } from '../finding/grade.ts'

const pattern = z
  .string()
  .min(1, 'is empty; write a pattern as in .gitignore')
  .regex(/^[^\r\n#!]/, 'is no pattern; write one as in .gitignore, without `!` or `#` at its beginning')

function ruleSettings() {
  return z.record(
    z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'is no id of a rule; `sallyport explain` lists them'),
    z.enum(['off', ...severities]),
  )
}

/** What `sallyport scan` reads of `sallyport.yaml`. */
export function scanSchema() {
  return z.strictObject({
    exclude: z
      .array(pattern)
      .optional()
      .describe('Files and folders that are not read: patterns as in .gitignore, from where Sallyport is started.'),
    include_ignored: z.boolean().optional().describe('Also read what .gitignore leaves out. Default: false.'),
    rules: ruleSettings().optional().describe('Of a rule, by its id: `off`, or how severe its findings are.'),
    paths: z
      .record(pattern, z.strictObject({ rules: ruleSettings().describe('As `scan.rules`, for these files only.') }))
      .optional()
      .describe('Settings for some files only, by patterns as in .gitignore; of several that fit, the last decides.'),
    fail_on: z
      .enum([...severities, 'never'])
      .optional()
      .describe('Exit 1 when a finding is at least this bad. Default: high.'),
    fail_under: z.enum(grades).optional().describe('Exit 1 when the grade is worse than this.'),
    min_confidence: z.enum(confidences).optional().describe('Leave out findings that are less sure than this.'),
    baseline: z
      .string()
      .min(1, 'is empty; name a file')
      .optional()
      .describe(
        'File of known findings. Default: .sallyport-baseline.json where Sallyport is started, if it is there.',
      ),
  })
}
