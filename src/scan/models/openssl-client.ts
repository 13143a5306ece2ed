import { asks, named, positioned, verificationModes } from '../http-options.ts'
import type { Model } from '../model.ts'

const modes = { VERIFY_NONE: 'unasked', '0': 'unasked', VERIFY_PEER: 'peer', '1': 'peer' }
/** Of a context the names, too, are compared only where it says so; a context of a server compares none. */
const names = { false: 'unasked', true: 'peer' }
const writes = ['write', 'puts', 'print', '<<', 'syswrite', 'send', 'write_nonblock', 'printf', 'sendmsg']

/** Ruby's sockets, plain and with TLS, as a client writes to them. A context of a server verifies nothing, and may. */
export const opensslClient: Model = {
  id: 'openssl-client',
  title: 'Sockets and OpenSSL',
  named: [{ pattern: /^@?(?:ssl_?(?:ctx|context)|ctx)$/, type: 'tls context' }],
  verifying: ['OpenSSL::SSL::VERIFY_PEER'],
  judging: ['verify_callback'],
  tellingHow: ['X509::Certificate'],
  watched: ['OpenSSL::SSL::VERIFY_NONE', 'OpenSSL::SSL::SSLContext::DEFAULT_PARAMS'],
  values: { 'OpenSSL::SSL::SSLContext::DEFAULT_PARAMS': 'tls defaults' },
  calls: [
    {
      on: ['tls defaults'],
      names: ['[]=', 'merge!', 'update'],
      options: [named('verification', 'verify_mode', verificationModes)],
    },
    { on: ['OpenSSL::SSL::SSLContext'], names: ['new'], type: 'tls context' },
    { on: ['tls context'], names: ['verify_mode='], options: [positioned('verification', 0, modes)] },
    { on: ['tls context'], names: ['verify_hostname='], options: [positioned('verification', 0, names)] },
    {
      on: ['tls context'],
      names: ['set_params'],
      options: [named('verification', 'verify_mode', modes), named('verification', 'verify_hostname', names)],
    },
    { on: ['tls context'], names: ['cert='], options: [positioned('clientCertificate', 0)] },
    { on: ['tls context'], names: ['key='], options: [positioned('clientKey', 0)] },
    { on: ['tls context'], names: ['ca_file=', 'ca_path=', 'cert_store=', 'min_version='] },
    {
      on: ['TCPSocket'],
      names: ['new', 'open'],
      type: 'socket',
      options: [positioned('host', 0)],
      blockTakes: ['socket'],
    },
    { on: ['Socket'], names: ['tcp'], type: 'socket', options: [positioned('host', 0)], blockTakes: ['socket'] },
    { on: ['OpenSSL::SSL::SSLSocket'], names: ['new', 'open'], type: 'tls socket' },
    { on: ['tls socket'], names: ['connect', 'connect_nonblock'], sink: asks },
    {
      on: ['socket', 'tls socket'],
      names: writes,
      sink: { kind: 'request', takes: 'all', says: 'written to the connection' },
      // A socket’s own limits are not among what it is told.
      defaults: { totalTimeout: '*' },
    },
    { on: ['Timeout'], names: ['timeout'], gives: ['block'], bounds: true },
  ],
  documentation: 'https://docs.ruby-lang.org/en/3.4/OpenSSL/SSL/SSLSocket.html',
}
