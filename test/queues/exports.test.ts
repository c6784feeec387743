import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { api, database, env, signedIn } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'
import { consumeNow } from '../support/queues.ts'
import { ok } from '../support/story.ts'

it('a requested export is made, and its owner is notified', async () => {
  const person = await signedIn()
  const { id } = (await ok(api('/v1/me/exports', { as: person, method: 'POST' }))).body
  const { downloadUrl } = await eventually('the export', async () => {
    const { body } = await ok(api(`/v1/me/exports/${id}`, { as: person }))
    return body.status === 'ready' ? body : undefined
  })
  const { pathname, search } = new URL(downloadUrl)
  expect((await ok(api(`${pathname}${search}`))).body).toMatchObject({ exportId: id, userId: person.userId })
  const note = await eventually('the note of it', async () => {
    const { data } = (await ok(api('/v1/me/notifications', { as: person }))).body
    return data.find(({ kind }: { kind: string }) => kind === 'export.ready') ?? undefined
  })
  expect(note).toMatchObject({ data: { exportId: id } })
})

it('a repeated message, or one of an unknown export, is acknowledged', async () => {
  const person = await signedIn()
  const { id } = (await ok(api('/v1/me/exports', { as: person, method: 'POST' }))).body
  const message = { kind: 'export', exportId: id }
  const nothing = { kind: 'export', exportId: person.userId }
  const { acknowledged } = await consumeNow('khidma-privacy', message, message, nothing, message)
  expect(acknowledged).toHaveLength(4)
  const [row] = await eventually('the export, made once', async () => {
    const rows = await database().read<{ status: string; attempts: number }>(
      sql`select status, attempts from export_requests where id = ${id} and status = 'ready'`,
    )
    return rows.length > 0 ? rows : undefined
  })
  expect(row).toEqual({ status: 'ready', attempts: 1 })
  expect(await env.MEDIA.head(`exports/${person.userId}/${id}.json`)).not.toBeNull()
})
