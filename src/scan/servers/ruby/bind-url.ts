/** `tcp://0.0.0.0:80`, `unix:///run/app.sock`, `ssl://0.0.0.0:8443?cert=…&verify_mode=force_peer`, as Puma takes them. */
export interface BindUrl {
  readonly scheme: string
  readonly host: string | undefined
  readonly port: number | undefined
  readonly parameters: ReadonlyMap<string, string>
}

export function parseBindUrl(url: string): BindUrl | undefined {
  const [, scheme, rest] = /^([a-z][a-z+]{1,10}):\/\/(.*)$/s.exec(url) ?? []
  if (scheme === undefined || rest === undefined) return undefined
  const question = rest.indexOf('?')
  const authority = question === -1 ? rest : rest.slice(0, question)
  const parameters = new Map<string, string>()
  for (const pair of question === -1 ? [] : rest.slice(question + 1).split('&')) {
    const equals = pair.indexOf('=')
    if (equals > 0) parameters.set(pair.slice(0, equals), decoded(pair.slice(equals + 1)))
  }
  const [, host, port] = /^(\[[^\]]*\]|[^:/]*)(?::(\d{1,5}))?/.exec(authority) ?? []
  return { scheme, host: host || undefined, port: port === undefined ? undefined : Number(port), parameters }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
