/** Settings by `section.name` or `section.subsection.name`; section and name in small letters; the last one holds. */
export type GitConfig = ReadonlyMap<string, string>

/** The settings of a git configuration file. Includes are not followed: what they could change is not read here. */
export function parseGitConfig(text: string): GitConfig {
  const settings = new Map<string, string>()
  let section = ''
  for (const line of text.split('\n')) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue
    const [, name, subsection] = /^\[([\w.-]+)(?: +"([^"]*)")?\]/.exec(trimmed) ?? []
    if (name !== undefined) {
      section = subsection === undefined ? name.toLowerCase() : `${name.toLowerCase()}.${subsection}`
      continue
    }
    const equals = trimmed.indexOf('=')
    const key = (equals === -1 ? trimmed : trimmed.slice(0, equals)).trim().toLowerCase()
    const value = equals === -1 ? 'true' : trimmed.slice(equals + 1).trim()
    settings.set(`${section}.${key}`, unquoted(value))
  }
  return settings
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value.replace(/[ \t]+[#;].*$/, '')
  const end = value.lastIndexOf('"')
  return value.slice(1, end > 0 ? end : undefined).replace(/\\(.)/g, '$1')
}
