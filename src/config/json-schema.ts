import * as z from 'zod'
import { configSchema, examples, type Known } from './schema.ts'

/** The JSON Schema (2020-12) of `sallyport.yaml`, for editors: completion, descriptions, first checks. */
export function jsonSchema(known: Known): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema(known), {
    io: 'input',
    override({ jsonSchema, path }) {
      const name = path.at(-1)
      const example = path.at(-2) === 'properties' && typeof name === 'string' ? examples[name] : undefined
      if (example !== undefined && jsonSchema.type === 'string' && jsonSchema.const === undefined)
        jsonSchema.examples = [example]
    },
  })
  return { title: 'sallyport.yaml', ...schema }
}
