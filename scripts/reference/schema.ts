import { jsonSchema } from '../../src/config/json-schema.ts'
import { loadKnown } from '../../src/config/schema.ts'

export const page = {
  path: 'schema/sallyport.json',
  content: async (): Promise<string> => `${JSON.stringify(jsonSchema(await loadKnown()), null, 2)}\n`,
}
