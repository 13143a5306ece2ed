import type { Frame } from './frame.ts'
import type { Place, Run } from './run.ts'
import { isSecret, type Label, type Trace } from './value.ts'

/** Writing down steps and flows. */
export function notePart(run: Run): Pick<Run, 'emit' | 'traced' | 'step' | 'label'> {
  const { record } = run
  return { emit, traced, step, label }

  function emit(found: Parameters<Run['emit']>[0]): void {
    const { sink, at, frame, says, name, detail } = found
    // What is read in one environment and written in another does not meet.
    const met = found.labels.filter(({ where }) => (where & frame.where) !== 0)
    if (met.length === 0 && found.labels.length > 0) return
    if (sink === 'request') run.state.touched = true
    const labels = says === '' ? met : traced(met, at, frame, says)
    const where = labels.length === 0 ? frame.where : labels.reduce((all, label) => all | label.where, 0) & frame.where
    const { start, end } = at
    const { file, context } = frame
    record.add({ sink, labels, file, start, end, says, context, name, where, ...(detail ? { detail } : {}) })
  }

  function traced(labels: readonly Label[], at: Place, frame: Frame, says: string): readonly Label[] {
    if (labels.length === 0) return labels
    return labels.map((each) => {
      const trace = step(each.trace, at, frame, says)
      return trace === each.trace ? each : { ...each, trace }
    })
  }

  function step(before: Trace | undefined, at: Place, frame: Frame, says: string): Trace {
    return record.step(before, frame.file, at, says)
  }

  function label(what: Label['what'], name: string, at: Place, frame: Frame, says: string): Label {
    if (isSecret({ what })) run.state.touched = true
    return { what, name, trace: step(undefined, at, frame, says), where: frame.where }
  }
}
