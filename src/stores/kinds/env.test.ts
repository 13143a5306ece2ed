import { behavesAsStore } from '../behaves-as-store.ts'
import { env } from './env.ts'

behavesAsStore('env', async () => {
  const variables = new Map<string, Uint8Array>()
  const variable = (name: string) => {
    const bytes = variables.get(name)
    return bytes && new Uint8Array(bytes)
  }
  const child = () => Promise.reject(new Error('the environment needs no child'))
  const store = env.open({}, { child, variable })
  return {
    store,
    async put(number, bytes) {
      const name = `KEY_${number}`
      if (bytes) variables.set(name, bytes)
      return name
    },
  }
})
