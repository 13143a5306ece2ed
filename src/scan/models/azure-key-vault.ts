import type { Model } from '../model.ts'

export const azureKeyVault: Model = {
  id: 'azure-key-vault',
  title: 'Azure Key Vault',
  calls: [
    {
      on: [
        'Azure::KeyVault::V7_1::KeyVaultClient',
        'Azure::KeyVault::V2016_10_01::KeyVaultClient',
        'Azure::KeyVault::Profiles::Latest::Mgmt::KeyVaultClient',
        'AzureKeyVault',
      ],
      names: ['new'],
      type: 'azure vault',
    },
    { on: ['azure vault'], names: ['get_secret'], type: 'azure secret' },
    {
      on: ['azure secret'],
      names: ['value'],
      type: 'secret text',
      source: { label: 'key', named: 'call', names: 'any', says: 'is read from the cloud’s store of secrets' },
    },
  ],
  documentation: 'https://learn.microsoft.com/azure/key-vault/secrets/',
}
