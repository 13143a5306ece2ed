import type { Model } from '../model.ts'

export const csv: Model = {
  id: 'csv',
  title: 'CSV',
  calls: [
    { on: ['CSV'], names: ['open', 'new', 'instance'], type: 'file', blockTakes: ['file'] },
    { on: ['CSV'], names: ['generate'], type: 'list', gives: ['arguments'], blockTakes: ['result'] },
    { on: ['list'], names: ['add_row'], gives: ['receiver', 'arguments'], mutates: true },
    { on: ['CSV'], names: ['generate_line', 'generate_lines'], gives: ['block', 'arguments'] },
    {
      on: ['file'],
      names: ['add_row', 'put', 'put_next_entry', 'get_output_stream'],
      sink: { kind: 'file', takes: 'all', says: 'written to a file' },
    },
    { on: ['Zip::File', 'Zip::OutputStream'], names: ['open', 'write_buffer'], type: 'zip', blockTakes: ['zip'] },
    { on: ['zip'], names: ['get_output_stream'], type: 'file', blockTakes: ['file'] },
    {
      on: ['zip'],
      names: ['write', 'puts', 'print', '<<'],
      sink: { kind: 'file', takes: 'all', says: 'written to an archive' },
    },
    { on: ['Zlib::GzipWriter'], names: ['open', 'new', 'wrap'], type: 'file', blockTakes: ['file'] },
  ],
  documentation: 'https://docs.ruby-lang.org/en/3.4/CSV.html',
}
