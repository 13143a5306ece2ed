import type { Client, EcosystemClients } from './client.ts'

export const pythonClients: EcosystemClients<Client> = {
  ecosystem: 'python',
  title: 'Python 3.11',
  clients: [],
}
