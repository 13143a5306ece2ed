import type { Model } from '../model.ts'

export const pathname: Model = {
  id: 'pathname',
  title: 'Pathname',
  calls: [
    { on: [''], names: ['Pathname'], type: 'pathname', gives: ['arguments'] },
    { on: ['Pathname'], names: ['new', 'pwd'], type: 'pathname', gives: ['arguments'] },
    {
      on: ['pathname'],
      names: ['join', '+', '/', 'parent', 'expand_path'],
      type: 'pathname',
      gives: ['receiver', 'arguments'],
    },
    {
      on: ['pathname'],
      names: ['write', 'binwrite'],
      sink: { kind: 'file', takes: { positions: [0] }, says: 'written to a file' },
    },
    { on: ['pathname'], names: ['open'], type: 'file', blockTakes: ['result'] },
  ],
  documentation: 'https://docs.ruby-lang.org/en/3.4/Pathname.html',
}
