import { errorCodes, errorEntry } from '../../src/errors.ts'
import { generatedBy, markdownTable } from '../markdown.ts'

export const page = {
  path: 'docs/reference/errors.md',
  async content(): Promise<string> {
    const rows = errorCodes.map((code) => {
      const { exit, status, retry, title } = errorEntry(code)
      return [`\`${code}\``, title, String(exit), status === 500 ? '' : String(status), retry ? 'yes' : '']
    })
    return `${generatedBy}
# Errors

Every foreseen failure has a code that is never reused. Commands end with the exit code; the doors answer with the
status and an RFC 9457 problem document that names the code. Exit codes: 0 clean, 1 findings at or above the threshold,
2 could not do the work, 70 a bug in Sallyport.

${markdownTable(['code', 'meaning', 'exit code', 'status', 'the same request may help'], rows)}
`
  },
}
