import type { Client, EcosystemClients, Means } from '../../test/clients/client.ts'
import { table } from '../../test/clients/table.ts'
import { generatedBy, markdownTable } from '../markdown.ts'

const meanings: Readonly<Record<Means, string>> = {
  'as it is': 'reads the variables that `sallyport run` sets',
  preload: 'reads none of them; what `sallyport run` has its language load makes it',
  'base URL': 'takes the address of the upstream from its user: give it that of the door (`url_env`)',
  not: 'does not reach the upstream with a key',
}

export const page = {
  path: 'docs/reference/clients.md',
  async content(): Promise<string> {
    return `${generatedBy}
# Clients

Which HTTP clients find the egress door in an app that \`sallyport run\` starts, and by what. Each row is a test: the
real client, its usual call, an upstream that it cannot resolve, and the key arrives there while the app holds the
phantom. A client that is not here most likely uses one that is.

${markdownTable(
  ['works', 'because the client'],
  Object.entries(meanings).map(([means, meaning]) => [means, meaning]),
)}

Every client of a language also works by a base URL, if it has a setting for one.

${table.map(sectionOf).join('\n')}`
  },
}

function sectionOf({ title, clients }: EcosystemClients): string {
  return `## ${title}

${markdownTable(['client', 'version', 'works', 'how'], clients.map(rowOf))}
`
}

function rowOf({ title, package: from, means, why }: Client): readonly string[] {
  return [title, from?.version ?? '', means, why]
}
