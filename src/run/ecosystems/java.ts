import type { Ecosystem } from '../ecosystem.ts'
import { truststorePassword, writeTruststore } from '../write-truststore.ts'

export const java: Ecosystem = {
  id: 'java',
  title: 'Java',
  prepare({ forward, roots, direct, environment, write }) {
    const { hostname, port } = new URL(forward)
    const truststore = write('java/truststore.jks', writeTruststore(roots, new Date()))
    const properties: Readonly<Record<string, string>> = {
      'https.proxyHost': hostname,
      'https.proxyPort': port,
      'http.proxyHost': hostname,
      'http.proxyPort': port,
      'http.nonProxyHosts': directPatterns(direct),
      'javax.net.ssl.trustStore': truststore,
      'javax.net.ssl.trustStoreType': 'JKS',
      'javax.net.ssl.trustStorePassword': truststorePassword,
    }
    const options = Object.entries(properties).map(([name, value]) => quoted(`-D${name}=${value}`))
    const own = environment.JAVA_TOOL_OPTIONS
    // Read by every virtual machine, whatever starts it; JDK_JAVA_OPTIONS by the program `java` alone. Of two values
    // the later holds: ours over the user's here, and the command line over both.
    return { JAVA_TOOL_OPTIONS: [...(own === undefined || own === '' ? [] : [own]), ...options].join(' ') }
  },
}

/**
 * NO_PROXY in Java's form (java.net.spi.DefaultProxySelector): `|` between patterns, `*` at the front or the end. A name
 * covers its subdomains, as it does for everybody else. Entries with a port or a block of addresses have no such form.
 */
function directPatterns(direct: readonly string[]): string {
  const patterns = direct.flatMap((entry) => {
    if (entry.includes(':') && /^[0-9a-f:.]+$/i.test(entry)) return [`[${entry}]`]
    if (/[|/\s]/.test(entry) || /:\d+$/.test(entry)) return []
    if (/^[\d.]+$/.test(entry) || entry === '*' || entry.startsWith('[')) return [entry]
    const name = entry.replace(/^\*?\./, '')
    return [name, `*.${name}`]
  })
  return [...new Set(patterns)].join('|')
}

/** One option as the virtual machine splits the variable: at white space outside of quotes. */
function quoted(option: string): string {
  if (!/[\s'"]/.test(option)) return option
  const parts = option.split("'")
  return parts.map((part) => `'${part}'`).join(`"'"`)
}
