import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type ScanInput, scan } from '../../src/scan/scan.ts'
import { readTree } from '../support/read-tree.ts'

const leaking = join(import.meta.dirname, 'leaking')
const clean = join(import.meta.dirname, 'clean')

/** A program is a file, or a folder of files. A comment `#! rule` tells what a line leaks, and is not shown to the scan. */
interface Program {
  readonly files: readonly ScanInput[]
  readonly expected: readonly string[]
}

function programIn(path: string, name: string): Program {
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

async function found({ files }: Program): Promise<string[]> {
  const { findings, gaps } = await scan(files)
  expect(gaps).toEqual([])
  return findings.map(({ rule, at }) => ('file' in at ? `${at.file}:${at.line} ${rule}` : rule)).sort()
}

describe('what people write that leaks', () => {
  it.each(readdirSync(leaking))('%s', async (name) => {
    const program = programIn(join(leaking, name), name)
    expect(program.expected.length).toBeGreaterThan(0)
    expect(await found(program)).toEqual(program.expected)
  })
})

describe('what looks dangerous and is not', () => {
  it.each(readdirSync(clean))('%s', async (name) => {
    expect(existsSync(join(leaking, name))).toBe(false)
    expect(await found(programIn(join(clean, name), name))).toEqual([])
  })
})
