import type { TrafficPrograms } from './traffic.ts'

const start = (library: string) => `
import hashlib, os, asyncio, ${library}
BASE = 'https://ledger.test'
HEADERS = {'Authorization': 'Bearer ' + os.environ['LEDGER_KEY']}
BODY = os.environ['BODY']
digest = hashlib.sha256()
def show(line):
    line = line.decode() if isinstance(line, bytes) else line
    if line.startswith('data: '):
        print(line.strip(), flush=True)
`

const aiohttp = (body: string) => `${start('aiohttp')}
async def main():
    async with aiohttp.ClientSession(headers=HEADERS) as session:
${body}
asyncio.run(main())
`

export const pythonTraffic: readonly TrafficPrograms[] = [
  {
    title: 'requests',
    download: `${start('requests')}
with requests.get(BASE + '/download', headers=HEADERS, stream=True) as answer:
    for chunk in answer.iter_content(65536):
        digest.update(chunk)
print(digest.hexdigest())
`,
    upload: `${start('requests')}
with open(BODY, 'rb') as body:
    print(requests.put(BASE + '/upload', headers=HEADERS, data=body).text)
`,
    events: `${start('requests')}
with requests.get(BASE + '/events', headers=HEADERS, stream=True) as answer:
    for line in answer.iter_lines(chunk_size=1):
        show(line)
`,
  },
  {
    title: 'httpx',
    download: `${start('httpx')}
with httpx.stream('GET', BASE + '/download', headers=HEADERS) as answer:
    for chunk in answer.iter_bytes():
        digest.update(chunk)
print(digest.hexdigest())
`,
    upload: `${start('httpx')}
def pieces():
    with open(BODY, 'rb') as body:
        while piece := body.read(65536):
            yield piece
print(httpx.put(BASE + '/upload', headers=HEADERS, content=pieces()).text)
`,
    events: `${start('httpx')}
with httpx.stream('GET', BASE + '/events', headers=HEADERS) as answer:
    for line in answer.iter_lines():
        show(line)
`,
  },
  {
    title: 'aiohttp',
    download: aiohttp(`
        async with session.get(BASE + '/download') as answer:
            async for chunk in answer.content.iter_chunked(65536):
                digest.update(chunk)
        print(digest.hexdigest())
`),
    upload: aiohttp(`
        with open(BODY, 'rb') as body:
            async with session.put(BASE + '/upload', data=body) as answer:
                print(await answer.text())
`),
    events: aiohttp(`
        async with session.get(BASE + '/events') as answer:
            async for line in answer.content:
                show(line)
`),
  },
]
