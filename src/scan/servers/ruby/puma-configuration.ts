import { gateShutWhereUnset, plainWords } from '../../flow/environments.ts'
import { type Call, type Expression, walk } from '../../form.ts'
import type { SourceFile } from '../../source-file.ts'
import { type BindUrl, parseBindUrl } from './bind-url.ts'
import { type Known, knownIn, tableValue, textValue } from './evaluate.ts'

/** A listener that a file of Puma's own language, or a command line, asks for. */
export interface PumaBind extends BindUrl {
  readonly file: SourceFile
  readonly start: number
  readonly end: number
  /** Arms of branches around it, outermost first: two binds of one branch's different arms never hold together. */
  readonly arms: readonly (readonly [branch: number, arm: number])[]
  /** The head of the gate around it that is shut where no variable names the environment. */
  readonly gate?: { readonly start: number; readonly end: number }
  /** Written with `ssl_bind`, which passes `ca` on only where the mode verifies. */
  readonly isSslBind: boolean
}

export interface PumaConfiguration {
  readonly binds: readonly PumaBind[]
  readonly control: { readonly url: string; readonly hasToken: boolean; readonly call: Call } | undefined
}

/** What a configuration file of Puma says about listeners. */
export function readPumaConfiguration(
  file: SourceFile,
  root: Expression,
  environment: ReadonlyMap<string, string>,
): PumaConfiguration {
  const known = knownIn(root, environment)
  const binds: PumaBind[] = []
  let control: PumaConfiguration['control']
  walk(root, (expression, enclosing) => {
    if (expression.kind !== 'call' || (expression.receiver && !isSelf(expression.receiver))) return
    const url = bindOf(expression, known)
    if (url) {
      const { start, end } = expression
      const gate = gateShutWhereUnset([...enclosing, expression], plainWords)
      const head = gate?.kind === 'branch' ? (gate.tests[0] ?? gate) : gate
      binds.push({
        ...url,
        file,
        start,
        end,
        arms: armsAround(enclosing, expression),
        isSslBind: expression.name === 'ssl_bind',
        ...(head ? { gate: { start: head.start, end: head.end } } : {}),
      })
    } else if (expression.name === 'activate_control_app') {
      const options = tableValue(expression.args[1], known)
      control = {
        url: textValue(expression.args[0], known) ?? 'auto',
        hasToken: !options?.has('no_token'),
        call: expression,
      }
    }
  })
  return { binds, control }
}

function isSelf(expression: Expression): boolean {
  return expression.kind === 'read' && expression.variable.name === 'self'
}

function bindOf(call: Call, known: Known): BindUrl | undefined {
  const [first, second, third] = call.args
  switch (call.name) {
    case 'bind':
      return parseBindUrl(textValue(first, known) ?? '')
    case 'port':
      return {
        scheme: 'tcp',
        host: textValue(second, known) ?? '0.0.0.0',
        port: portOf(textValue(first, known)),
        parameters: new Map(),
      }
    case 'ssl_bind':
      return {
        scheme: 'ssl',
        host: textValue(first, known),
        port: portOf(textValue(second, known)),
        parameters: sslParameters(third, known),
      }
    default:
      return undefined
  }
}

/** Named as in a URL. A mode that is computed is told as `…`, for then nothing is known. */
function sslParameters(options: Expression | undefined, known: Known): ReadonlyMap<string, string> {
  const table = tableValue(options, known)
  if (!table) return new Map(options ? [['verify_mode', '…']] : [])
  return new Map([...table].map(([name, value]) => [name, parameterText(value, known)]))
}

function parameterText(value: Expression, known: Known): string {
  if (value.kind === 'list') return value.items.map((item) => textValue(item, known) ?? '…').join(',')
  return textValue(value, known) ?? '…'
}

export function portOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : undefined
}

/** Which arm of each branch around an expression it stands in. */
function armsAround(
  enclosing: readonly Expression[],
  inner: Expression,
): readonly (readonly [branch: number, arm: number])[] {
  return enclosing.flatMap((around, index) => {
    if (around.kind !== 'branch') return []
    const arm = around.arms.indexOf(enclosing[index + 1] ?? inner)
    return arm === -1 ? [] : [[around.start, arm] as const]
  })
}
