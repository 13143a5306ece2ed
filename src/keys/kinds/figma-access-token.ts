import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

export const figmaAccessToken: KeyKind = {
  id: 'figma-access-token',
  title: 'Figma personal access token',
  use: 'travels',
  shape: { prefixes: ['figd_'], pattern: /figd_[0-9A-Za-z_-]{40}/ },
  hosts: ['api.figma.com'],
  carriers: [headerCarrier('X-Figma-Token')],
  environment: ['FIGMA_TOKEN', 'FIGMA_ACCESS_TOKEN', 'FIGMA_API_TOKEN', 'FIGMA_API_KEY'],
  example: (random) => `figd_${random.base62(40)}`,
  phantom: (random, like) => `figd_${markedBase62(random, like.length - 5)}`,
  documentation: 'https://developers.figma.com/docs/rest-api/personal-access-tokens/',
}
