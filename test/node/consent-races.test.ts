import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  grantConsent,
  publishConsentDocument,
  withdrawConsent,
} from '../../src/areas/people/privacy/consents/consents.ts'
import { requestExport, takeExport } from '../../src/areas/people/privacy/exports/exports.ts'
import { newId } from '../../src/core/ids.ts'
import { connect } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { messageOf, times } from '../support/races.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'

describeReal('consents and exports, from many connections at once', () => {
  let contexts: NodeContexts
  let one: pg.Client
  let app: pg.Client

  beforeAll(async () => {
    const { ownerUrl } = await freshDatabase()
    contexts = await openContexts(ownerUrl, 16)
    one = await connect(ownerUrl)
    app = await connect(ownerUrl)
    await app.query('set role khidma_app')
  })
  afterAll(async () => {
    await Promise.all([one, app].map((connection) => connection.end()))
    await contexts.close()
  })

  async function aUser(role = 'client') {
    const id = newId()
    await one.query('insert into users (id, phone, role) values ($1, $2, $3)', [id, aPhone(), role])
    return { id, asThem: () => contexts.contextOf({ id, role }) }
  }

  const consentsOf = async (userId: string): Promise<{ id: string; isActive: boolean }[]> =>
    (
      await one.query('select id, withdrawn_at is null as "isActive" from consents where user_id = $1', [
        userId,
      ])
    ).rows

  async function versionOf(kind: string): Promise<string> {
    const { rows } = await one.query(
      'select document_version as version from consent_documents where kind = $1 order by id desc limit 1',
      [kind],
    )
    return rows[0].version
  }

  it('ten concurrent grants create one active consent, returned by all', async () => {
    const { id, asThem } = await aUser()
    const version = await versionOf('marketing')
    const rows = await times(10, () => grantConsent(asThem(), 'marketing', version))
    expect(new Set(rows.map((row) => row.id)).size).toBe(1)
    expect(await consentsOf(id)).toEqual([{ id: rows[0]?.id, isActive: true }])
  })

  it('concurrent grants and withdrawals leave at most one active consent', async () => {
    const { id, asThem } = await aUser()
    const version = await versionOf('marketing')
    await grantConsent(asThem(), 'marketing', version)
    const outcomes = await times(20, (index) =>
      messageOf(
        index % 2 === 0
          ? grantConsent(asThem(), 'marketing', version)
          : withdrawConsent(asThem(), 'marketing'),
      ),
    )
    expect(new Set(outcomes)).toEqual(new Set(['ok']))
    expect((await consentsOf(id)).filter(({ isActive }) => isActive).length).toBeLessThanOrEqual(1)
    await withdrawConsent(asThem(), 'marketing')
    expect((await consentsOf(id)).filter(({ isActive }) => isActive)).toEqual([])
  })

  it('the last of concurrently published versions is in force', async () => {
    const { asThem } = await aUser('admin')
    await times(8, (index) =>
      publishConsentDocument(asThem(), {
        kind: 'marketing',
        documentVersion: `race-${index}`,
        url: 'https://khidma.example/m',
      }),
    )
    const version = await versionOf('marketing')
    const person = await aUser()
    const outcomes = await times(8, (index) =>
      messageOf(grantConsent(person.asThem(), 'marketing', `race-${index}`)),
    )
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1)
    expect(outcomes[Number(version.slice(5))]).toBe('ok')
  })

  it('cannot be rewritten by the application', async () => {
    const [person, other] = [await aUser(), await aUser()]
    const given = await grantConsent(person.asThem(), 'terms', await versionOf('terms'))
    const attempts: Record<string, [string, unknown[]]> = {
      'another time': [
        `update consents set granted_at = now() - interval '1 year' where id = $1`,
        [given.id],
      ],
      'another person': ['update consents set user_id = $2 where id = $1', [given.id, other.id]],
      'another document': [
        `update consents set document_id = (select id from consent_documents where kind = 'marketing' limit 1) where id = $1`,
        [given.id],
      ],
      'withdrawn long ago': [
        `update consents set withdrawn_at = now() - interval '1 day' where id = $1`,
        [given.id],
      ],
      deleted: ['delete from consents where id = $1', [given.id]],
    }
    for (const [name, [text, values]] of Object.entries(attempts)) {
      expect([name, await messageOf(app.query(text, values))]).toEqual([name, 'consents is append-only'])
    }
    expect(await messageOf(app.query('truncate consents'))).toMatch(/append-only|permission denied/)
    await app.query('update consents set withdrawn_at = now() where id = $1', [given.id])
    for (const text of [
      'update consents set withdrawn_at = null where id = $1',
      'update consents set withdrawn_at = now() where id = $1',
    ]) {
      expect(await messageOf(app.query(text, [given.id]))).toBe('consents is append-only')
    }
  })

  it('has the time of the database, whatever time is written', async () => {
    const { id } = await aUser()
    await app.query(
      `insert into consents (id, user_id, document_id, granted_at, withdrawn_at)
       select $1, $2, id, now() - interval '1 year', now() from consent_documents where kind = 'terms' limit 1`,
      [newId(), id],
    )
    const { rows } = await one.query(
      `select withdrawn_at, now() - granted_at < interval '1 hour' as fresh from consents where user_id = $1`,
      [id],
    )
    expect(rows).toEqual([{ withdrawn_at: null, fresh: true }])
  })

  it('refers to a document that cannot change', async () => {
    for (const text of [
      `update consent_documents set url = 'https://elsewhere.example' where kind = 'terms'`,
      `update consent_documents set is_required = false where kind = 'terms'`,
      `delete from consent_documents where kind = 'marketing'`,
    ]) {
      expect(await messageOf(app.query(text))).toBe('consent_documents is append-only')
    }
    expect(await messageOf(app.query('truncate consent_documents cascade'))).toMatch(
      /append-only|permission denied/,
    )
  })

  it('creates one export for ten concurrent requests, processed by one consumer of ten', async () => {
    const { id, asThem } = await aUser()
    const outcomes = await times(10, () => messageOf(requestExport(asThem())))
    expect(outcomes.sort()).toEqual([...Array(9).fill('export_pending'), 'ok'])
    const { rows } = await one.query('select id from export_requests where user_id = $1', [id])
    const taken = await times(10, () => takeExport(asThem(), rows[0].id))
    expect(taken.filter((take) => take !== null)).toMatchObject([{ outcome: 'taken', attempt: 1 }])
  })
})
