import { describe, expect, it } from 'vitest'
import { hostsPastTheDoor, proxyFromEnvironment, proxySecret, withoutProxies } from './proxy-from-environment.ts'

describe('the proxy of an environment', () => {
  it.each([
    [
      { https_proxy: 'http://a.test:1', HTTPS_PROXY: 'http://b.test:2' },
      { host: 'a.test', port: 1, tls: false },
    ],
    [
      { https_proxy: '', HTTPS_PROXY: 'http://b.test:2' },
      { host: 'b.test', port: 2, tls: false },
    ],
    [{ all_proxy: 'https://a.test' }, { host: 'a.test', port: 443, tls: true }],
    [{ ALL_PROXY: 'http://a.test/' }, { host: 'a.test', port: 80, tls: false }],
    [{ HTTP_PROXY: 'a.test:3128' }, { host: 'a.test', port: 3128, tls: false }],
    [{ http_proxy: ' http://[fd00::1]:3128 ' }, { host: 'fd00::1', port: 3128, tls: false }],
  ])('%o', (environment, address) => {
    const found = proxyFromEnvironment({ ...environment, NO_PROXY: 'a.test, b.test  c.test' })
    expect(found?.plan).toEqual({ ...address, direct: ['a.test', 'b.test', 'c.test'] })
    expect(found?.authorization).toBeUndefined()
  })

  it('is none where no variable names one', () =>
    expect(proxyFromEnvironment({ PROXY: 'http://a.test' })).toBeUndefined())

  it.each([
    ['user:pass', 'user:pass'],
    ['us%40er:p%3Aa%2Fs', 'us@er:p:a/s'],
    ['user', 'user:'],
    [':pass', ':pass'],
  ])('has its user name and password %s apart from the plan', (written, sent) => {
    const found = proxyFromEnvironment({ https_proxy: `http://${written}@a.test:1` })
    expect(found?.plan).toEqual({ host: 'a.test', port: 1, tls: false, direct: [], secret: proxySecret })
    expect(found?.authorization).toBe(`Basic ${Buffer.from(sent).toString('base64')}`)
    expect(JSON.stringify([found?.plan, found?.notice])).not.toContain('pass')
  })

  it.each([
    'http://user:pass@',
    'socks5://user:pass@a.test',
    'http://user:pass@a.test:99999',
    'http://user:pass@a.test/x',
  ])('%s is refused in a sentence that does not quote it', (url) => {
    const failed = (() => {
      try {
        proxyFromEnvironment({ https_proxy: url })
        return ''
      } catch (error) {
        return String(error)
      }
    })()
    expect(failed).toContain('the variable https_proxy ')
    expect(failed).not.toContain('pass')
  })
})

it('a host of a key that NO_PROXY names is past the door', () => {
  const hosts = ['api.a.test:443', '*.b.test:443', 'c.test:8443', '[fd00::1]:443', 'd.test:443']
  const environment = { no_proxy: 'a.test,b.test,c.test:443,fd00::/8' }
  expect(hostsPastTheDoor(hosts, environment)).toEqual(['api.a.test:443', '*.b.test:443', '[fd00::1]:443'])
  expect(hostsPastTheDoor(hosts, {})).toEqual([])
})

describe('an environment without proxies', () => {
  it('has none of their variables, and their passwords nowhere', () => {
    const environment = {
      https_proxy: 'http://user:pass@a.test:1',
      ALL_PROXY: 'other:word@b.test:2',
      npm_config_https_proxy: 'http://user:pass@a.test:1',
      JAVA_OPTS: '-x -Dproxy=http://other:word@b.test:2/ -y',
      MAIL: 'user:pass@a.test',
      no_proxy: 'c.test',
    }
    expect(withoutProxies(environment)).toEqual({
      npm_config_https_proxy: 'http://a.test:1',
      JAVA_OPTS: '-x -Dproxy=http://b.test:2/ -y',
      MAIL: 'user:pass@a.test',
      no_proxy: 'c.test',
    })
  })
})
