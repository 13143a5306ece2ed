import type { NginxDirective } from '../../configuration/read-nginx.ts'
import { isCallerCredential, type LoggedCredential } from '../proxy.ts'
import { directivesNamed, inherited, type Levels } from './context.ts'

/** Credentials that the log formats of these levels' access logs write out. */
export function loggedCredentials(levels: Levels): readonly LoggedCredential[] {
  const formats = new Map<string, NginxDirective>()
  for (const directive of levels.flatMap((level) => directivesNamed(level, 'log_format')))
    formats.set(directive.args[0]?.value ?? '', directive)
  const used = inherited(levels, 'access_log').flatMap(({ args }) =>
    args[0]?.value === 'off' ? [] : [args[1]?.value ?? 'combined'],
  )
  return used.flatMap((name) => {
    const format = formats.get(name)
    return format ? loggedBy(format) : []
  })
}

function loggedBy(format: NginxDirective): readonly LoggedCredential[] {
  const { file, args } = format
  return args.slice(1).flatMap((word) => {
    const written = file.text.slice(word.start, word.end)
    return [...written.matchAll(/\$\{?(http|cookie|arg|sent_http|upstream_http)_([a-z0-9_]+)\}?/g)].flatMap((match) => {
      const [variable, from = '', name = ''] = match
      const what = credentialOf(from, name)
      if (what === undefined) return []
      const start = word.start + match.index
      return [{ file, start, end: start + variable.length, correction: '-', what }]
    })
  })
}

function credentialOf(from: string, name: string): string | undefined {
  const dashed = name.replaceAll('_', '-')
  if (from === 'cookie') return /sess|token|auth|sid|jwt/.test(name) ? `the cookie ${name}` : undefined
  if (from === 'arg')
    return /(?:^|_)(?:api_?key|key|token|access_token|secret|password|signature)$/.test(name)
      ? `the query parameter ${name}`
      : undefined
  return isCallerCredential(dashed) ? `the ${dashed} field` : undefined
}
