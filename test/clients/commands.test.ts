import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findGo } from '../support/go.ts'
import { temporaryFolder } from '../support/sallyport.ts'
import { curlClients } from './curl-clients.ts'
import { goClients } from './go-clients.ts'
import { type ClientDoor, openDoor, stripeKey } from './open-door.ts'
import { phpClients } from './php-clients.ts'
import { proveClient, runProgram } from './prove-client.ts'

const folder = temporaryFolder()
let door: ClientDoor
const prove = (client: Parameters<typeof proveClient>[1], command: readonly string[]) =>
  proveClient(door, client, { preload: [], baseUrls: ['STRIPE_URL'], command, directory: folder })

beforeAll(async () => {
  door = await openDoor([stripeKey])
})
afterAll(() => door?.stop())

describe('curl', () => {
  it.each(curlClients.clients)('$title: $means', (client) => prove(client, ['sh', '-c', client.shell]))

  it('sends megabytes', async () => {
    const large = 'head -c 5000000 /dev/zero | tr "\\\\0" x > large'
    const shell = `${large} && curl -sS --fail -o answer -H "Authorization: Bearer $STRIPE_API_KEY" -T large https://api.stripe.com/v1/files`
    const { code, output } = await runProgram(['sh', '-c', shell], folder, door.environment)
    expect(code, output).toBe(0)
    expect(door.upstream.seen.at(-1)?.body.length).toBe(5_000_000)
  })
})

describe('PHP', () => {
  it.each(phpClients.clients)('$title: $means', async (client) => {
    const file = join(folder, `${client.id}.php`)
    writeFileSync(file, `<?php${client.source}`)
    await prove(client, ['php', file])
  })

  it('goes on reading its own ini files and those of its user', async () => {
    const own = temporaryFolder()
    writeFileSync(join(own, 'mine.ini'), 'user_agent="mine"\n')
    const source = `echo ini_get('user_agent'), ' ', extension_loaded('curl') ? 'curl' : '', ' ', ini_get('curl.cainfo');`
    const other = await openDoor([stripeKey], { environment: { PHP_INI_SCAN_DIR: `:${own}` } })
    try {
      const { output } = await runProgram(['php', '-r', source], folder, other.environment)
      expect(output).toBe(`mine curl ${other.environment.SSL_CERT_FILE}`)
    } finally {
      await other.stop()
    }
  })
})

describe('Go', () => {
  const program = join(folder, 'go/client')
  beforeAll(() => {
    mkdirSync(join(folder, 'go'))
    writeFileSync(join(folder, 'go/go.mod'), 'module client\n\ngo 1.20\n')
    writeFileSync(
      join(folder, 'go/main.go'),
      `package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
)

func main() {
	clients := map[string]*http.Client{
${goClients.clients.map(({ id, client }) => `		"${id}": ${client},`).join('\n')}
	}
	if os.Args[1] == "proxy" {
		request, _ := http.NewRequest("GET", os.Args[2], nil)
		proxy, err := http.ProxyFromEnvironment(request)
		fmt.Println(proxy, err)
		return
	}
	base := os.Getenv("STRIPE_URL")
	if base == "" {
		base = "https://api.stripe.com"
	}
	request, _ := http.NewRequest("POST", base+"/v1/charges", strings.NewReader("amount=1"))
	request.Header.Set("Authorization", "Bearer "+os.Getenv("STRIPE_API_KEY"))
	answer, err := clients[os.Args[1]].Do(request)
	if err != nil || answer.StatusCode != 200 {
		fmt.Println(err)
		os.Exit(1)
	}
}
`,
    )
    const { status, error, stderr } = spawnSync(findGo(), ['build', '-o', program, '.'], {
      cwd: join(folder, 'go'),
      env: { ...process.env, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local' },
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`go build failed: ${error?.message ?? stderr}`)
  }, 180_000)

  it.each(goClients.clients)('$title: $means', (client) => prove(client, [program, client.id]))

  it('never asks a proxy for this machine, whatever NO_PROXY says', async () => {
    const environment = { ...door.environment, no_proxy: '', NO_PROXY: '' }
    for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '[::1]']) {
      const { output } = await runProgram([program, 'proxy', `https://${host}:8443/`], folder, environment)
      expect(output.trim()).toBe('<nil> <nil>')
    }
    const { output } = await runProgram([program, 'proxy', 'https://api.stripe.com/'], folder, environment)
    expect(output.trim()).toBe(`${door.environment.HTTPS_PROXY} <nil>`)
  })
})

describe('a user’s own roots', () => {
  it.each(['CURL_CA_BUNDLE', 'GIT_SSL_CAINFO', 'NODE_EXTRA_CA_CERTS'])(
    'stay trusted by %s beside ours, and a private key in the same file stays there',
    async (variable) => {
      const file = join(temporaryFolder(), 'own.pem')
      const secret = `-----BEGIN ${'PRIVATE'} KEY-----\nAAAA\n-----END ${'PRIVATE'} KEY-----\n`
      writeFileSync(file, `${secret}${door.upstream.caPem}`)
      const other = await openDoor([stripeKey], { environment: { [variable]: file } })
      try {
        const bundle = readFileSync(other.environment[variable] ?? '', 'utf8')
        expect(bundle).toContain(door.upstream.caPem.trim())
        expect(bundle).toContain(
          readFileSync(join(other.environment[variable] ?? '', '../../sallyport-ca.pem'), 'utf8').trim(),
        )
        expect(bundle.match(/BEGIN/g)).toHaveLength(2)
        expect(readFileSync(other.environment.SSL_CERT_FILE ?? '', 'utf8')).not.toContain(door.upstream.caPem.trim())
      } finally {
        await other.stop()
      }
    },
  )
})
