import type { Client, EcosystemClients } from './client.ts'

export const rubyClients: EcosystemClients<Client> = {
  ecosystem: 'ruby',
  title: 'Ruby 3.1',
  clients: [],
}
