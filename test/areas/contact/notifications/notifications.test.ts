import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { notificationsFor } from '../../../../src/areas/contact/notifications/templates.ts'
import { type EventRow, eventTypes } from '../../../../src/core/events.ts'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { eventually } from '../../../support/eventually.ts'
import { aBooking, ok, review } from '../../../support/story.ts'

const speaks = (who: Caller, locale: string) =>
  database().write([sql`update users set locale = ${locale} where id = ${who.userId}`])

const notificationsOf = async (as: Caller, query = '') =>
  (await ok(api(`/v1/me/notifications?limit=100${query}`, { as }))).body.data

/** By themselves, over the real queue. */
const notificationOf = (as: Caller, kind: string) =>
  eventually(`the notification ${kind}`, async () =>
    (await notificationsOf(as)).find((note: { kind: string }) => note.kind === kind),
  )

async function aNotification(as: Caller): Promise<string> {
  const id = newId()
  await database().write([
    sql`insert into notifications (id, user_id, event_id, kind, title, body)
        values (${id}, ${as.userId}, ${newId()}, 'booking.confirmed', 'Confirmed', 'They expect you.')`,
  ])
  return id
}

describe('a template', () => {
  it('names an instant as its reader reads it, in their language and zone', async () => {
    const userId = newId()
    const event = {
      id: newId(),
      type: 'dispute.response_reminder',
      data: { userId, respondBy: '2026-11-21T08:30:00.000Z' },
    } as unknown as EventRow
    const textFor = async (locale: string, timezone: string) => {
      const [note] = await notificationsFor(event, [{ userId, locale, timezone }])
      return note?.body
    }
    expect(await textFor('en', 'Africa/Cairo')).toContain('21 November 2026 at 10:30')
    expect(await textFor('ar-EG', 'Asia/Bishkek')).toContain('٢١ نوفمبر ٢٠٢٦')
  })

  it('has a text in every language', () => {
    for (const { notifies } of Object.values(eventTypes)) {
      for (const texts of Object.values(notifies ?? {})) {
        expect(Object.keys(texts).sort()).toEqual(['ar', 'en'])
        expect(texts.ar.title).toMatch(/\p{Script=Arabic}/u)
        expect(texts.ar.body).toMatch(/\p{Script=Arabic}/u)
      }
    }
  })
})

describe.concurrent('a notification', () => {
  it('reports what others did, in the language of its reader', async () => {
    const { client, tasker, bookingId } = await aBooking({ state: 'accepted' })
    await speaks(client, 'ar-EG')
    await speaks(tasker, 'en-GB')
    await ok(api(`/v1/bookings/${bookingId}/confirm`, { as: client, method: 'POST' }))
    expect(await notificationOf(tasker, 'booking.confirmed')).toMatchObject({
      title: 'Your booking is confirmed',
      data: { bookingId, to: 'confirmed' },
      readAt: null,
    })
    await ok(api(`/v1/bookings/${bookingId}/start`, { as: tasker, method: 'POST' }))
    expect(await notificationOf(client, 'booking.in_progress')).toMatchObject({ title: 'بدأ العمل' })
    // No one is notified of their own action.
    const kinds = (await notificationsOf(client)).map(({ kind }: { kind: string }) => kind)
    expect(kinds).not.toContain('booking.confirmed')
  })

  it('is a whole sentence with the numbers of the event', async () => {
    const story = await aBooking({ state: 'completed' })
    await speaks(story.tasker, 'en')
    await speaks(story.client, 'ar')
    await review(story, story.client, 1)
    await review(story, story.tasker, 2)
    expect((await notificationOf(story.tasker, 'review.published')).body).toBe(
      '1 star for your last booking.',
    )
    expect((await notificationOf(story.client, 'review.published')).body).toBe('نجمتان عن حجزك الأخير.')
  })
})

describe('a user who gets or loses a role', () => {
  it('is notified with the name of the role', async () => {
    const [admin, user] = [await signedIn('admin'), await signedIn()]
    await speaks(user, 'en')
    const ask = { role: 'support', reason: 'Night shift' }
    const { id } = (await ok(api('/v1/me/role-requests', { as: user, body: ask }))).body
    const decide = (action: string) =>
      ok(api(`/v1/user-roles/${id}/${action}`, { as: admin, body: { reason: 'So be it' } }))
    await decide('approve')
    expect(await notificationOf(user, 'user_role.approved')).toMatchObject({
      title: 'You have a new role',
      body: 'You have the role “support” from your next sign-in. Staff need a second factor.',
    })
    await speaks(user, 'ar')
    await decide('revoke')
    expect(await notificationOf(user, 'user_role.revoked')).toMatchObject({
      body: 'لم يعد لديك الدور «support».',
    })
  })
})

describe('notifications', () => {
  it('are marked as read once, by their reader only', async () => {
    const me = await signedIn()
    const id = await aNotification(me)
    const path = `/v1/me/notifications/${id}/read`
    expect(await notificationsOf(me, '&unread=true')).toHaveLength(1)
    expect((await api(path, { as: await signedIn(), method: 'POST' })).status).toBe(404)
    const first = await ok(api(path, { as: me, method: 'POST' }))
    expect(first.body.readAt).toEqual(expect.any(String))
    expect((await ok(api(path, { as: me, method: 'POST' }))).body).toEqual(first.body)
    expect(await notificationsOf(me, '&unread=true')).toEqual([])
    expect(await notificationsOf(me)).toHaveLength(1)
    expect(await notificationsOf(await signedIn())).toEqual([])
  })
})

describe('preferences', () => {
  const path = '/v1/me/notification-preferences'

  it('have defaults, and change by field and by kind', async () => {
    const me = await signedIn()
    const { body: defaults } = await ok(api(path, { as: me }))
    expect(defaults).toMatchObject({
      pushEnabled: true,
      smsEnabled: false,
      emailEnabled: false,
      preferences: {},
    })
    const patch = (body: object, headers = {}) => api(path, { as: me, method: 'PATCH', body, headers })
    await ok(patch({ smsEnabled: true, preferences: { 'booking.confirmed': false } }))
    await ok(patch({ preferences: { 'offer.created': true } }))
    const { body, headers } = await ok(api(path, { as: me }))
    expect(body).toMatchObject({
      pushEnabled: true,
      smsEnabled: true,
      preferences: { 'booking.confirmed': false, 'offer.created': true },
    })
    const etag = headers.get('etag') as string
    expect((await patch({ pushEnabled: false }, { 'if-match': etag })).status).toBe(200)
    expect((await patch({ pushEnabled: true }, { 'if-match': etag })).status).toBe(412)
  })

  it('refuse an unknown kind', async () => {
    const as = await signedIn()
    for (const preferences of [{ 'not a kind': true }, { 'booking.confirmed': 'yes' }]) {
      expect((await api(path, { as, method: 'PATCH', body: { preferences } })).status).toBe(400)
    }
  })
})
