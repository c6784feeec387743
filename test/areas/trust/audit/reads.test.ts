import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { operations } from '../../../../src/http/operation.ts'
import { recordedReads } from '../../../../src/http/recorded-reads.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { aChat } from '../../../support/chat.ts'
import { aFile, submitted } from '../../../support/profiles.ts'
import { aRoleName } from '../../../support/staff.ts'
import { aClient, anAdmin, anOps, aPostedTask, ok } from '../../../support/story.ts'
import { statusOf } from '../../people/access/support.ts'
import { aKey, callerOf } from '../../people/api-keys/keys.ts'

/** Returns the entries that a call left in the log, by its request id, after checking that it cost one round trip all the same. */
async function entriesOf(path: string, as: Caller, status = 200) {
  const requestId = newId()
  const answer = await api(path, { as, headers: { 'x-request-id': requestId } })
  expect([path, answer.status]).toEqual([path, status])
  expect(answer.headers.get('server-timing')).toContain('round-trips=1')
  return database().read<{
    action: string
    actorType: string
    actorId: string
    targetType: string
    targetId: string
    subject: string
    meta: object
  }>(sql`select action, actor_type as "actorType", actor_id as "actorId", target_type as "targetType", target_id as "targetId",
                subject_user_id as subject, meta from audit_log where request_id = ${requestId} order by id`)
}

describe('a read of personal data by staff', () => {
  it('is recorded for an account, its documents and files', async () => {
    const [ops, { user, id }] = [await anOps(), await submitted()]
    const front = await aFile(user, 'document')
    const seen = [
      ['users.get', `/v1/users/${user.userId}`, 'users', user.userId],
      ['verifications.get', `/v1/verifications/${id}`, 'verification_requests', id],
      ['media.get', `/v1/media/${front}`, 'media_files', front],
    ] as const
    for (const [action, path, targetType, targetId] of seen)
      expect(await entriesOf(path, ops)).toEqual([
        {
          action,
          actorType: 'employee',
          actorId: ops.userId,
          targetType,
          targetId,
          subject: user.userId,
          meta: {},
        },
      ])
  })

  it('is recorded for each person of the returned page, and no other', async () => {
    const ops = await anOps()
    const users = [await aClient(), await aClient(), await aClient()]
    const requestId = newId()
    const headers = { 'x-request-id': requestId }
    const { data } = (await ok(api('/v1/users?limit=2', { as: ops, headers }))).body
    const rows = await database().read<{ subject: string; action: string }>(
      sql`select subject_user_id as subject, action from audit_log where request_id = ${requestId}`,
    )
    const shown = data.map(({ id }: { id: string }) => id).filter((id: string) => id !== ops.userId)
    expect(rows.map(({ subject }) => subject).sort()).toEqual(shown.sort())
    expect(new Set(rows.map(({ action }) => action))).toEqual(new Set(['users.list']))
    expect(users).toHaveLength(3)
  })

  it('is recorded for both participants of a conversation', async () => {
    const [ops, chat] = [await anOps(), await aChat()]
    const parties = chat.people.map(({ userId }) => userId).sort()
    for (const path of ['', '/messages']) {
      const rows = await entriesOf(`/v1/conversations/${chat.conversationId}${path}`, ops)
      expect(rows.map(({ subject }) => subject).sort()).toEqual(parties)
      expect(rows[0]).toMatchObject({ targetType: 'conversations', targetId: chat.conversationId })
    }
    const rows = await entriesOf(`/v1/conversations/${chat.conversationId}/messages`, chat.people[0])
    expect(rows).toEqual([])
  })

  it('is recorded for the audit log, also with an API key, with its filters', async () => {
    const admin = await anAdmin()
    const key = callerOf(await aKey(['audit:read'], { owner: admin }))
    const [byHand] = await entriesOf('/v1/audit-log?limit=1', admin)
    expect(byHand).toMatchObject({
      action: 'audit.list',
      targetType: 'audit_log',
      targetId: null,
      subject: null,
    })
    const [byKey] = await entriesOf('/v1/audit-log?limit=1', key)
    expect(byKey).toMatchObject({ action: 'audit.list', actorType: 'key' })
  })

  it('is not recorded for own, missing or non-staff reads', async () => {
    const [ops, { user }] = [await anOps(), await submitted()]
    expect(await entriesOf(`/v1/users/${ops.userId}`, ops)).toEqual([])
    expect(await entriesOf(`/v1/users/${newId()}`, ops, 404)).toEqual([])
    expect(await entriesOf('/v1/me', user)).toEqual([])
  })

  it('is recorded for the place of a task', async () => {
    const [ops, task] = [await anOps(), await aPostedTask()]
    const rows = await entriesOf(`/v1/tasks/${task.taskId}`, ops)
    expect(rows).toEqual([
      expect.objectContaining({ targetType: 'tasks', targetId: task.taskId, subject: task.client.userId }),
    ])
  })

  it('is refused at once after the loss of the staff role', async () => {
    const [ops, admin, user] = [await anOps(), await anAdmin(), await aClient()]
    await ok(api(`/v1/users/${ops.userId}/suspend`, { as: admin, body: { reason: 'An audit' } }))
    expect(await statusOf(api(`/v1/users/${user.userId}`, { as: ops }))).toBe('403 account_suspended')
  })

  it('is declared for existing read operations open to staff only, and knows whose data each shows', async () => {
    for (const [operationId, targetType] of Object.entries(recordedReads)) {
      const operation = operations.get(operationId)
      expect([operationId, operation?.method]).toEqual([operationId, 'get'])
      expect(operation?.policy).toMatchObject({ permission: expect.any(String) })
      // A kind that it does not know is an error, not an empty answer.
      await database().read(sql`select target from khidma.people_shown(${targetType}, '{}')`)
    }
  })
})

describe('a change of what a role permits', () => {
  it('can be filtered by the role', async () => {
    const admin = await anAdmin()
    const body = {
      name: aRoleName(),
      displayName: 'A role',
      permissions: ['tasks.read'],
    }
    const { id } = (await ok(api('/v1/roles', { as: admin, body }))).body
    const path = `/v1/audit-log?targetType=role_permissions&targetId=${id}`
    const { data } = (await ok(api(path, { as: admin }))).body
    expect(data).toEqual([expect.objectContaining({ action: 'role_permissions.insert', targetId: id })])
  })
})
