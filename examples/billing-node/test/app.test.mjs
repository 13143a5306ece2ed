// The service's own tests, against a ledger that runs: `node --test`.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { server } from '../app.mjs'

let origin
before(async () => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${server.address().port}`
})
after(() => server.close())

const billing = async (path) => (await fetch(origin + path)).json()

test('is healthy', async () => assert.deepEqual(await billing('/health'), { status: 'ok' }))

test('shows the balance that the ledger has', async () =>
  assert.deepEqual(await billing('/balance'), { available: 12500, currency: 'eur' }))

test('shows a charge', async () => assert.equal((await billing('/charges/ch_1')).id, 'ch_1'))

test('says what went wrong with a charge', async () =>
  assert.match((await billing('/charges/none')).error, /answered 404$/))

test('finds charges by customer', async () =>
  assert.deepEqual(
    (await billing('/search?q=Ana')).charges.map(({ id }) => id),
    ['ch_1'],
  ))

test('adds up a month', async () =>
  assert.deepEqual(await billing('/reports/2026-10'), { month: '2026-10', total: 4200 }))
