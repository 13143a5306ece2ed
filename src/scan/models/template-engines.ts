import type { Model } from '../model.ts'

/** Engines that are used by themselves: what they make of a text is a text again. */
export const templateEngines: Model = {
  id: 'template-engines',
  title: 'ERB, Tilt, Haml, Slim, Liquid, Mustache',
  calls: [
    {
      on: ['ERB', 'Erubi::Engine', 'Erubis::Eruby', 'Haml::Engine', 'Liquid::Template'],
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
    // These take the name of a file, or their text from a block.
    {
      on: [
        ...['Tilt::ERBTemplate', 'Tilt::ErubiTemplate', 'Tilt::ErubisTemplate', 'Tilt::HamlTemplate', 'Haml::Template'],
        ...['Tilt::SlimTemplate', 'Slim::Template', 'Tilt::BuilderTemplate', 'Tilt::StringTemplate', 'template class'],
      ],
      names: ['new'],
      type: 'template text',
      sink: [
        { kind: 'code', takes: 'block', says: 'run as a template' },
        { kind: 'path', takes: { positions: [0] }, says: 'opened as a file, and run as a template' },
      ],
    },
    {
      on: ['Tilt'],
      names: ['new'],
      type: 'template text',
      sink: [
        { kind: 'code', takes: 'block', says: 'run as a template', where: /\.(?:erb|erubi|haml|slim|builder|str)$/ },
        { kind: 'path', takes: { positions: [0] }, says: 'opened as a file, and run as a template' },
      ],
    },
    {
      on: ['Tilt'],
      names: ['[]', 'template_for'],
      type: 'template class',
      typeWhere: /(?:^|\.)(?:erb|rhtml|erubi|erubis|haml|slim|builder|str)$/,
    },
    { on: ['Mustache'], names: ['render'], gives: ['arguments'] },
  ],
  documentation: 'https://docs.ruby-lang.org/en/3.4/ERB.html',
}
