import { describe, expect, it } from 'vitest'
import { loadKinds } from '../keys/load-kinds.ts'
import { jsonSchema } from './json-schema.ts'
import { configSchema, loadKnown } from './schema.ts'

interface Node {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: Node | boolean
  readonly [keyword: string]: unknown
}

const known = await loadKnown()
const schema = jsonSchema(known) as Node

/** Every node of the schema, with its path. */
function* nodes(node: unknown, path = ''): Generator<[string, Node]> {
  if (typeof node !== 'object' || node === null) return
  yield [path, node as Node]
  for (const [name, inner] of Object.entries(node)) yield* nodes(inner, `${path}/${name}`)
}

describe('the JSON Schema', () => {
  it('has the sections of the configuration, and no others', () => {
    expect(Object.keys(schema.properties ?? {})).toEqual(Object.keys(configSchema(known).shape))
    expect(schema.additionalProperties).toBe(false)
  })

  it('describes every property, for whoever hovers over it', () => {
    const bare = [...nodes(schema)].flatMap(([path, node]) =>
      Object.entries(node.properties ?? {}).flatMap(([name, property]) =>
        property.description ? [] : [`${path}/${name}`],
      ),
    )
    expect(bare).toEqual([])
  })

  it('refuses unknown properties wherever properties are named', () => {
    for (const [path, node] of nodes(schema)) {
      if (node.type === 'object' && node.properties) expect(node.additionalProperties, path).toBe(false)
    }
  })

  it('offers every kind of key that is put into requests', async () => {
    const text = JSON.stringify(schema)
    for (const { id, use } of await loadKinds()) expect(text.includes(`"${id}"`), id).toBe(use !== 'stays')
  })
})
