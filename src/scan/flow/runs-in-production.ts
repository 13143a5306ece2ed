import type { Expression } from '../form.ts'
import type { Framework } from '../model.ts'

/**
 * Whether code inside `enclosing` (outermost first, the code itself last) runs where the app is in production: false
 * only where a gate surely keeps it out.
 */
export function runsInProduction(enclosing: readonly Expression[], framework: Framework): boolean {
  return !enclosing.some((expression, index) => {
    if (expression.kind === 'call') return isOtherGate(expression, enclosing[index + 1], framework)
    if (expression.kind !== 'branch') return false
    const arm = expression.arms.findIndex((candidate) => candidate === enclosing[index + 1])
    const test = expression.tests[arm]
    if (arm === -1) return false
    if (test) return environmentSaid(test, framework) === 'other'
    // The rest of an if: what holds there is what the tests deny.
    return (
      expression.tests.length > 0 &&
      expression.tests.every((denied) => environmentSaid(denied, framework) === 'production')
    )
  })
}

/** `configure :development, :test do`. */
function isOtherGate(
  call: Expression & { readonly kind: 'call' },
  next: Expression | undefined,
  framework: Framework,
): boolean {
  if (!framework.configures.includes(call.name) || call.block !== next || call.args.length === 0) return false
  return !call.args.some((arg) => arg.kind !== 'text' || arg.value === 'production')
}

/** What a test says about the environment when it is true. */
function environmentSaid(test: Expression, framework: Framework): 'production' | 'other' | undefined {
  if (test.kind === 'call') {
    const { name, receiver, args } = test
    const own = framework.environmentTests[name]
    if (own !== undefined && args.length === 0) return own === 'production' ? 'production' : 'other'
    if (name === '!' && receiver) return opposite(environmentSaid(receiver, framework))
    const [compared] = args
    if ((name === '==' || name === '!=') && receiver) {
      const text = [receiver, compared].find((side) => side?.kind === 'text')
      if (text?.kind !== 'text' || !mentionsEnvironment(receiver === text ? compared : receiver)) return undefined
      const said = text.value === 'production' ? 'production' : 'other'
      if (name === '==') return said
      return said === 'production' ? 'other' : undefined
    }
  }
  return undefined
}

function opposite(said: 'production' | 'other' | undefined): 'production' | 'other' | undefined {
  return said === 'production' ? 'other' : said === 'other' ? 'production' : undefined
}

/** `ENV['RACK_ENV']`, `settings.environment`. */
function mentionsEnvironment(expression: Expression | undefined): boolean {
  if (expression?.kind !== 'call') return false
  if (expression.name === 'environment' || expression.name === 'env') return true
  return (
    expression.args.some((arg) => arg.kind === 'text' && /(?:^|_)ENV$/.test(arg.value)) ||
    mentionsEnvironment(expression.receiver)
  )
}
