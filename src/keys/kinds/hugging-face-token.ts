import { basicCarrier } from '../carriers/basic.ts'
import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { phantomMark } from '../random.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export const huggingFaceToken: KeyKind = {
  id: 'hugging-face-token',
  title: 'Hugging Face access token',
  use: 'travels',
  shape: { prefixes: ['hf_'], pattern: /hf_[A-Za-z]{34}/ },
  // Not the customers' own machines at endpoints.huggingface.cloud: who rents one could read the key.
  hosts: [
    'huggingface.co',
    'router.huggingface.co',
    'api-inference.huggingface.co',
    'datasets-server.huggingface.co',
    'api.endpoints.huggingface.cloud',
  ],
  carriers: [bearerCarrier, basicCarrier('password')],
  environment: [
    'HF_TOKEN',
    'HUGGING_FACE_HUB_TOKEN',
    'HUGGINGFACEHUB_API_TOKEN',
    'HUGGINGFACE_API_KEY',
    'HUGGINGFACE_TOKEN',
    'HF_API_TOKEN',
    'HF_API_KEY',
    'HF_ACCESS_TOKEN',
  ],
  baseUrls: [{ variable: 'HF_ENDPOINT', path: '' }],
  example: (random) => `hf_${random.from(letters, 34)}`,
  phantom: (random, like) => `hf_${phantomMark}${random.from(letters, Math.max(like.length - 10, 12))}`,
  documentation: 'https://huggingface.co/docs/hub/security-tokens',
}
