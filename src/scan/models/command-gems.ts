import type { Model, SinkModel } from '../model.ts'

const argued: SinkModel = { kind: 'command', takes: 'all', says: 'handed to a program as an argument' }

/** TTY::Command, POSIX::Spawn, Mixlib::ShellOut, ChildProcess: their environments and input are given by name. */
export const commandGems: Model = {
  id: 'command-gems',
  title: 'TTY::Command and its like',
  calls: [
    { on: ['TTY::Command'], names: ['new'], type: 'commander' },
    { on: ['commander'], names: ['run', 'run!', 'test'], sink: argued },
    { on: ['POSIX::Spawn'], names: ['spawn', 'system', 'popen4', '`'], sink: argued },
    { on: ['POSIX::Spawn::Child', 'Mixlib::ShellOut', 'Subprocess::Process'], names: ['new', 'build'], sink: argued },
    { on: ['Subprocess'], names: ['call', 'check_call', 'check_output'], sink: argued },
    { on: ['ChildProcess'], names: ['build', 'new'], sink: argued },
    { on: ['*'], names: ['shell_out', 'shell_out!'], sink: argued },
    { on: ['Terrapin::CommandLine', 'Cocaine::CommandLine'], names: ['new'], type: 'command line', sink: argued },
    // What fills the places of the line is named.
    {
      on: ['command line'],
      names: ['run', 'command'],
      sink: {
        kind: 'command',
        takes: { named: ['key', 'token', 'secret', 'password', 'header', 'auth', 'api_key'] },
        says: 'put in the line of a command',
      },
    },
  ],
  documentation: 'https://github.com/piotrmurach/tty-command',
}
