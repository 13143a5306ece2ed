import type { Model } from '../model.ts'

/** Objects that a library makes from a dictionary of their attributes. */
export const valueObjects: Model = {
  id: 'value-objects',
  title: 'Dry::Struct, T::Struct, Virtus, Hashie, ActiveModel',
  valueObjects: {
    bases: [
      ...['Dry::Struct', 'Dry::Struct::Value', 'T::Struct', 'T::ImmutableStruct', 'T::InexactStruct', 'Virtus.model'],
      ...['Hashie::Dash', 'Hashie::Trash', 'ActiveModel::Model', 'ActiveModel::API', 'ActiveModel::Attributes'],
      ...['Literal::Struct', 'Literal::Data', 'Literal::Object', 'ROM::Struct'],
    ],
    whole: ['to_h', 'to_hash', 'attributes', 'serializable_hash', 'as_json', 'serialize'],
  },
  documentation: 'https://dry-rb.org/gems/dry-struct/',
}
