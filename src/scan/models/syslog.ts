import type { Model } from '../model.ts'

/** The system's log, over Ruby's own Syslog and the gems of its protocols. */
export const syslog: Model = {
  id: 'syslog',
  title: 'Syslog',
  values: { Syslog: 'logger' },
  calls: [
    { on: ['logger'], names: ['open', 'open!', 'reopen'], type: 'logger', blockTakes: ['logger'] },
    { on: ['RemoteSyslogLogger', 'SyslogLogger', 'Remote_syslog::Logger'], names: ['new'], type: 'logger' },
    {
      on: [
        'RemoteSyslogSender',
        'RemoteSyslogSender::UdpSender',
        'RemoteSyslogSender::TcpSender',
        'SyslogProtocol::Logger',
      ],
      names: ['new'],
      type: 'syslog sender',
    },
    {
      on: ['syslog sender'],
      names: ['transmit', 'write', 'puts', 'info', 'warning', 'error', 'debug', 'notice', 'alert', 'critical'],
      sink: { kind: 'log', takes: 'all', says: 'sent to the system’s log' },
    },
  ],
  documentation: 'https://docs.ruby-lang.org/en/3.3/Syslog.html',
}
