import { readFileSync, statSync } from 'node:fs'
import type { ScanInput } from '../../src/scan/scan.ts'
import { readTree } from './read-tree.ts'

/** A program is a file, or a folder of files. A comment `#! rule` tells what a line leaks, and is not shown to the scan. */
export interface LabelledProgram {
  readonly files: readonly ScanInput[]
  readonly expected: readonly string[]
}

/** The program at `path`; a file is called `name` in it. */
export function programIn(path: string, name: string): LabelledProgram {
  const files = statSync(path).isDirectory() ? readTree(path) : [{ path: name, text: readFileSync(path, 'utf8') }]
  return {
    files: files.map((file) => ({ path: file.path, text: file.text.replace(/ *(?:<%|-)?#! [\w -]*\w(?: %>)?/g, '') })),
    expected: files
      .flatMap((file) =>
        file.text
          .split('\n')
          .flatMap((line, index) =>
            (/#! ([\w -]*\w)/.exec(line)?.[1]?.split(' ') ?? []).map((rule) => `${file.path}:${index + 1} ${rule}`),
          ),
      )
      .sort(),
  }
}
