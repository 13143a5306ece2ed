import type { Expression } from '../form.ts'
import type { Flow } from './flow-record.ts'
import type { Frame } from './frame.ts'
import type { Run } from './run.ts'
import type { Label, Trace } from './value.ts'

/** Writing down steps and flows. */
export function notePart(run: Run): Pick<Run, 'emit' | 'traced' | 'step'> {
  const { record } = run
  return { emit, traced, step }

  function emit(found: {
    sink: Flow['sink']
    labels: readonly Label[]
    at: Expression
    frame: Frame
    says: string
    name: string
  }): void {
    const { sink, at, frame, says, name } = found
    const labels = says === '' ? found.labels : traced(found.labels, at, frame, says)
    const { start, end } = at
    record.add({ sink, labels, file: frame.file, start, end, says, context: frame.context, name })
  }

  function traced(
    labels: readonly Label[],
    at: { readonly start: number; readonly end: number },
    frame: Frame,
    says: string,
  ): readonly Label[] {
    return labels.length === 0
      ? labels
      : labels.map((label) => ({ ...label, trace: step(label.trace, at, frame, says) }))
  }

  function step(
    before: Trace | undefined,
    at: { readonly start: number; readonly end: number },
    frame: Frame,
    says: string,
  ): Trace {
    return record.step(before, frame.file, at, says)
  }
}
