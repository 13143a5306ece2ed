import { phantomHexMark, phantomMark } from '../../keys/random.ts'
import { looksRandom, wordLetters } from './looks-random.ts'
import { isPretended, isPublished } from './pretended.ts'
import { isPasswordHash, refersElsewhere } from './refers-elsewhere.ts'
import { isMadeOfStandIns } from './stand-in-words.ts'

/**
 * What a value is worth as a secret, by itself: `random` is made by a generator; `strong` a password as people are told
 * to make them; `weak` a word or a short text that may be a password all the same; `none` no secret at all.
 */
export type Worth = 'random' | 'strong' | 'weak' | 'none'

export function worthOf(value: string): Worth {
  if (value.length < 4 || value.length > valueCharactersMax) return 'none'
  if (refersElsewhere(value) || isPasswordHash(value) || isStandIn(value)) return 'none'
  if (isUuid.test(value)) return isPretended(value) ? 'none' : 'random'
  if (isOtherThing(value)) return 'none'
  if (looksRandom(value)) return isPretended(value) ? 'none' : 'random'
  if (isPublished(value)) return 'none'
  if (isStrongPassword(value)) return 'strong'
  return isWeakPassword(value) ? 'weak' : 'none'
}

/** A weak one that is told in code too: letters and digits, and no name made of words. */
export function isMixed(value: string): boolean {
  return /[a-z]/i.test(value) && /\d/.test(value) && !/[_-]/.test(value)
}

/** Longer ones are certificates, images and encrypted texts. */
const valueCharactersMax = 512

const isUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** What people write where a secret is meant to be put, and what everybody knows. */
function isStandIn(value: string): boolean {
  if (value.includes(phantomMark) || value.includes(phantomHexMark)) return true
  if (/^[<[{(*.\-_xX#?…•\s]+/.test(value) && /^[<[{(]|^(.)\1{2}/.test(value)) return true
  if (/x{4}|\*{3}|\.{3}|…|•|\?{3}|_{4}|-{4}/i.test(value)) return true
  if (
    /^(?:your|my|some|enter|insert|put|change|todo|fixme|example|sample|dummy|fake|placeholder)(?:[-_ ]|$)/i.test(value)
  )
    return true
  if (saysStandIn.test(value) || isMadeOfStandIns(value) || /^-?anonymous@/.test(value)) return true
  return new Set(value.toLowerCase()).size < 4 || isKeyboardRun(value.toLowerCase())
}

const saysStandIn =
  /example|placeholder|change[-_ ]?(?:me|this|it)|redacted|replace[-_ ]?(?:me|this|with)|your[-_ ]|insert[-_ ]|dummy|notreal|not[-_ ]a[-_ ]|(?:secret|key|token|password)[-_ ]?here|goes[-_ ]?here/i

const keyboard = '01234567890 abcdefghijklmnopqrstuvwxyz qwertyuiop asdfghjkl zxcvbnm 9876543210 1q2w3e4r5t6y7u8i9o0p'

function isKeyboardRun(value: string): boolean {
  if (value.length > 16) return false
  const runs = value.match(/[a-z]+|[0-9]+/g) ?? []
  return keyboard.includes(value.slice(0, 6)) || (runs.length > 0 && runs.join('') === value && runs.every(isRun))
}

/** `abcde`, `12345`, `qwert`. */
function isRun(text: string): boolean {
  return text.length >= 3 && keyboard.includes(text)
}

/** Addresses, paths, names, dates, versions, numbers, colours, types, code and sentences. */
function isOtherThing(value: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ||
    (/^(?:\.{0,2}|~|[A-Za-z]:)[/\\]/.test(value) && !(value.length > 30 && looksRandom(value))) ||
    /^[\w./~ -]*[\w-]\.(?:pem|key|crt|cer|p12|pfx|jks|der|json|ya?ml|txt|rb|py|js|ts|go|java|conf|cfg|ini|env|enc|age|gpg|asc|pub|html?|css|png|svg|jpg|xml|md|sh|exe|dll|so|log|sql|erb|phtml|php|com|org|net|io|dev|local)$/i.test(
      value,
    ) ||
    /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(value) ||
    (/^[A-Za-z_$][\w$]*(?:(?:\.|::|->|\/)[A-Za-z_$][\w$]*)+[?!]?(?:\(.*)?$/.test(value) &&
      wordLetters(value) > value.length * 0.4) ||
    /^[+-]?[\d.,_:/ -]+(?:ms|s|m|h|d|px|em|rem|%|kb|mb|gb)?$/i.test(value) ||
    /^#[0-9a-f]{3,8}$/i.test(value) ||
    /^v?\d+\.\d+(?:\.\d+)?(?:[-+.]\w+)*$/.test(value) ||
    /^\d{4}-\d\d-\d\d/.test(value) ||
    /^[\w.+-]+@[\w-]+\.[\w.]+$/.test(value) ||
    /^(?:sha\d+|md5)[-:=]/i.test(value) ||
    /^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+|data:|image\/|text\/|application\/|MII[A-Z])/.test(value) ||
    (/[(){}[\]<>|\\^]/.test(value) && !isStrongPassword(value)) ||
    /^[([{<].*[)\]}>]$/.test(value) ||
    /[;{}]\s|\s[=&|+]{1,2}\s|=>|->|\w\(\)?|\(\?|\\[dws]|^\^|\$$/.test(value) ||
    /\s/.test(value.trim())
  )
}

/** At least three sorts of characters, and something that no identifier has. */
function isStrongPassword(value: string): boolean {
  if (value.length < 8 || /\s/.test(value)) return false
  const sorts = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((sort) => sort.test(value)).length
  const isSigned = /[0-9A-Za-z][!@#$%^&*+?=~]/.test(value)
  if (sorts < 3 || (!isSigned && !/[0-9]/.test(value))) return false
  // An identifier with a number in it has capitals and digits too.
  if (!isSigned && wordLetters(value) > value.length * 0.4) return false
  return !/[(){}[\]<>|\\"'`]/.test(value) && !/^[\w-]+(?:[./:][\w-]+)+$/.test(value)
}

function isWeakPassword(value: string): boolean {
  return /^[\w!@#$%^&*+.~?-]{5,}$/.test(value) && /[a-z]/i.test(value)
}
