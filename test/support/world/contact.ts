import { sql } from 'drizzle-orm'
import { newId } from '../../../src/core/ids.ts'
import { insertion } from '../../../src/db/patch.ts'
import { notifications } from '../../../src/db/schema/contact/notifications.ts'
import { api, database, signedIn } from '../api.ts'
import { aBooking, ok } from '../story.ts'
import type { World } from './object.ts'

/** Conversations and notifications. */
export const contact: World = {
  conversationId: async () => {
    const { client, tasker } = await aBooking()
    const { data } = (await ok(api('/v1/conversations', { as: client }))).body
    return { params: { conversationId: data[0].id }, parties: [client, tasker] }
  },
  notificationId: async () => {
    const user = await signedIn('client')
    const notificationId = newId()
    const row = { id: notificationId, userId: user.userId, kind: 'test', title: 'Hello' }
    await database().write([sql`insert into notifications ${insertion(notifications, row)}`])
    return { params: { notificationId }, parties: [user] }
  },
}
