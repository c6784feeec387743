import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { type DevMessage, listDevMessages } from '../../../../src/providers/dev-outbox.ts'
import { ProviderError } from '../../../../src/providers/provider-error.ts'
import { consumeErasure } from '../../../../src/queues/erasure.ts'
import { consumeEvent } from '../../../../src/queues/events.ts'
import { consumeNotification } from '../../../../src/queues/notifications.ts'
import { api, database, env, signedIn } from '../../../support/api.ts'
import { consumeNow, hookAt, receivedAt } from '../../../support/queues.ts'
import { ok } from '../../../support/story.ts'
import { timePasses, tracesInDatabase } from '../privacy/traces.ts'
import { anAddress, fromAddress } from './sign-in.ts'
import {
  anEmail,
  asSigned,
  call,
  codeOf,
  enrolled,
  logIn,
  mailRests,
  otherPassword,
  type PasswordPerson,
  registeredByEmail,
  type Signed,
  totpCode,
} from './sign-in-methods.ts'

type Owner = Signed & { user: { id: string } }

/** The notifications that are left to be sent after somebody's events, by kind. */
async function notesOf({ user }: Owner): Promise<{ id: string; kind: string }[]> {
  const events = await database().read<{ id: string }>(
    sql`select id from outbox where object_id = ${user.id} and dispatched_at is null order by seq`,
  )
  for (const { id } of events) await consumeEvent(env, id)
  return database().read(
    sql`select id, kind from notifications where user_id = ${user.id} and delivered_at is null order by id`,
  )
}

const deliver = (notificationId: string, overrides: object = {}) =>
  consumeNotification({ ...env, ...overrides }, { kind: 'notification', notificationId })

async function deliverAll(owner: Owner): Promise<void> {
  for (const { id } of await notesOf(owner)) await deliver(id)
}

const mailsTo = async (address: string): Promise<DevMessage[]> =>
  (await listDevMessages(env, address)).filter(({ channel }) => channel === 'email')

const subjectsTo = async (address: string) =>
  (await mailsTo(address)).map(({ text }) => text.split('\n')[0]).reverse()

const waiting = ({ user }: Owner) =>
  database().read<{ channel: string; recipient: string }>(
    sql`select channel, recipient from security_notifications where user_id = ${user.id}`,
  )

async function changeEmail(person: PasswordPerson, email = anEmail()): Promise<string> {
  await mailRests(email)
  const proof = { currentPassword: person.password }
  const { verificationId } = (await ok(call(person, '/v1/me/email', { email, ...proof }))).body
  const code = await codeOf(verificationId)
  const verified = await call(person, '/v1/me/email/verify', { verificationId, code })
  expect([verified.status, verified.headers.get('server-timing')]).toEqual([
    204,
    expect.stringContaining('round-trips=1'),
  ])
  return email
}

const changePassword = ({ accessToken, password }: PasswordPerson) =>
  ok(
    call(
      { accessToken },
      '/v1/me/password',
      { currentPassword: password, newPassword: otherPassword },
      'PUT',
    ),
  )

/** A mail provider of its own, which misbehaves as configured. */
async function mailer(behaviour: object = {}) {
  const name = newId()
  const url = await hookAt(name, { body: JSON.stringify({ MessageID: 'M1' }), ...behaviour })
  return { name, overrides: { EMAIL_API_URL: url, EMAIL_API_KEY: 'server-token' } }
}

const wayOf = async (notificationId: string) =>
  (
    await database().read<{ status: string; attempts: number }>(
      sql`select status, attempts from notification_deliveries where notification_id = ${notificationId} and channel = 'email' and device = 'security'`,
    )
  )[0]

it('a changed address notifies the previous one, once', async () => {
  const person = await registeredByEmail()
  const email = await changeEmail(person, `m${anEmail()}`)
  const [note] = await notesOf(person)
  expect(note?.kind).toBe('user.email_changed')
  const message = { kind: 'notification', notificationId: note?.id }
  await consumeNow('khidma-notifications', message)
  await consumeNow('khidma-notifications', message, message)
  const [mail, ...more] = await mailsTo(person.email)
  expect(more).toEqual([])
  expect(mail?.text).toMatch(
    /^The e-mail address of your Khidma account was changed\n\nOn \d{1,2} \w+ \d{4} at .* to m\*\*\*@example\.com\. /,
  )
  expect(mail?.text).not.toContain(email)
  expect(await mailsTo(email)).toEqual([])
  expect(await waiting(person)).toEqual([])
})

it('is in the language of the account', async () => {
  const person = await registeredByEmail()
  await ok(call(person, '/v1/me', { locale: 'ar-EG' }, 'PATCH'))
  await changeEmail(person)
  await deliverAll(person)
  const [mail] = await mailsTo(person.email)
  expect(mail?.text).toMatch(/^تغيّر البريد الإلكتروني لحسابك في خدمة\n\n.*p\*\*\*@example\.com/)
})

it('the previous address is stored in one place until the notification is sent', async () => {
  const person = await registeredByEmail()
  const before = new Set((await tracesInDatabase([person.email])).map((place) => place.split(':')[0]))
  expect(before).toContain('users.email')
  const headers = { 'idempotency-key': newId() }
  const email = anEmail()
  const proof = { currentPassword: person.password }
  const { verificationId } = (await ok(call(person, '/v1/me/email', { email, ...proof }))).body
  const body = { verificationId, code: await codeOf(verificationId) }
  const confirm = () => api('/v1/me/email/verify', { body, headers: { ...headers, authorization } })
  const authorization = `Bearer ${person.accessToken}`
  expect([(await confirm()).status, (await confirm()).status]).toEqual([204, 204])
  const [note] = await notesOf(person)
  await expect(deliver(note?.id ?? '', { ...(await mailer({ status: 503 })).overrides })).rejects.toThrow()
  expect(await waiting(person)).toEqual([{ channel: 'email', recipient: person.email }])
  const places = async () => {
    const found = await tracesInDatabase([person.email])
    return found.map((place) => place.split(':')[0]).filter((place) => !before.has(place))
  }
  // The audit log says that the address was replaced, and masks it.
  expect(await places()).toEqual(['security_notifications.recipient'])
  await deliver(note?.id ?? '')
  expect(await places()).toEqual([])
  const [logged] = await database().read<{ changes: object }>(
    sql`select meta -> 'changes' -> 'email' as changes from audit_log
         where action = 'users.update' and target_id = ${person.user.id} and meta -> 'changes' ? 'email'`,
  )
  expect(logged?.changes).toEqual(['p***@example.com', 'p***@example.com'])
})

it('changes of password, second factor and backup codes notify the verified address', async () => {
  const person = await registeredByEmail()
  await changePassword(person)
  const factor = await enrolled(person)
  expect((await call(factor, '/v1/me/mfa/backup-codes')).status).toBe(200)
  const { token } = (await logIn(person.email, otherPassword)).body.challenge
  expect((await call(factor, '/v1/auth/mfa/verify', { challenge: token, code: 'AAAAA-AAAAA' })).status).toBe(
    422,
  )
  const { backupCodes } = (await ok(call(factor, '/v1/me/mfa/backup-codes'))).body
  await ok(api('/v1/auth/mfa/verify', { body: { challenge: token, code: backupCodes[0] } }))
  await ok(call(factor, `/v1/me/mfa/factors/${factor.factorId}`, undefined, 'DELETE'))
  await deliverAll(person)
  expect(await subjectsTo(person.email)).toEqual([
    'The password of your Khidma account was changed',
    'Your Khidma account has a new second factor',
    'Your Khidma account has new backup codes',
    'Your Khidma account has new backup codes',
    'A backup code of your Khidma account was used',
    'A second factor of your Khidma account was removed',
  ])
  const { body } = await call(factor, '/v1/me/notifications', undefined, 'GET')
  expect(body.data.map(({ kind }: { kind: string }) => kind)).toContain('user.backup_codes_changed')
})

it('a password reset and the use of a backup code notify the verified address', async () => {
  const person = await registeredByEmail()
  const { accessToken, backupCodes } = await enrolled(person)
  const challenge = (await ok(call({ accessToken }, '/v1/auth/mfa/challenge'))).body.token
  await ok(call({ accessToken }, '/v1/auth/mfa/step-up', { challenge, code: backupCodes[1] }))
  await mailRests(person.email)
  const headers = fromAddress(anAddress())
  const asked = await ok(api('/v1/auth/password-reset/request', { body: { email: person.email }, headers }))
  const { resetId } = asked.body
  const code = await codeOf(resetId)
  const { resetToken } = (await ok(api('/v1/auth/password-reset/verify', { body: { resetId, code } }))).body
  await ok(api('/v1/auth/password-reset', { body: { resetToken, newPassword: otherPassword } }))
  await deliverAll(person)
  expect((await subjectsTo(person.email)).slice(1)).toEqual([
    'A backup code of your Khidma account was used',
    'The password of your Khidma account was changed',
  ])
})

it('goes to the address at the time of the change, even if it changed since', async () => {
  const person = await registeredByEmail()
  await changePassword(person)
  const email = await changeEmail({ ...person, password: otherPassword })
  await deliverAll(person)
  expect((await subjectsTo(person.email)).sort()).toEqual([
    'The e-mail address of your Khidma account was changed',
    'The password of your Khidma account was changed',
  ])
  expect(await subjectsTo(email)).toEqual([])
})

it('ignores preferences, and is sent once to users with e-mail on', async () => {
  const person = await registeredByEmail()
  const prefer = (body: object) => ok(call(person, '/v1/me/notification-preferences', body, 'PATCH'))
  await prefer({ pushEnabled: false, preferences: { 'user.password_changed': false } })
  await changePassword(person)
  await deliverAll(person)
  expect(await mailsTo(person.email)).toHaveLength(1)
  await prefer({ emailEnabled: true })
  const factor = await enrolled(person)
  await deliverAll(person)
  expect(await mailsTo(person.email)).toHaveLength(2)
  // With mail switched on, the new address is notified as well as the old one.
  const email = await changeEmail({ ...person, ...factor, password: otherPassword })
  await deliverAll(person)
  expect([(await mailsTo(person.email)).length, (await mailsTo(email)).length]).toEqual([3, 1])
})

it('an unverified address gets no notification, nor does adding a first address send one', async () => {
  const caller = await signedIn('client')
  const owner = { ...asSigned(caller), user: { id: caller.userId } }
  const named = anEmail()
  await database().write([sql`update users set email = ${named} where id = ${caller.userId}`])
  await enrolled(owner)
  expect(await waiting(owner)).toEqual([])
  const other = await signedIn('client')
  const email = anEmail()
  const { verificationId } = (await ok(call(other, '/v1/me/email', { email }))).body
  const code = await codeOf(verificationId)
  await ok(call(other, '/v1/me/email/verify', { verificationId, code }))
  const second = { ...asSigned(other), user: { id: other.userId } }
  expect(await waiting(second)).toEqual([])
  await deliverAll(second)
  expect([...(await mailsTo(named)), ...(await mailsTo(email))]).toEqual([])
})

it.each([
  ['answers 503 first', { failTimes: 1, failStatus: 503 }, [503, 200]],
  ['takes the mail and never answers', { dropTimes: 1 }, [0, 200]],
])(
  'a provider that %s is tried again with the same key, and no more after that',
  async (_, behaviour, statuses) => {
    const person = await registeredByEmail()
    await changeEmail(person)
    const [note] = await notesOf(person)
    const id = note?.id ?? ''
    const { name, overrides } = await mailer(behaviour)
    await expect(deliver(id, overrides)).rejects.toThrow(ProviderError)
    expect([(await waiting(person)).length, await wayOf(id)]).toEqual([1, { status: 'pending', attempts: 1 }])
    await deliver(id, overrides)
    await deliver(id, overrides)
    const received = await receivedAt(name)
    expect(received.map(({ status }) => status)).toEqual(statuses)
    expect(new Set(received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
    expect(received.map(({ text }) => JSON.parse(text).To)).toEqual([person.email, person.email])
    expect([await waiting(person), await wayOf(id)]).toEqual([[], { status: 'sent', attempts: 2 }])
  },
)

it('a permanent refusal of the provider ends the attempts, and the address is deleted', async () => {
  const person = await registeredByEmail()
  await changeEmail(person)
  const [note] = await notesOf(person)
  const id = note?.id ?? ''
  const { name, overrides } = await mailer({ status: 422, body: '{"ErrorCode":406}' })
  await deliver(id, overrides)
  await deliver(id, overrides)
  expect(await receivedAt(name)).toHaveLength(1)
  expect([await waiting(person), await wayOf(id)]).toEqual([[], { status: 'refused', attempts: 1 }])
})

it('an erased user gets no notification, and no address is kept', async () => {
  const person = await registeredByEmail()
  const email = await changeEmail(person)
  const [note] = await notesOf(person)
  const id = note?.id ?? ''
  await expect(deliver(id, (await mailer({ status: 503 })).overrides)).rejects.toThrow(ProviderError)
  const { id: erasureId } = (await ok(call(person, '/v1/me/erasure', {}))).body
  const due = async () => {
    await timePasses(erasureId)
    await consumeErasure(env, erasureId)
  }
  // Between its beginning and the row: nothing is planned for whoever is being forgotten.
  await database().write([sql`update users set erased_at = now() where id = ${person.user.id}`])
  await deliver(id)
  expect(await mailsTo(person.email)).toEqual([])
  await database().write([sql`update users set erased_at = null where id = ${person.user.id}`])
  await due()
  expect(await waiting(person)).toEqual([])
  await deliver(id)
  expect(await mailsTo(person.email)).toEqual([])
  await due()
  expect(await tracesInDatabase([person.email, email])).toEqual([])
})

it('an unreachable recipient is deleted after two days', async () => {
  const person = await registeredByEmail()
  await changePassword(person)
  const age = (hours: number) =>
    database().write(
      [
        sql`update security_notifications set created_at = now() - make_interval(hours => ${hours}) where user_id = ${person.user.id}`,
      ],
      sql`select khidma.purge_credentials(1000)`,
    )
  await age(47)
  expect(await waiting(person)).toHaveLength(1)
  await age(49)
  expect(await waiting(person)).toEqual([])
  await deliverAll(person)
  expect(await notesOf(person)).toEqual([])
})

it('a sign-in with the code of the app sends no notification', async () => {
  const person = await registeredByEmail()
  const { secret } = await enrolled(person)
  await deliverAll(person)
  const { token } = (await logIn(person.email, person.password)).body.challenge
  await ok(api('/v1/auth/mfa/verify', { body: { challenge: token, code: totpCode(secret) } }))
  expect(await waiting(person)).toEqual([])
})
