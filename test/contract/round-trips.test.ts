import { expect, it } from 'vitest'
import credentials from '../../docs/credentials.md?raw'
import money from '../../docs/money.md?raw'
import { aPhone } from '../areas/people/identity/sign-in.ts'
import {
  anEmail,
  aUsername,
  call,
  goodPassword,
  logIn,
  otherPassword,
  type PasswordPerson,
  registered,
} from '../areas/people/identity/sign-in-methods.ts'
import type { Answer } from '../support/api.ts'
import { roundTripsIn } from './declared.ts'
import { aroundGateways, twoRoundTrips } from './round-trips.ts'

/** How each operation of the list is called so that it needs both. */
const calls: Record<string, (person: PasswordPerson) => Promise<Answer<unknown>>> = {
  'auth.login': ({ email, password }) => logIn(email, password),
  'me.changePassword': (person) =>
    call(person, '/v1/me/password', { currentPassword: goodPassword, newPassword: otherPassword }, 'PUT'),
  'me.changeUsername': (person) =>
    call(person, '/v1/me/username', { username: aUsername(), currentPassword: goodPassword }, 'PUT'),
  'me.changeEmail': (person) =>
    call(person, '/v1/me/email', { email: anEmail(), currentPassword: goodPassword }),
  'me.changePhone': (person) =>
    call(person, '/v1/me/phone', { phone: aPhone(), currentPassword: goodPassword }),
}

it('every exception is called in this test', () => {
  expect(Object.keys(calls)).toEqual(Object.keys(twoRoundTrips))
})

it.each(Object.entries(calls))('%s needs its second round trip', async (_operationId, make) => {
  const { status, headers } = await make(await registered())
  expect(status).toBeLessThan(300)
  expect(roundTripsIn(headers)).toBe(2)
})

it('the docs list the same exceptions', () => {
  const rows = [...credentials.matchAll(/^\| `((?:auth|me)\.\w+)` \| (.+) \|$/gm)]
  expect(Object.fromEntries(rows.map(([, operationId, reason]) => [operationId, reason]))).toEqual(
    twoRoundTrips,
  )
})

it('the docs list the operations around gateways as well', () => {
  const rows = [...money.matchAll(/^\| `([\w]+\.\w+)` \| (.+) \|$/gm)]
  expect(Object.fromEntries(rows.map(([, operationId, reason]) => [operationId, reason]))).toEqual(
    aroundGateways,
  )
})
