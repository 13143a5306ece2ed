import type { Finding } from '../finding/finding.ts'
import type { Catalogue } from './catalogue.ts'
import { findingsOf } from './examine-file.ts'
import { follow } from './flow/follow.ts'
import { indexProgram, type ProgramFile } from './flow/program.ts'
import type { Survey } from './language.ts'
import { languages } from './languages/languages.ts'
import type { KnownStarts } from './servers/deployment.ts'
import { isAbout, type Topics } from './topics.ts'
import type { Tree } from './tree.ts'

/** A file of a program, and what it defines and mentions. */
export interface SurveyedFile {
  readonly path: string
  readonly survey: Survey
  /** Whether a text in it is a key. */
  readonly holdsKey: boolean
  readonly topics: Topics
}

/** What is known of one program: plain data, without a secret. */
export interface ProgramReport {
  readonly folder: string
  readonly findings: readonly Finding[]
  /** The web frameworks that it uses. */
  readonly frameworks: readonly string[]
  /** Not followed to the end, for a reason that may not be there the next time. */
  readonly isLost?: boolean
  readonly gaps: readonly string[]
}

/** Follows one program. `tree` gives the text and the form of its files; their parsers are open. */
export function examineProgram(
  { folder, files }: { readonly folder: string; readonly files: readonly SurveyedFile[] },
  tree: Tree,
  deployment: KnownStarts,
  { kinds, models, rules, isSecretName, answers }: Catalogue,
): ProgramReport {
  const members = files.map(({ path, survey, holdsKey, topics }): ProgramFile => {
    const isTemplate = languages.some((language) => language.reads(path) && language.isTemplate(path))
    return {
      path,
      survey,
      holdsKey,
      isTemplate,
      isAbout: (topic) => isAbout(topics, topic),
      source: () => tree.file(path),
      form: () => tree.form(path),
    }
  })
  const program = indexProgram(members, models)
  const { flows, gaps: left } = follow(program, models, { kinds, isSecretName })
  const gaps = new Set(left)
  const leavesOut = (sentence: string) => void gaps.add(sentence)
  const where = folder === '' ? 'the program' : folder
  const findings = rules.flatMap((rule) =>
    rule.about === 'program'
      ? findingsOf(rule, () => rule.check({ program, flows, deployment, leavesOut, ...answers }), where, leavesOut)
      : [],
  )
  const frameworks = models.flatMap(({ id, framework }) =>
    framework && program.frameworks.includes(framework) ? [id] : [],
  )
  return { folder, findings, frameworks, gaps: [...gaps] }
}
