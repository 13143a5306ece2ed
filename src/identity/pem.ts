/** One block of a PEM file (RFC 7468). */
export interface PemBlock {
  readonly label: string
  readonly der: Buffer
  /** The block as text, with a line break at its end. */
  readonly pem: string
  /** Line of its BEGIN, from 1. */
  readonly line: number
}

export interface PemProblem {
  readonly line: number
  /** A half sentence that begins with a verb; quotes nothing of the file. */
  readonly says: string
}

/**
 * Splits a PEM file. Text between blocks is ignored, as every tool does; a block that is damaged or not closed is a
 * problem, because a reader that skips it checks against less than its file says. Never throws.
 */
export function splitPem(text: string): {
  readonly blocks: readonly PemBlock[]
  readonly problems: readonly PemProblem[]
} {
  const blocks: PemBlock[] = []
  const problems: PemProblem[] = []
  let open: { label: string; line: number; body: string[] } | undefined
  for (const [i, written] of text.split(/\r\n|\n|\r/).entries()) {
    const line = i + 1
    const row = written.trim()
    const boundary = /^-----(BEGIN|END) ([A-Z0-9 ]{1,40})-----$/.exec(row)
    if (!boundary) {
      if (row.startsWith('-----') || row.endsWith('-----'))
        problems.push({ line, says: 'is a damaged BEGIN or END line' })
      else open?.body.push(row)
      continue
    }
    const [, edge, label = ''] = boundary
    if (edge === 'BEGIN') {
      if (open) problems.push({ line: open.line, says: 'begins a block that is not ended' })
      open = { label, line, body: [] }
    } else if (!open || open.label !== label) {
      problems.push({ line, says: 'ends a block that is not begun' })
      open = undefined
    } else {
      const block = blockFrom(open)
      if (block) blocks.push(block)
      else problems.push({ line: open.line, says: 'begins a block that is not base64' })
      open = undefined
    }
  }
  if (open) problems.push({ line: open.line, says: 'begins a block that is not ended' })
  return { blocks, problems }
}

function blockFrom({
  label,
  line,
  body,
}: {
  label: string
  line: number
  body: readonly string[]
}): PemBlock | undefined {
  // Fields before the base64 (`Proc-Type: 4,ENCRYPTED`) belong to encrypted keys.
  const isKey = label.endsWith('PRIVATE KEY')
  const base64 = isKey ? body.filter((row) => !row.includes(':')).join('') : body.join('')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) return undefined
  const pem = `-----BEGIN ${label}-----\n${body.join('\n')}\n-----END ${label}-----\n`
  return { label, der: isKey ? Buffer.alloc(0) : Buffer.from(base64, 'base64'), pem, line }
}
