/** How a signature's time is written: seconds or milliseconds since 1970, RFC 3339, or RFC 9110's preferred form. */
export const timeForms = ['s', 'ms', 'rfc3339', 'http-date'] as const
export type TimeForm = (typeof timeForms)[number]

/** What a time of each form looks like, without groups: for a pattern in which it stands. */
export const timePatterns: Readonly<Record<TimeForm, string>> = {
  s: '\\d{1,12}(?:\\.\\d{1,9})?',
  ms: '\\d{1,15}',
  rfc3339: '\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:[Zz]|[+-]\\d\\d:\\d\\d)',
  'http-date': '[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT',
}

/** Milliseconds since 1970, or undefined where `text` is no time of that form. */
export function readTime(text: string, form: TimeForm): number | undefined {
  if (!new RegExp(`^${timePatterns[form]}$`).test(text)) return undefined
  const time = form === 's' ? Number(text) * 1_000 : form === 'ms' ? Number(text) : Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}
