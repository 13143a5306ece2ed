import type { Model, SourceModel } from '../model.ts'

const source: SourceModel = {
  label: 'key',
  named: 'call',
  names: 'any',
  says: 'is read from the cloud’s store of secrets',
}

/** Secrets Manager and the Parameter Store. */
export const awsSecrets: Model = {
  id: 'aws-secrets',
  title: 'AWS Secrets Manager and Parameter Store',
  calls: [
    { on: ['aws client'], names: ['get_secret_value', 'batch_get_secret_value'], type: 'aws secret' },
    { on: ['aws secret'], names: ['secret_string', 'secret_binary'], type: 'secret text', source },
    {
      on: ['aws client'],
      names: ['get_parameter', 'get_parameters', 'get_parameters_by_path'],
      type: 'aws parameter',
    },
    { on: ['aws parameter'], names: ['parameter', 'parameters', 'first', 'last', 'find', '[]'], type: 'aws parameter' },
    {
      on: ['aws parameter'],
      names: ['each', 'map', 'to_h', 'each_with_object'],
      gives: ['block'],
      blockTakes: ['aws parameter'],
    },
    // Much in the Parameter Store is no secret; what is asked to be decrypted is, and its value looks the same.
    { on: ['aws parameter'], names: ['value'], type: 'secret text', source: { ...source, names: 'any' } },
    { on: ['aws client'], names: ['decrypt'], type: 'aws plaintext' },
    { on: ['aws plaintext'], names: ['plaintext'], type: 'secret text', source },
  ],
  documentation: 'https://docs.aws.amazon.com/sdk-for-ruby/v3/api/Aws/SecretsManager/Client.html',
}
