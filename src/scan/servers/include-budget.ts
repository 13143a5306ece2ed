import { limits } from '../../limits.ts'

/** What one configuration may still take in by including others. */
export interface IncludeBudget {
  /** Whether one more include may be looked for in the tree, which costs a walk over its paths. */
  mayLook(): boolean
  /** Whether one more file may be taken in. */
  mayInclude(): boolean
  /** Whether one more directive may be held: a file that is included often is there as often. */
  mayHold(): boolean
  /** What was reached, as the end of a sentence that begins with the configuration; undefined where nothing was. */
  reached(): string | undefined
}

export function includeBudget(): IncludeBudget {
  let looks = 0
  let files = 0
  let directives = 0
  return {
    mayLook: () => ++looks <= limits.configurationIncludesMax,
    mayInclude: () => ++files <= limits.configurationIncludesMax,
    mayHold: () => ++directives <= limits.configurationDirectivesMax,
    reached() {
      if (Math.max(looks, files) > limits.configurationIncludesMax)
        return `includes more than ${limits.configurationIncludesMax} files; the rest was not read`
      if (directives > limits.configurationDirectivesMax)
        return `has more than ${limits.configurationDirectivesMax} directives with what it includes; the rest was not read`
      return undefined
    },
  }
}
