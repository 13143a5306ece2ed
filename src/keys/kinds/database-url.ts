import type { KeyKind } from '../kind.ts'
import { markedBase62 } from '../random.ts'

/** The address of a database or a broker with the password in it. What speaks to those is no HTTP, so no door carries it. */
export const databaseUrl: KeyKind = {
  id: 'database-url',
  title: 'database URL with a password',
  use: 'stays',
  shape: {
    prefixes: [
      ...['postgres://', 'postgresql://', 'mysql://', 'mysql2://', 'mariadb://', 'trilogy://', 'sqlserver://'],
      ...['mongodb://', 'mongodb+srv://', 'redis://', 'rediss://', 'amqp://', 'amqps://'],
    ],
    pattern:
      /[a-z0-9+]{5,11}:\/\/(?:[\w.~!&*+=-]|%[0-9A-Fa-f][0-9A-Fa-f]){0,128}:(?:[\w.~!&*+=^-]|%[0-9A-Fa-f][0-9A-Fa-f]){1,256}@[\w.,:[\]-]{1,512}(?:\/[\w./?&=%~+:@-]{0,512})?/,
    isPlaceholder: isOfDevelopment,
  },
  hosts: [],
  carriers: [],
  environment: [
    ...['DATABASE_URL', 'POSTGRES_URL', 'POSTGRESQL_URL', 'MYSQL_URL', 'MONGODB_URI', 'MONGODB_URL', 'MONGO_URL'],
    ...['MONGO_URI', 'REDIS_URL', 'RABBITMQ_URL', 'AMQP_URL', 'CLOUDAMQP_URL'],
  ],
  example: (random) => `postgres://app:${random.base62(24)}@db.internal:5432/app`,
  phantom: (random, { length }) => `postgres://app:${markedBase62(random, length - 36)}@db.internal:5432/app`,
  documentation: 'https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS',
}

/** On the developer's own machine, or with a password that guards nothing. */
function isOfDevelopment(url: string): boolean {
  const [, user = '', password = '', host = ''] = /^[^:]+:\/\/([^:]*):([^@]*)@([^/:,?]*)/.exec(url) ?? []
  const isOwn = /^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[|host\.docker\.internal$)/.test(host)
  return isOwn || password.length < 6 || password === user || weakPasswords.test(password)
}

const weakPasswords =
  /^(?:(?:my|your|the|db|database|user)?[_-]?(?:pass|passwd|password|pwd|pw|secret)\d{0,4}|postgres|postgresql|mysql|mariadb|mongo|mongodb|redis|rabbitmq|root|admin|guest|user|username|test|dev|development|app|x+|\*+|\.+)$/i
