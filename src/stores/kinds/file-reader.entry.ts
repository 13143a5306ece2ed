import { SallyportError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import { acceptKey } from '../accept-key.ts'
import { answerRequest } from '../answer-request.ts'
import { fileKeys } from '../file-keys.ts'
import { type FileReadRequest, file } from './file.ts'

/** Reads one key of a file store: the child that `file.ts` asks. */
await answerRequest(
  process,
  async (request) => {
    const { path, identity, name } = request as FileReadRequest
    if (!file.reference.pattern.test(name))
      throw new SallyportError('STORE_KEY_MISSING', `a key's name is ${file.reference.says}; correct the reference`)
    const bytes = await fileKeys({ path, identity }).read(name)
    return acceptKey(bytes, `the key ${name} in ${path}`)
  },
  limits.keyBytesMax,
)
