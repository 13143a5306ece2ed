import type { Model, SinkModel } from '../model.ts'

const sent: SinkModel = { kind: 'response', takes: 'all', says: 'sent to the client over its WebSocket' }

/** WebSockets that browsers open: faye-websocket, sinatra-websocket, em-websocket, async-websocket, Action Cable. */
export const webSockets: Model = {
  id: 'web-sockets',
  title: 'WebSockets',
  calls: [
    { on: ['Faye::WebSocket', 'Tubesock'], names: ['new'], type: 'web socket' },
    { on: ['Faye::EventSource'], names: ['new'], type: 'web socket' },
    { on: ['request'], names: ['websocket'], blockTakes: ['web socket'] },
    { on: ['EM::WebSocket', 'EventMachine::WebSocket'], names: ['run', 'start'], blockTakes: ['web socket'] },
    {
      on: ['Async::WebSocket::Adapters::Rack', 'Async::WebSocket::Adapters::HTTP'],
      names: ['open'],
      gives: ['block'],
      blockTakes: ['web socket'],
    },
    {
      on: ['web socket'],
      names: ['send', 'send_text', 'write', 'puts', 'send_data', 'send_message', '<<'],
      sink: sent,
    },
    // An answer of its own, which takes the connection over.
    { on: ['web socket'], names: ['rack_response'], type: 'plain' },
    { on: ['action cable'], names: ['broadcast'], sink: { ...sent, takes: { positions: [1] } } },
    { on: ['ActionCable'], names: ['server'], type: 'action cable' },
    {
      on: ['ActionCable::Channel::Base', 'ApplicationCable::Channel'],
      names: ['transmit', 'broadcast_to'],
      sink: sent,
    },
  ],
  documentation: 'https://github.com/faye/faye-websocket-ruby',
}
