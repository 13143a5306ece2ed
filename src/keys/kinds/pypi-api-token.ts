import { basicCarrier } from '../carriers/basic.ts'
import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

/** A macaroon in base64: behind `pypi-` stands its version and the host that it is for. */
export const pypiApiToken: KeyKind = {
  id: 'pypi-api-token',
  title: 'PyPI API token',
  use: 'travels',
  shape: {
    prefixes: ['pypi-AgEIcHlwaS5vcmc', 'pypi-AgENdGVzdC5weXBpLm9yZw'],
    pattern: /pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)[0-9A-Za-z_-]{50,1000}/,
  },
  hosts: ['upload.pypi.org', 'test.pypi.org'],
  carriers: [basicCarrier('password')],
  environment: [
    'PYPI_TOKEN',
    'PYPI_API_TOKEN',
    'TWINE_PASSWORD',
    'UV_PUBLISH_TOKEN',
    'FLIT_PASSWORD',
    'HATCH_INDEX_AUTH',
    'POETRY_PYPI_TOKEN_PYPI',
    'PYPI_PASSWORD',
  ],
  example: (random) => `pypi-AgEIcHlwaS5vcmc${random.base62(150)}`,
  phantom: (random, { prefix, length }) => prefix + markedBase62(random, length - prefix.length),
  documentation: 'https://pypi.org/help/#apitoken',
}
