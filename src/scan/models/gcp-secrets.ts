import type { Model } from '../model.ts'

export const gcpSecrets: Model = {
  id: 'gcp-secrets',
  title: 'Google Secret Manager',
  calls: [
    {
      on: ['Google::Cloud::SecretManager', 'Google::Cloud::SecretManager::V1'],
      names: ['secret_manager_service'],
      type: 'gcp secrets',
    },
    { on: ['Google::Cloud::SecretManager::V1::SecretManagerService::Client'], names: ['new'], type: 'gcp secrets' },
    { on: ['gcp secrets'], names: ['access_secret_version'], type: 'gcp secret' },
    { on: ['gcp secret'], names: ['payload'], type: 'gcp payload' },
    {
      on: ['gcp payload'],
      names: ['data'],
      type: 'secret text',
      source: { label: 'key', named: 'call', names: 'any', says: 'is read from the cloud’s store of secrets' },
    },
  ],
  documentation: 'https://cloud.google.com/ruby/docs/reference/google-cloud-secret_manager/latest',
}
