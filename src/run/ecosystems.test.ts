import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AppDoor } from './ecosystem.ts'
import { table } from './ecosystems/index.ts'

const ecosystems = await Promise.all(table.map(({ load }) => load()))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function doorOf(environment: Readonly<Record<string, string>>, place = folder): AppDoor {
  return {
    forward: 'http://127.0.0.1:8080',
    bundle: join(place, 'ca.pem'),
    roots: '',
    root: '',
    hosts: ['api.example.com', '*.example.net:8443'],
    direct: ['localhost', '10.0.0.0/8'],
    environment,
    write(name, content) {
      const path = join(place, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
      return path
    },
  }
}

function prepare(id: string, door: AppDoor): Readonly<Record<string, string>> {
  return ecosystems.find((ecosystem) => ecosystem.id === id)?.prepare(door) ?? {}
}

it('no ecosystem sets a variable of another, or writes its file', () => {
  const setters = new Map<string, string>()
  for (const { id, prepare } of ecosystems) {
    const written: string[] = []
    const door = doorOf({})
    const write: AppDoor['write'] = (name, content) => {
      written.push(name)
      return door.write(name, content)
    }
    for (const thing of [...Object.keys(prepare({ ...door, write })), ...written]) {
      expect([thing, setters.get(thing)]).toEqual([thing, undefined])
      setters.set(thing, id)
    }
  }
  expect(setters.get('HTTPS_PROXY')).toBe('any')
})

describe('ruby', () => {
  it.each([
    [{}, (own: string) => own],
    [{ RUBYOPT: '' }, (own: string) => own],
    [{ RUBYOPT: '-W0 -rset' }, (own: string) => `-W0 -rset ${own}`],
  ])('keeps what the user has Ruby do: %j', (environment, whole) => {
    const { RUBYOPT } = prepare('ruby', doorOf(environment))
    expect(RUBYOPT).toBe(whole(`-r${folder}/ruby/preload.rb`))
  })

  it('sets nothing where its path could not be written: Ruby would not start', () => {
    expect(prepare('ruby', doorOf({ RUBYOPT: '-W0' }, join(folder, 'a b')))).toEqual({})
  })

  it('tells its preload the door and the hosts that keys are for', () => {
    prepare('ruby', doorOf({}))
    expect(readFileSync(join(folder, 'ruby/door'), 'utf8')).toBe(
      'http://127.0.0.1:8080\napi.example.com\n*.example.net:8443\n',
    )
  })
})

describe('python', () => {
  it.each([
    [{}, (own: string) => own],
    [{ PYTHONPATH: '' }, (own: string) => own],
    [{ PYTHONPATH: '/lib:/other' }, (own: string) => `${own}:/lib:/other`],
  ])('keeps the user’s path behind its own: %j', (environment, whole) => {
    expect(prepare('python', doorOf(environment)).PYTHONPATH).toBe(whole(`${folder}/python`))
  })

  it('sets no path that Python would cut in two', () => {
    expect(prepare('python', doorOf({}, join(folder, 'a:b')))).not.toHaveProperty('PYTHONPATH')
  })
})
