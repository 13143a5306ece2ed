import type { Model } from '../model.ts'

const succeeded = ['Success', 'Some', 'Valid', 'Ok']
const failed = ['Failure', 'Invalid', 'Err']
const mixins = ['Dry::Monads[:result]', 'Dry::Monads', 'Dry::Monads::Result', 'Dry::Monads::Result::Mixin']

/** Dry::Monads and its like: what has succeeded, or failed, is in an object that is asked for it. */
export const resultObjects: Model = {
  id: 'result-objects',
  title: 'Dry::Monads',
  calls: [
    { on: ['', ...mixins], names: ['Success', 'Failure', 'Some', 'Valid', 'Invalid', 'Ok', 'Err'], wraps: true },
    { on: ['Dry::Monads'], names: ['Success', 'Failure', 'Some'], wraps: true },
    {
      on: ['Dry::Monads::Result::Success', 'Dry::Monads::Result::Failure', 'Dry::Monads::Maybe::Some'],
      names: ['new', '[]'],
      wraps: true,
    },
    { on: ['wrapped'], names: ['deconstruct'], unwraps: 'class' },
    { on: ['wrapped'], names: ['value!', 'success', 'unwrap', 'unwrap!'], unwraps: succeeded },
    { on: ['wrapped'], names: ['failure', 'failure!', 'error'], unwraps: failed },
    { on: ['wrapped'], names: ['fmap', 'map', 'maybe', 'tee'], unwraps: succeeded, wraps: true },
    { on: ['wrapped'], names: ['bind', 'and_then', 'then'], unwraps: succeeded, gives: ['block'] },
    { on: ['wrapped'], names: ['value_or', 'unwrap_or'], unwraps: succeeded, gives: ['receiver'] },
  ],
  documentation: 'https://dry-rb.org/gems/dry-monads/',
}
