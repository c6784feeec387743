import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../../src/core/ids.ts'
import { api, type Caller, database, signedIn } from '../../../../support/api.ts'
import { anAdmin, anOps, ok, withKey } from '../../../../support/story.ts'

type Kind = 'terms' | 'privacy' | 'marketing'

interface Document {
  id: string
  kind: Kind
  documentVersion: string
  url: string
  isRequired: boolean
}

const documents = async (): Promise<Document[]> => (await ok(api('/v1/consent-documents'))).body.data

async function inForce(kind: Kind): Promise<Document> {
  const found = (await documents()).filter((document) => document.kind === kind)
  expect(found).toHaveLength(1)
  return found[0] as Document
}

const publish = (as: Caller, kind: Kind, documentVersion = newId(), headers = {}) =>
  api('/v1/consent-documents', {
    as,
    body: { kind, documentVersion, url: `https://khidma.example/${kind}/${documentVersion}` },
    headers,
  })
const own = async (as: Caller, query = '') => (await ok(api(`/v1/me/consents${query}`, { as }))).body
const grant = (as: Caller, kind: string, documentVersion: string) =>
  api(`/v1/me/consents/${kind}`, { as, method: 'PUT', body: { documentVersion } })
const withdraw = (as: Caller, kind: string) => api(`/v1/me/consents/${kind}`, { as, method: 'DELETE' })

async function granted(as: Caller, kind: Kind): Promise<Document> {
  const document = await inForce(kind)
  await ok(grant(as, kind, document.documentVersion))
  return document
}

describe('documents', () => {
  it('are public: the latest of each kind', async () => {
    const first = await inForce('marketing')
    expect((await documents()).map(({ kind }) => kind).sort()).toEqual(['marketing', 'privacy', 'terms'])
    const version = newId()
    const answer = await publish(await anAdmin(), 'marketing', version)
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        id: expect.any(String),
        kind: 'marketing',
        documentVersion: version,
        url: `https://khidma.example/marketing/${version}`,
        isRequired: false,
        publishedAt: expect.any(String),
      },
    ])
    expect(await inForce('marketing')).toEqual(answer.body)
    expect(await documents()).not.toContainEqual(first)
  })

  it('are published once a version, with `privacy.manage`, and not twice by a repeat', async () => {
    const [admin, version, key] = [await anAdmin(), newId(), withKey()]
    const first = await ok(publish(admin, 'marketing', version, key))
    expect((await publish(admin, 'marketing', version, key)).body).toEqual(first.body)
    expect((await publish(admin, 'marketing', version)).body.code).toBe('already_exists')
    expect((await publish(await anOps(), 'marketing')).body.code).toBe('permission_missing')
    expect((await publish(await signedIn(), 'marketing')).body.code).toBe('forbidden')
    const [audit] = await database().read<{ actor: string }>(
      sql`select actor_user_id as actor from audit_log where target_type = 'consent_documents' and target_id = ${first.body.id}`,
    )
    expect(audit).toEqual({ actor: admin.userId })
  })

  it.each(['http://khidma.example/terms', 'https://', 'javascript:alert(1)', '/terms'])(
    'are not at %s',
    async (url) => {
      const body = { kind: 'terms', documentVersion: newId(), url }
      expect((await api('/v1/consent-documents', { as: await anAdmin(), body })).body.code).toBe(
        'invalid_request',
      )
    },
  )
})

describe('consents', () => {
  it('are outstanding for required documents whose current version is not agreed to', async () => {
    const person = await signedIn()
    const kinds = async () => (await own(person)).missing.map(({ kind }: Document) => kind).sort()
    expect(await own(person)).toMatchObject({ data: [], nextCursor: null })
    expect(await kinds()).toEqual(['privacy', 'terms'])
    await granted(person, 'terms')
    expect(await kinds()).toEqual(['privacy'])
    await granted(person, 'privacy')
    expect(await kinds()).toEqual([])
    const { documentVersion } = (await ok(publish(await anAdmin(), 'terms'))).body
    expect((await own(person)).missing).toMatchObject([{ kind: 'terms', documentVersion, isRequired: true }])
    const { data } = await own(person)
    expect(data.find(({ kind }: Document) => kind === 'terms')).toMatchObject({
      isInForce: false,
      withdrawnAt: null,
    })
    await granted(person, 'terms')
    expect(await kinds()).toEqual([])
  })

  it('are given to the version in force only', async () => {
    const person = await signedIn()
    const old = await inForce('marketing')
    const { documentVersion } = (await ok(publish(await anAdmin(), 'marketing'))).body
    for (const version of [old.documentVersion, newId()]) {
      const { status, body } = await grant(person, 'marketing', version)
      expect([status, body.code]).toEqual([409, 'consent_outdated'])
      expect(body.detail).toContain(documentVersion)
    }
    expect((await grant(person, 'nonsense', documentVersion)).body).toMatchObject({
      status: 400,
      errors: [
        { pointer: 'path/kind', code: 'unknown_value', message: 'must be one of terms, privacy, marketing' },
      ],
    })
    expect((await own(person)).data).toEqual([])
  })

  it('are given once and withdrawn once; a new one is a new entry', async () => {
    const person = await signedIn()
    const { documentVersion } = await granted(person, 'marketing')
    const [first] = (await own(person)).data
    const again = await ok(grant(person, 'marketing', documentVersion))
    expect(again.body).toEqual(first)
    expect(again.body).toMatchObject({
      kind: 'marketing',
      documentVersion,
      isInForce: true,
      withdrawnAt: null,
    })
    const gone = (await ok(withdraw(person, 'marketing'))).body
    expect(gone).toEqual({ ...first, withdrawnAt: expect.any(String) })
    expect((await ok(withdraw(person, 'marketing'))).body).toEqual(gone)
    const anew = (await ok(grant(person, 'marketing', documentVersion))).body
    expect(anew.id).not.toBe(first.id)
    expect((await own(person)).data).toEqual([anew, gone])
    const page = await own(person, '?limit=1')
    expect(page.data).toEqual([anew])
    expect((await own(person, `?limit=1&cursor=${page.nextCursor}`)).data).toEqual([gone])
  })

  it('are withdrawn for all versions together', async () => {
    const person = await signedIn()
    await granted(person, 'marketing')
    await ok(publish(await anAdmin(), 'marketing'))
    await granted(person, 'marketing')
    await ok(withdraw(person, 'marketing'))
    const { data } = await own(person)
    expect(data.map(({ withdrawnAt }: { withdrawnAt: unknown }) => withdrawnAt === null)).toEqual([
      false,
      false,
    ])
  })

  it('that are required end with the account only, and a missing one cannot be withdrawn', async () => {
    const person = await signedIn()
    await granted(person, 'terms')
    for (const kind of ['terms', 'privacy']) {
      expect((await withdraw(person, kind)).body.code).toBe('consent_required')
    }
    expect((await withdraw(person, 'marketing')).status).toBe(404)
    expect((await withdraw(person, 'nonsense')).status).toBe(400)
    expect((await own(person)).data).toMatchObject([{ kind: 'terms', withdrawnAt: null }])
  })

  it('are visible to their owner only', async () => {
    await granted(await signedIn(), 'marketing')
    expect((await own(await anOps())).data).toEqual([])
  })
})
