import { basicCarrier } from '../carriers/basic.ts'
import { bearerCarrier } from '../carriers/bearer.ts'
import type { KeyKind } from '../kind.ts'
import { markedHex } from '../random.ts'

export const databricksAccessToken: KeyKind = {
  id: 'databricks-access-token',
  title: 'Databricks personal access token',
  use: 'travels',
  shape: { prefixes: ['dapi'], pattern: /dapi[0-9a-f]{32}(?:-[0-9])?/ },
  // A host for each customer's workspace.
  hosts: ['*.cloud.databricks.com', '*.azuredatabricks.net', '*.gcp.databricks.com'],
  carriers: [bearerCarrier, basicCarrier('password')],
  environment: ['DATABRICKS_TOKEN', 'DATABRICKS_ACCESS_TOKEN', 'DATABRICKS_API_TOKEN'],
  baseUrls: [{ variable: 'DATABRICKS_HOST', path: '' }],
  example: (random) => `dapi${random.hex(32)}`,
  phantom: (random, like) => `dapi${markedHex(random, 32)}${like.length > plainLength ? '-0' : ''}`,
  documentation: 'https://docs.databricks.com/aws/en/dev-tools/auth/pat',
}

/** A longer token ends with a number of one digit. */
const plainLength = 36
