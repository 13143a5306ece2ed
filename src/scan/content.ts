/** A file of the tree, and how whoever reads it finds it: a path for the disk. */
export interface FileReference {
  /** As findings name it. */
  readonly path: string
  /** For the system: bytes where the name is not UTF-8. */
  readonly at: string | Uint8Array
  /** Searched for keys and not parsed: the tree has more source than is followed. */
  readonly isUnfollowed?: true
}

/** What reading a file gave. */
export type Content =
  /** UTF-8 without a byte order mark, whatever it was. */
  | (Held & { readonly kind: 'text' })
  | (Held & { readonly kind: 'binary' })
  /** Larger than what is held in memory; text as far as its beginning shows. */
  | { readonly kind: 'large'; readonly size: number; readonly mode: number | undefined }
  /** `why` is the end of a sentence that begins with the path. */
  | { readonly kind: 'unread'; readonly why: string; readonly mode: number | undefined }

interface Held {
  readonly bytes: Uint8Array
  readonly size: number
  readonly mode: number | undefined
  /** What the system says of the file (stamp.ts); of one on the disk. */
  readonly stamp?: string
}

/** A part of a large file, with what stands before and after it, so that nothing is cut through. */
export interface Window {
  readonly bytes: Uint8Array
  /** The place of its first byte; lines and columns from 0. */
  readonly line: number
  readonly column: number
  /** What begins in these bytes of it is this window's: anything else is another's. */
  readonly from: number
  readonly to: number
}

/** Reads the files of a tree; never throws. */
export interface Reader {
  content(file: FileReference): Content
  windows(file: FileReference): Iterable<Window>
}

/** Text or not, by its beginning: NUL bytes are in no text but UTF-16, which says so with a byte order mark. */
export function contentOf(raw: Uint8Array, mode: number | undefined, stamp?: string): Content {
  const about = { size: raw.length, mode, ...(stamp === undefined ? {} : { stamp }) }
  if (raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf) return { kind: 'text', bytes: raw.subarray(3), ...about }
  const order = raw[0] === 0xff && raw[1] === 0xfe ? 'utf-16le' : raw[0] === 0xfe && raw[1] === 0xff ? 'utf-16be' : ''
  if (order !== '') return { kind: 'text', bytes: Buffer.from(new TextDecoder(order).decode(raw)), ...about }
  return { kind: isText(raw) ? 'text' : 'binary', bytes: raw, ...about }
}

const lookedAtBytes = 8_000

export function isText(bytes: Uint8Array): boolean {
  return !bytes.subarray(0, lookedAtBytes).includes(0)
}
