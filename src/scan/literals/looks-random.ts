/** Pairs of letters that stand in most English and German words; chance makes one in four pairs one of them. */
const commonPairs = new Set(
  `th he in er an re nd at on nt ha es st en ed to it ou ea hi is or ti as te et ng of al de se le sa si ar ve ra ld ur
  co me io ro ne om ce li ch ll be ma el ic us no la di ut ta ec lo ho so tr ca ct pe ri sh ss un il ge po ac ee em ad
  ol ir wi ul ai id su sp ot na rs ke ey ss wo rd pa am mo ow pr ig ie ay av ag im ob ab ap op up ev ex oo ck cr fi fo
  fr ga gr ht if ki lu mi my nc ns ny od os pl ck qu rt sc sk sl sw tt ty ua ub ue ui um vi wa we wh ye bl br cl da do
  dr du ef ei eq er fa fe ff ft go gu ia id ib ks ls ly mp ni nk nu oa oi ok ov pi pu rc rg rk rm rn ru ry sy tu tw ug
  ze zo uf au eu sz ja jo ju ko kn va ba bi bo bu by hu ph ps xt xp ax ix ux db ks wn ws gh rl rv dm mb fl gl`.split(
    /\s+/,
  ),
)

/**
 * Whether a text is of those that a random generator makes: enough of it, no words, classes of characters in no order.
 * Digests and UUIDs are as random as keys are; only a name tells them apart.
 */
export function looksRandom(text: string): boolean {
  const plain = text.replace(/[^A-Za-z0-9]/g, '')
  if (plain.length < 16 || plain.length < text.length * 0.75 || new Set(plain).size < 8) return false
  if (/^[0-9]+$/.test(plain) || /(.)\1{4}/.test(text) || isSequence(plain)) return false
  if (wordLetters(text) > plain.length * 0.34) return false
  const digits = plain.replace(/[^0-9]/g, '').length
  if (digits === 0) return /[a-z]/.test(plain) && changes(plain) > plain.length * 0.3
  return digits < plain.length * 0.85 && changes(plain) > plain.length * 0.18 && entropy(text) >= 2.9
}

/** Shannon's, in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

/** How many letters stand in runs that read as words. */
export function wordLetters(text: string): number {
  let letters = 0
  for (const run of text.match(/[A-Z]?[a-z]{3,}|[A-Z]{4,}/g) ?? [])
    if (readsAsWord(run.toLowerCase())) letters += run.length
  return letters
}

function readsAsWord(run: string): boolean {
  if (!/[aeiouy]/.test(run)) return false
  let common = 0
  for (let i = 1; i < run.length; i++) if (commonPairs.has(run.slice(i - 1, i + 1))) common++
  return common >= (run.length - 1) * (run.length < 6 ? 0.75 : 0.6)
}

/** Between small letters, capitals and digits. */
function changes(text: string): number {
  let count = 0
  for (let i = 1; i < text.length; i++) if (classOf(text.charCodeAt(i)) !== classOf(text.charCodeAt(i - 1))) count++
  return count
}

function classOf(code: number): number {
  return code <= 0x39 ? 0 : code <= 0x5a ? 1 : 2
}

/** Most characters follow their neighbour in the alphabet: `abcdefgh12345678`. */
function isSequence(text: string): boolean {
  let steps = 0
  for (let i = 1; i < text.length; i++) {
    const step = text.charCodeAt(i) - text.charCodeAt(i - 1)
    if (step === 1 || step === 0 || step === -1) steps++
  }
  return steps > (text.length - 1) * 0.5
}
