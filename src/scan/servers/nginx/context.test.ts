import { expect, it } from 'vitest'
import { readNginx } from '../../configuration/read-nginx.ts'
import { sourceFile } from '../../source-file.ts'
import { inherited } from './context.ts'

it('looks through a level once, however often servers ask what they inherit from it', () => {
  const { directives } = readNginx(sourceFile('nginx.conf', 'access_log off;\nserver_tokens off;\n', (line) => line))
  let looks = 0
  const level = new Proxy(directives, {
    get(target, name, receiver) {
      if (name === '0') looks++
      return Reflect.get(target, name, receiver)
    },
  })
  for (let server = 0; server < 50; server++)
    expect(inherited([level, []], 'access_log').map(({ args }) => args[0]?.value)).toEqual(['off'])
  expect(looks).toBe(1)
})
