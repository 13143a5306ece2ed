import type { Model } from '../model.ts'

/** Engines that are used by themselves: what they make of a text is a text again. */
export const templateEngines: Model = {
  id: 'template-engines',
  title: 'ERB, Tilt, Haml, Slim, Liquid, Mustache',
  calls: [
    {
      on: [
        ...['ERB', 'Erubi::Engine', 'Erubis::Eruby', 'Haml::Engine', 'Haml::Template', 'Slim::Template'],
        ...['Liquid::Template'],
      ],
      names: ['new'],
      type: 'template text',
      typeBy: { 'file text': 'file text' },
      gives: ['arguments'],
      sink: { kind: 'code', takes: { positions: [0] }, says: 'run as a template' },
    },
    { on: ['Liquid::Template'], names: ['parse'], type: 'template text' },
    { on: ['template text'], names: ['parse'], type: 'template text' },
    {
      on: ['template text'],
      names: ['result', 'result_with_hash', 'render', 'render!', 'evaluate'],
      rendersReceiver: true,
      gives: ['entries', 'arguments', 'block'],
    },
    // These take the name of a file.
    {
      on: ['Tilt', 'Tilt::ERBTemplate', 'Tilt::ErubiTemplate', 'Tilt::HamlTemplate', 'Tilt::SlimTemplate'],
      names: ['new'],
      type: 'template text',
    },
    { on: ['Mustache'], names: ['render'], gives: ['arguments'] },
  ],
  documentation: 'https://docs.ruby-lang.org/en/3.4/ERB.html',
}
