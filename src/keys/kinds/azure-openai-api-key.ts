import { bearerCarrier } from '../carriers/bearer.ts'
import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62, markedHex } from '../random.ts'

export const azureOpenaiApiKey: KeyKind = {
  id: 'azure-openai-api-key',
  title: 'Azure OpenAI API key',
  use: 'travels',
  fits: /[0-9a-f]{32}|[0-9A-Za-z]{84}/,
  // A host for each customer's resource: whoever knows theirs names it under `hosts:`.
  hosts: ['*.openai.azure.com', '*.cognitiveservices.azure.com', '*.services.ai.azure.com'],
  carriers: [headerCarrier('api-key'), bearerCarrier, headerCarrier('Ocp-Apim-Subscription-Key')],
  environment: ['AZURE_OPENAI_API_KEY', 'AZURE_OPENAI_KEY', 'AZURE_OPENAI_API_TOKEN'],
  baseUrls: [{ variable: 'AZURE_OPENAI_ENDPOINT', path: '' }],
  example: (random) => random.hex(32),
  phantom: (random, like) => (like.length === 32 ? markedHex(random, 32) : markedBase62(random, like.length)),
  documentation: 'https://learn.microsoft.com/en-us/azure/ai-foundry/openai/reference',
}
