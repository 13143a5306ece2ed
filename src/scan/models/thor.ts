import type { Model } from '../model.ts'

/** Thor: commands of a program, and what they say. */
export const thor: Model = {
  id: 'thor',
  title: 'Thor',
  calls: [
    {
      on: ['Thor', 'Thor::Group', 'Thor::Shell', 'Thor::Actions'],
      names: ['say', 'say_error', 'error', 'say_status', 'print_table', 'print_wrapped', 'print_in_columns'],
      sink: { kind: 'log', takes: 'all', says: 'written to the process’s output, which is a log' },
    },
    { on: ['Thor', 'Thor::Group', 'Thor::Actions'], names: ['no_commands', 'no_tasks', 'in_root'], gives: ['block'] },
    {
      on: ['Thor', 'Thor::Group', 'Thor::Actions'],
      names: ['run', 'run_ruby_script'],
      sink: { kind: 'command', takes: { positions: [0] }, says: 'handed to a program as an argument' },
    },
    {
      on: ['Thor', 'Thor::Group', 'Thor::Actions'],
      names: ['create_file', 'append_to_file', 'add_file', 'insert_into_file', 'prepend_to_file'],
      sink: { kind: 'file', takes: { positions: [1] }, says: 'written to a file' },
    },
  ],
  documentation: 'http://whatisthor.com/',
}
