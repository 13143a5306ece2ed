import type { Model } from '../model.ts'

/** `--api-key KEY` of a command line: an option with a secret’s name. */
export const optionParser: Model = {
  id: 'option-parser',
  title: 'OptionParser and its like',
  calls: [
    { on: ['OptionParser'], names: ['new'], type: 'option parser', blockTakes: ['result'] },
    { on: ['option parser'], names: ['parse!', 'parse', 'order!', 'permute!', 'getopts'] },
    {
      on: ['option parser'],
      names: ['on', 'define', 'on_tail', 'on_head'],
      blockTakes: ['read'],
      source: {
        label: 'key',
        named: 'each argument',
        names: /^--[\w-]{0,40}(?:api-?key|token|secret|password|passphrase|access-key)(?:[ =[].*)?$/i,
        says: 'is read from the command line',
      },
    },
    { on: ['Optimist', 'Trollop', 'Slop'], names: ['options', 'parse'], type: 'configuration' },
    { on: ['Docopt'], names: ['docopt'], type: 'configuration' },
  ],
  documentation: 'https://docs.ruby-lang.org/en/3.4/OptionParser.html',
}
