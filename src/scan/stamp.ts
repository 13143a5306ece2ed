import type { BigIntStats } from 'node:fs'

/**
 * What a file's system says of it that changes with every write: the time of the last change of the inode cannot be set
 * back by who may only write the file.
 */
export function stampOf({ dev, ino, mode, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${mode}:${size}:${mtimeNs}:${ctimeNs}`
}

/** When the file or its inode was last changed, by its stamp. */
export function lastChangeMs(stamp: string): number {
  const [modified = '0', changed = '0'] = stamp.split(':').slice(-2)
  return Math.max(Number(modified), Number(changed)) / 1e6
}
