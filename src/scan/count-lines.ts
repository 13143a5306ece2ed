const lineFeed = 0x0a

/** A last line without a line feed counts. */
export function countLines(bytes: Uint8Array): number {
  return countLineFeeds(bytes) + (bytes.length === 0 || bytes.at(-1) === lineFeed ? 0 : 1)
}

export function countLineFeeds(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) count++
  return count
}
