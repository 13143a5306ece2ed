import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scan } from '../../src/scan/scan.ts'
import { type LabelledProgram, programIn } from '../support/labelled-program.ts'

const leaking = join(import.meta.dirname, 'leaking')
const clean = join(import.meta.dirname, 'clean')

async function found({ files }: LabelledProgram): Promise<string[]> {
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
