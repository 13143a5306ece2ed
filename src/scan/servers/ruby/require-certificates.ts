import type { PumaBind } from './puma-configuration.ts'

const quotedMax = 400

/** The bind, corrected so that a client needs a certificate; masked. Undefined where its text is too long or computed. */
export function addVerifyMode({ file, start, end, isSslBind, scheme }: PumaBind): string | undefined {
  if (scheme !== 'ssl' || end - start >= quotedMax) return undefined
  const text = file.quote(start, end)
  if (!isSslBind && !text.includes('ssl://')) return undefined
  const mode = /(verify_mode['"]?\s{0,4}(?:=>|:|=)\s{0,4}['":]?)(none|peer)\b/
  if (mode.test(text)) return text.replace(mode, '$1force_peer')
  if (text.includes('verify_mode')) return undefined
  if (isSslBind) {
    const [, body, closing] = /^([\s\S]*?)(\s*\}?\s*\)?)$/.exec(text) ?? []
    return body === undefined ? undefined : `${body.replace(/,$/, '')}, verify_mode: 'force_peer'${closing ?? ''}`
  }
  if (/^ssl:\/\/\S+\?\S+$/.test(text)) return `${text}&verify_mode=force_peer`
  const url = text.lastIndexOf(text.includes('"') ? '"' : "'")
  return url === -1 ? undefined : `${text.slice(0, url)}&verify_mode=force_peer${text.slice(url)}`
}
