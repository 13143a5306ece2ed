import { expect, it } from 'vitest'
import { secretNames } from './secret-name.ts'

const isSecretName = secretNames([])

it.each([
  ...['API_KEY', 'STRIPE_KEY', 'SERVICE_TOKEN', 'DB_PASSWORD', 'CLIENT_SECRET', 'SECRET_KEY_BASE', 'GITHUB_PAT'],
  ...['AWS_SECRET_ACCESS_KEY', 'SMTP_PASS', 'dbPassword', 'apiKey', 'api_key', 'MY_APIKEY', 'TOKEN', 'JWT_SECRET'],
  ...['DB_PWD', 'SMTP_PWD', 'PRIVATE_KEY', 'AUTH_TOKEN_PROD', 'GOOGLE_CREDENTIALS'],
])('%s is a secret', (name) => expect(isSecretName(name)).toBe(true))

it.each([
  ...['PUBLIC_KEY', 'KEY_PATH', 'RACK_ENV', 'PORT', 'TOKEN_URL', 'AWS_ACCESS_KEY_ID', 'PASSWORD_FILE', 'KEYBOARD'],
  ...['MONKEY', 'CACHE_KEY', 'TOKEN_TTL', 'STRIPE_PUBLISHABLE_KEY', 'SECRET_NAME', 'SSL_KEY', 'COMPASS', 'BYPASS'],
  ...['API_KEY_HEADER', 'PATH', 'DATABASE_URL', 'new_key', 'PASSENGER_APP', 'TOKENIZER', ''],
  ...['PWD', 'OLDPWD', 'hashed_password', 'crypted_password', 'ENCRYPTED_TOKEN'],
])('%s is none', (name) => expect(isSecretName(name)).toBe(false))
