import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../../src/core/ids.ts'
import { consumeExport } from '../../../../../src/queues/export.ts'
import { api, type Caller, database, env } from '../../../../support/api.ts'
import { channelOf, enter, enterChannel, roomOf, text, upgrade } from '../../../../support/chat.ts'
import { papersOf } from '../../../../support/profiles.ts'
import {
  aBooking,
  aClient,
  anOps,
  aPostedTask,
  aTasker,
  type BookedStory,
  ok,
  pay,
  taskStateOf,
  withKey,
} from '../../../../support/story.ts'
import {
  mentions,
  runPass,
  type Someone,
  searchTimeout,
  someone,
  storageOf,
  tracesInDatabase,
  tracesInStorage,
} from '../traces.ts'

const wish = (as: Caller, body: object = {}) => api('/v1/me/erasure', { as, body })
const cancel = (as: Caller) => api('/v1/me/erasure', { as, method: 'DELETE' })
const seen = async (id: string) => (await ok(api(`/v1/erasure-requests/${id}`, { as: await anOps() }))).body

async function erase(caller: Caller): Promise<string> {
  const { id } = (await ok(wish(caller, { reason: 'Enough.' }))).body
  await runPass(id)
  await runPass(id)
  expect(await seen(id)).toMatchObject({ status: 'completed', step: null, reason: null })
  return id
}

const pngBytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

async function upload(as: Caller, words: string): Promise<string> {
  const bytes = new Uint8Array([...pngBytes, ...new TextEncoder().encode(words)])
  const body = { kind: 'image', mimeType: 'image/png', fileSize: bytes.byteLength }
  const { id, uploadUrl } = (await ok(api('/v1/media', { as, body }))).body
  const { pathname, search } = new URL(uploadUrl)
  await ok(
    api(`${pathname}${search}`, { method: 'PUT', body: bytes, headers: { 'content-type': 'image/png' } }),
  )
  return id
}

/** Leaves the data that everybody may leave, whatever they are. */
async function liveAs({
  caller: as,
  name,
  arabicName,
  street,
  email,
  nationalNumber,
}: Someone): Promise<void> {
  const put = (path: string, body: object) => ok(api(path, { as, method: 'PUT', body }))
  const patch = (path: string, body: object) => ok(api(path, { as, method: 'PATCH', body }))
  const avatarMediaId = await upload(as, name)
  await patch('/v1/me/profile', {
    bio: `I am ${name} of ${street}.`,
    dateOfBirth: '1990-04-23',
    avatarMediaId,
  })
  await patch('/v1/me/settings', { theme: 'dark' })
  await patch('/v1/me/client-profile', { displayName: arabicName, noteForTaskers: `Ask for ${name}.` })
  await put('/v1/me/candidate-profile', { displayName: name, bio: `Call ${as.phone}.` })
  await patch('/v1/me', { accountType: 'company' })
  await put('/v1/me/company-profile', {
    companyName: `${name} Ltd`,
    contactPersonName: name,
    email,
    phone: as.phone,
  })
  const papers = await papersOf(as, { number: nationalNumber })
  await ok(api('/v1/me/verification-requests', { as, body: papers }))
  await put('/v1/me/languages', { languages: [{ code: 'ar', proficiency: 'native' }] })
  await put(`/v1/me/devices/${newId()}`, { platform: 'android', pushToken: `token ${name}` })
  const location = { lat: 30.0626, lng: 31.2197 }
  await ok(
    api('/v1/me/addresses', {
      as,
      body: { label: 'Home', address: `12 ${street}`, city: 'Cairo', location },
      headers: withKey(),
    }),
  )
  await put(`/v1/me/favourites/${(await aTasker()).userId}`, {})
  await ok(api('/v1/webhooks', { as, body: { url: `http://127.0.0.1:9/${email}`, events: ['task.failed'] } }))
  await ok(
    api('/v1/me/api-keys', {
      as,
      body: { name: `Key of ${name}`, scopes: ['tasks:read'], expiresInDays: 9 },
    }),
  )
  await api('/v1/auth/otp/request', { body: { phone: as.phone } })
  const exportId = newId()
  await database().write([sql`insert into export_requests (id, user_id) values (${exportId}, ${as.userId})`])
  await consumeExport(env, exportId)
  // A refused attempt is written down as well.
  await api('/v1/roles', {
    as,
    body: { name: name.toLowerCase() },
    headers: { 'user-agent': `Phone of ${name}` },
  })
}

/** Holds a conversation in which the other side says and writes things about them. */
async function talkOf({ caller, name, arabicName, email }: Someone, story: BookedStory): Promise<string> {
  const other = caller.userId === story.client.userId ? story.tasker : story.client
  const { data } = (await ok(api('/v1/conversations', { as: caller }))).body
  const chat = {
    conversationId: data.find((talk: { bookingId: string }) => talk.bookingId === story.bookingId).id,
  }
  const { device: mine } = await enter(chat, caller)
  const { device: theirs } = await enter(chat, other)
  await mine.ask(text(`My name is ${name}.`))
  const { messageId } = await mine.ask(text(`Write to ${email}`))
  await mine.ask({ type: 'edit', clientActionId: newId(), messageId, text: `Or call ${caller.phone}` })
  await theirs.ask(text(`Thank you, ${name}! I have ${caller.phone} and ${email}.`))
  await theirs.ask(text(`Dialled at home that is 0${caller.phone.slice(3)}, or ${caller.phone.slice(3)}.`))
  await theirs.ask(text(`شكرا ${arabicName}`))
  await theirs.ask(text('See you tomorrow.'))
  await ok(api(`/v1/conversations/${chat.conversationId}/messages`, { as: caller }))
  await theirs.ask(text(`${name}, are you there?`))
  return chat.conversationId
}

async function reviewsOf(
  { caller, name }: Someone,
  { bookingId, client, tasker }: BookedStory,
): Promise<void> {
  for (const as of [client, tasker]) {
    const comment = as.userId === caller.userId ? `${name} was here.` : `${name} was kind.`
    await ok(api(`/v1/bookings/${bookingId}/review`, { as, body: { rating: 5, comment } }))
    const description = `About ${name}: the gas.`
    await ok(api('/v1/reports', { as, body: { bookingId, kind: 'safety', description } }))
  }
}

const allTraces = async (words: string[]) => [
  ...(await tracesInDatabase(words)),
  ...(await tracesInStorage(words)),
]

describe('a client who is erased', { timeout: searchTimeout }, () => {
  it('leaves no trace, and the ledger balances', async () => {
    const person = await someone(await aClient())
    const { caller, name, street, traces } = person
    await liveAs(person)
    const story = await aBooking({ client: caller, state: 'completed' })
    const said = await talkOf(person, story)
    await pay(story)
    await reviewsOf(person, story)
    const later = new Date(Date.now() + 9 * 86_400_000)
    const canceled = await aBooking({ client: caller, tasker: story.tasker, startsAt: later })
    const reason = { reason: `${name} is away.` }
    await ok(api(`/v1/bookings/${canceled.bookingId}/cancel`, { as: canceled.tasker, body: reason }))
    const where = { description: `${name}: a tap`, address: `12 ${street}` }
    await database().write([
      sql`update tasks set description = ${where.description}, address = ${where.address} where id = ${story.taskId}`,
    ])
    expect((await tracesInDatabase(traces)).length).toBeGreaterThan(15)
    expect((await tracesInStorage(traces)).length).toBeGreaterThan(1)

    await erase(caller)

    expect(await allTraces(traces)).toEqual([])
    expect(mentions(await storageOf(roomOf({ conversationId: said })), traces)).toBe(false)
    for (const who of [caller, story.tasker]) {
      expect(mentions(await storageOf(channelOf(who)), traces)).toBe(false)
    }
    expect(await taskStateOf(story.taskId)).toBe('reviewed')
    const { body } = await ok(api(`/v1/conversations/${said}/messages`, { as: story.tasker }))
    expect(JSON.stringify(body.data)).toContain('See you tomorrow.')
    expect(JSON.stringify(body.data)).toContain('[erased]')
    await expectTheBooksToStand(story)
  })

  it('is signed out everywhere, and no queued work acts for them', async () => {
    const caller = await aClient()
    const { body: key } = await ok(
      api('/v1/me/api-keys', { as: caller, body: { name: 'Key', scopes: ['tasks:read'], expiresInDays: 9 } }),
    )
    const { device } = await enterChannel(caller)
    const { id } = (await ok(wish(caller))).body
    await runPass(id)
    expect(await device.closing()).toMatchObject({ code: 4501 })
    expect((await upgrade('/v1/me/socket', caller)).status).toBe(401)
    const write = await api('/v1/me/client-profile', {
      as: caller,
      method: 'PATCH',
      body: { displayName: 'Back' },
    })
    expect(write).toMatchObject({ status: 401, body: { code: 'session_ended' } })
    expect((await cancel(caller)).status).toBe(401)
    const byKey = { ...caller, accessToken: key.key }
    expect((await api('/v1/tasks', { as: byKey })).status).toBe(401)
    // The number is free: whoever has it now is somebody else.
    const again = newId()
    await database().write([sql`insert into users (id, phone) values (${again}, ${caller.phone})`])
  })
})

describe('a tasker who is erased', { timeout: searchTimeout }, () => {
  it('leaves no trace, cannot be booked, and stays in the ledger with their earnings', async () => {
    const person = await someone(await aTasker())
    const { caller, name, traces } = person
    await liveAs(person)
    const bio = { bio: `${name}, plumber since 2008.` }
    await ok(api('/v1/me/tasker-profile', { as: caller, method: 'PATCH', body: bio }))
    const description = `${name} knows the way.`
    const story = await aBooking({ tasker: caller, state: 'completed' })
    await database().write([sql`update tasks set description = ${description} where id = ${story.taskId}`])
    const said = await talkOf(person, story)
    await pay(story)
    await reviewsOf(person, story)
    const { taskId } = await aPostedTask()
    await database().write([
      sql`insert into offers (id, task_id, tasker_id, wave, expires_at) values (${newId()}, ${taskId}, ${caller.userId}, 1, now() + interval '1 hour')`,
    ])

    await erase(caller)

    expect(await allTraces(traces)).toEqual([])
    expect(mentions(await storageOf(roomOf({ conversationId: said })), traces)).toBe(false)
    expect((await api(`/v1/taskers/${caller.userId}`)).status).toBe(404)
    const [left] = await database().read(sql`
      select (select count(*)::int from match_index where tasker_id = ${caller.userId}) as indexed,
             (select json_agg(status) from offers where tasker_id = ${caller.userId}) as offers`)
    expect(left).toEqual({ indexed: 0, offers: ['withdrawn'] })
    await expectTheBooksToStand(story)
  })
})

async function expectTheBooksToStand({ bookingId }: BookedStory): Promise<void> {
  const [books] = await database().read<{ lines: number; sum: number }>(sql`
    select count(*)::int as lines, sum(l.amount)::int as sum from ledger_lines l join ledger_entries e on e.id = l.entry_id
     where e.booking_id = ${bookingId}`)
  expect(books?.lines).toBeGreaterThan(1)
  expect(books?.sum).toBe(0)
}
