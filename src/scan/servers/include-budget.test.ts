import { expect, it } from 'vitest'
import { limits } from '../../limits.ts'
import { scan } from '../scan.ts'

const often = 3_000

/** Two files that include each other again and again, on a tree in which many other paths are to be looked at. */
function mutual(main: string, other: string, include: string, wrap: (text: string) => string) {
  const others = Array.from({ length: 200 }, (_, number) => ({ path: `lib/file${number}.txt`, text: '' }))
  return [
    { path: main, text: wrap(`${include} ${other}\n`.repeat(often)) },
    { path: other, text: `${include} ${main}\n`.repeat(often) },
    ...others,
  ]
}

it.each([
  ['nginx', mutual('nginx.conf', 'a.conf', 'include', (text) => `http {\n${text.replaceAll('\n', ';\n')}}\n`)],
  [
    'Apache',
    mutual('httpd.conf', 'b.conf', 'Include', (text) => `ServerRoot /etc/httpd\nListen 80\nDocumentRoot /srv\n${text}`),
  ],
])('says of %s files that include each other without end that the rest was not read', async (_, files) => {
  const { gaps } = await scan(files)
  // They are there: that one includes the other once more is no reason to say that it is not.
  expect(gaps).toHaveLength(1)
  expect(gaps.join('\n')).toContain(`includes more than ${limits.configurationIncludesMax} files`)
})

it('takes in no more directives than one file may have, however often a file is included', async () => {
  const servers = 'server { listen 80; }\n'.repeat(1_000)
  const { gaps } = await scan([
    { path: 'nginx.conf', text: `http {\n${'include many.conf;\n'.repeat(101)}}\n` },
    { path: 'many.conf', text: servers },
  ])
  expect(gaps.join('\n')).toContain(`nginx.conf: has more than ${limits.configurationDirectivesMax} directives`)
})
