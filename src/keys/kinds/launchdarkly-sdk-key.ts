import { headerCarrier } from '../carriers/header.ts'
import type { KeyKind } from '../kind.ts'
import { markedUuid, randomUuid } from '../random.ts'

export const launchdarklySdkKey: KeyKind = {
  id: 'launchdarkly-sdk-key',
  title: 'LaunchDarkly SDK key',
  use: 'travels',
  fits: /sdk-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/,
  leftUnasked: 'with which apps also sign what browsers send',
  hosts: [
    'sdk.launchdarkly.com',
    'stream.launchdarkly.com',
    'events.launchdarkly.com',
    'app.launchdarkly.com',
    'sdk.eu.launchdarkly.com',
    'stream.eu.launchdarkly.com',
    'events.eu.launchdarkly.com',
    'app.eu.launchdarkly.com',
  ],
  carriers: [headerCarrier('Authorization')],
  environment: ['LAUNCHDARKLY_SDK_KEY', 'LD_SDK_KEY', 'LAUNCHDARKLY_KEY'],
  example: (random) => `sdk-${randomUuid(random)}`,
  phantom: (random) => `sdk-${markedUuid(random)}`,
  documentation: 'https://launchdarkly.com/docs/sdk/concepts/client-side-server-side',
}
