import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { takeMissed } from '../../../../src/areas/platform/events/sweep.ts'
import { newId } from '../../../../src/core/ids.ts'
import { listDevMessages } from '../../../../src/providers/dev-outbox.ts'
import { consumeInvitation } from '../../../../src/queues/invitations.ts'
import { runJobs } from '../../../../src/scheduled.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env, signedIn } from '../../../support/api.ts'
import { anAgency, anOpenCompany, changeMember, invite, join, member } from '../../../support/companies.ts'
import { pullEvents } from '../../../support/events.ts'
import { aClient, anAdmin, aTasker, ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

const read = (as: Caller, id: string) => api(`/v1/company-members/${id}`, { as })
const listOf = async (as: Caller, companyId: string, query = '') =>
  (await ok(api(`/v1/companies/${companyId}/members${query}`, { as }))).body.data
const own = async (as: Caller, query = '') =>
  (await ok(api(`/v1/me/company-memberships${query}`, { as }))).body.data
const typesOf = async (as: Caller): Promise<string[]> =>
  (await pullEvents(as, '?limit=100')).data.map(({ type }: { type: string }) => type)
const setEmail = ({ userId }: Caller, email: string) =>
  database().write([sql`update users set email = ${email}, email_verified_at = now() where id = ${userId}`])

/** In the one message that the address was sent, however often the queue brings the invitation. */
async function tokenSentTo(address: string, memberId: string): Promise<string> {
  await consumeInvitation(env, memberId)
  await consumeInvitation(env, memberId)
  const messages = await listDevMessages(env, address)
  expect(messages).toHaveLength(1)
  expect(messages[0]?.text).toContain('Nile Fittings')
  return messages[0]?.text.split(': ').at(-1) ?? ''
}

describe('an invitation to a company', () => {
  it('is accepted by the person, who belongs to it then, and both are notified', async () => {
    const [company, tasker] = [await anOpenCompany(), await aTasker()]
    const { body } = await ok(
      invite(company, company.userId, { userId: tasker.userId, role: 'dispatcher', payoutTo: 'company' }),
    )
    expect(body).toMatchObject({
      status: 'invited',
      role: 'dispatcher',
      payoutTo: 'company',
      userId: tasker.userId,
    })
    expect(await own(tasker, '?status=invited')).toMatchObject([
      { id: body.id, companyName: 'Nile Fittings', companyId: company.userId },
    ])
    const joined = (await ok(member(tasker, body.id, 'accept', {}))).body
    expect(joined).toMatchObject({ status: 'active', joinedAt: expect.any(String), expiresAt: null })
    expect(await listOf(company, company.userId, '?status=active')).toMatchObject([
      { userId: tasker.userId, role: 'dispatcher' },
      { userId: company.userId, role: 'owner', payoutTo: 'company' },
    ])
    expect(await typesOf(tasker)).toContain('company_member.invited')
    expect(await typesOf(company)).toContain('company_member.active')
  })

  it('by e-mail or phone sends the token, and does not say whose address it is', async () => {
    const [company, tasker, other] = [await anOpenCompany(), await aTasker(), await aTasker()]
    const email = `${tasker.userId}@nile.example`
    const { body } = await ok(invite(company, company.userId, { email }))
    expect(body).toMatchObject({ userId: null, contact: email })
    const { id } = body
    expect(await codeOf(member(tasker, id, 'accept', {}))).toBe('404 not_found')
    expect(await codeOf(member(tasker, id, 'accept', { token: `${id}.AAAA` }))).toBe('404 not_found')
    const phone = '+201099999901'
    const { body: called } = await ok(invite(company, company.userId, { phone }))
    const another = { token: await tokenSentTo(phone, called.id) }
    expect(await codeOf(member(tasker, id, 'accept', another))).toBe('404 not_found')
    const token = await tokenSentTo(email, id)
    expect((await ok(member(tasker, id, 'accept', { token }))).body).toMatchObject({
      status: 'active',
      userId: tasker.userId,
      contact: null,
    })
    expect(await codeOf(member(other, id, 'accept', { token }))).toBe('404 not_found')
    // The address is forgotten with the answer.
    const [row] = await database().read(sql`select contact from company_members where id = ${id}`)
    expect(row).toEqual({ contact: null })
  })

  it('by e-mail is sent again by the sweep where its message was lost', async () => {
    const company = await anOpenCompany()
    const lost = async (email: string, ago: string) => {
      const { id } = (await ok(invite(company, company.userId, { email }))).body
      await database().write([
        sql`update company_members set sent_at = null, created_at = now() - ${ago}::interval where id = ${id}`,
      ])
      return id as string
    }
    const old = await lost(`${newId()}@nile.example`, '20 minutes 30 seconds')
    const young = await lost(`${newId()}@nile.example`, '5 minutes 30 seconds')
    const { invitations } = await takeMissed(systemContext(env, 'test'), 100)
    expect([invitations.includes(old), invitations.includes(young)]).toEqual([true, false])
  })

  it('by e-mail reaches the account that has confirmed the address, whose id the company does not learn', async () => {
    const [company, tasker] = [await anOpenCompany(), await aTasker()]
    const email = `${tasker.userId}@nile.example`
    await setEmail(tasker, email)
    const { id } = (await ok(invite(company, company.userId, { email }))).body
    expect(await own(tasker)).toMatchObject([{ id, userId: tasker.userId, contact: null }])
    expect((await ok(read(company, id))).body).toMatchObject({ userId: null, userName: null, contact: email })
    await ok(member(tasker, id, 'decline', {}))
    expect((await ok(read(company, id))).body).toMatchObject({
      status: 'declined',
      userId: null,
      userName: null,
      contact: null,
    })
    expect(await typesOf(company)).toContain('company_member.declined')
  })

  it('is open once for a company and a person, and can be revoked and sent again', async () => {
    const [company, tasker] = [await anOpenCompany(), await aTasker()]
    const again = () => invite(company, company.userId, { userId: tasker.userId })
    const { id } = (await ok(again())).body
    expect(await codeOf(again())).toBe('409 already_invited')
    await ok(member(company, id, 'revoke'))
    expect(await codeOf(member(tasker, id, 'accept', {}))).toBe('409 invalid_transition')
    expect(await typesOf(tasker)).toContain('company_member.revoked')
    await ok(member(tasker, (await ok(again())).body.id, 'accept', {}))
    expect(await codeOf(again())).toBe('409 already_member')
    const address = { email: `${tasker.userId}@once.example` }
    await ok(invite(company, company.userId, address))
    expect(await codeOf(invite(company, company.userId, address))).toBe('409 already_invited')
  })

  it('ends at its instant, before the sweep, and the sweep writes it down', async () => {
    const [company, tasker] = [await anOpenCompany(), await aTasker()]
    const { id } = (await ok(invite(company, company.userId, { userId: tasker.userId }))).body
    await database().write([sql`update company_members set expires_at = now() where id = ${id}`])
    expect(await codeOf(member(tasker, id, 'accept', {}))).toBe('409 invitation_expired')
    expect((await ok(read(tasker, id))).body).toMatchObject({ status: 'expired' })
    expect(await own(tasker, '?status=expired')).toHaveLength(1)
    expect(await own(tasker, '?status=invited')).toHaveLength(0)
    await runJobs(env, ['endOfInvitations'])
    const [row] = await database().read(sql`select status from company_members where id = ${id}`)
    expect(row).toEqual({ status: 'expired' })
    await ok(invite(company, company.userId, { userId: tasker.userId }))
  })

  it('is for one person, and comes from an approved company', async () => {
    const company = await anOpenCompany()
    const both = { email: 'a@nile.example', phone: '+201000000009' }
    expect(await codeOf(invite(company, company.userId, both))).toBe('400 invalid_request')
    expect(await codeOf(invite(company, company.userId, {}))).toBe('400 invalid_request')
    await database().write([
      sql`update company_profiles set approval_status = 'rejected' where user_id = ${company.userId}`,
    ])
    expect(await codeOf(invite(company, company.userId, { phone: '+201000000009' }))).toBe(
      '409 company_not_open',
    )
  })

  it('is refused to somebody who works for another company already', async () => {
    const [{ tasker }, company] = [await anAgency(), await anOpenCompany()]
    const { id } = (await ok(invite(company, company.userId, { userId: tasker.userId }))).body
    expect(await codeOf(member(tasker, id, 'accept', {}))).toBe('409 already_member')
    // The account of a company belongs to it.
    const put = { method: 'PUT', body: { companyName: 'My own' } }
    expect(await codeOf(api('/v1/me/company-profile', { as: tasker, ...put }))).toBe('409 already_member')
  })
})

describe('the people of a company', () => {
  /** One of each role. */
  async function aCrew() {
    const company = await anOpenCompany()
    const [manager, dispatcher, accountant, tasker] = [
      await aTasker(),
      await aClient(),
      await aClient(),
      await aTasker(),
    ]
    const ids = {
      manager: await join(company, manager, { role: 'manager' }),
      dispatcher: await join(company, dispatcher, { role: 'dispatcher' }),
      accountant: await join(company, accountant, { role: 'accountant' }),
      tasker: await join(company, tasker),
    }
    return { company, manager, dispatcher, accountant, tasker, ids }
  }

  it('may do what their role lets them, and to strangers there is nothing inside', async () => {
    const { company, manager, dispatcher, accountant, tasker } = await aCrew()
    const stranger = await signedIn('tasker')
    const path = `/v1/companies/${company.userId}`
    const statuses = async (call: (as: Caller) => ReturnType<typeof api>) => {
      const answers = await Promise.all(
        [company, manager, dispatcher, accountant, tasker, stranger].map(call),
      )
      return answers.map(({ status }) => status)
    }
    expect(await statuses((as) => api(`${path}/members`, { as }))).toEqual([200, 200, 200, 200, 403, 404])
    expect(await statuses((as) => api(`${path}/bookings`, { as }))).toEqual([200, 200, 200, 200, 403, 404])
    expect(await statuses((as) => api(`${path}/earnings`, { as }))).toEqual([200, 403, 403, 200, 403, 404])
    expect(await statuses((as) => api(`${path}/profile`, { as }))).toEqual([200, 200, 403, 403, 403, 404])
    const change = { method: 'PATCH', body: { bio: 'Kitchens.' }, headers: { 'if-match': '*' } }
    expect(await statuses((as) => api(path, { as, ...change }))).toEqual([200, 200, 403, 403, 403, 404])
    const another = () => ({ email: `${newId()}@nile.example` })
    expect(await statuses((as) => invite(as, company.userId, another()))).toEqual([
      201, 201, 403, 403, 403, 404,
    ])
  })

  it('are shown a membership if it is their own, or if they may see who belongs to the company', async () => {
    const { company, manager, dispatcher, tasker, ids } = await aCrew()
    expect((await read(tasker, ids.tasker)).status).toBe(200)
    expect((await read(dispatcher, ids.tasker)).status).toBe(200)
    expect(await codeOf(read(tasker, ids.manager))).toBe('403 forbidden')
    expect(await codeOf(read(await aTasker(), ids.tasker))).toBe('404 not_found')
    const actions = async (as: Caller, id: string) =>
      (await ok(read(as, id))).body.allowedActions
        .filter(({ allowed }: { allowed: boolean }) => allowed)
        .map(({ action }: { action: string }) => action)
    expect(await actions(tasker, ids.tasker)).toEqual(['leave'])
    expect(await actions(manager, ids.tasker)).toEqual(['remove'])
    expect(await actions(dispatcher, ids.tasker)).toEqual([])
    expect(await actions(company, ids.manager)).toEqual(['remove'])
  })

  it('are changed by owners and managers; owners by owners alone', async () => {
    const { company, manager, dispatcher, tasker, ids } = await aCrew()
    expect((await ok(changeMember(manager, ids.tasker, { role: 'dispatcher' }))).body).toMatchObject({
      role: 'dispatcher',
    })
    expect(await typesOf(tasker)).toContain('company_member.role_changed')
    expect(await codeOf(changeMember(manager, ids.tasker, { role: 'owner' }))).toBe('403 owners_only')
    expect(await codeOf(invite(manager, company.userId, { phone: '+201077712345', role: 'owner' }))).toBe(
      '403 owners_only',
    )
    expect(await codeOf(changeMember(dispatcher, ids.tasker, { role: 'tasker' }))).toBe('403 forbidden')
    expect(await codeOf(changeMember(await aTasker(), ids.tasker, { role: 'tasker' }))).toBe('404 not_found')
    await ok(changeMember(company, ids.tasker, { role: 'owner' }))
    const [founder] = await listOf(company, company.userId, '?limit=100').then((rows) =>
      rows.filter(({ userId }: { userId: string }) => userId === company.userId),
    )
    expect(await codeOf(member(manager, founder.id, 'remove'))).toBe('403 owners_only')
    await ok(member(tasker, founder.id, 'remove'))
    expect(await codeOf(api(`/v1/companies/${company.userId}/members`, { as: company }))).toBe(
      '404 not_found',
    )
    expect(await codeOf(member(tasker, ids.tasker, 'leave'))).toBe('409 last_owner')
    expect(await codeOf(changeMember(tasker, ids.tasker, { role: 'manager' }))).toBe('409 last_owner')
  })

  it('leave, or are removed, and may come back', async () => {
    const { company, tasker, ids } = await aCrew()
    expect(await codeOf(member(company, ids.tasker, 'leave'))).toBe('403 forbidden')
    expect(await codeOf(member(await aTasker(), ids.tasker, 'leave'))).toBe('404 not_found')
    expect((await ok(member(tasker, ids.tasker, 'leave'))).body).toMatchObject({
      status: 'left',
      endedAt: expect.any(String),
    })
    expect(await typesOf(company)).toContain('company_member.left')
    const again = await join(company, tasker)
    await ok(member(company, again, 'remove'))
    expect(await typesOf(tasker)).toContain('company_member.removed')
    expect(await own(tasker)).toMatchObject([{ status: 'removed' }, { status: 'left' }])
  })

  it('agree who earns their work: the company proposes, the member answers', async () => {
    const { company, manager, tasker, ids } = await aCrew()
    const propose = (payoutTo: string) => changeMember(manager, ids.tasker, { payoutTo })
    expect((await ok(propose('company'))).body).toMatchObject({
      payoutTo: 'member',
      payoutProposed: 'company',
    })
    expect(await typesOf(tasker)).toContain('company_member.payout_proposed')
    const answer = (as: Caller, isAccepted: boolean) =>
      member(as, ids.tasker, 'answer-payout', { isAccepted })
    expect(await codeOf(answer(manager, true))).toBe('403 forbidden')
    expect((await ok(answer(tasker, false))).body).toMatchObject({ payoutTo: 'member', payoutProposed: null })
    expect(await codeOf(answer(tasker, true))).toBe('409 no_proposal')
    await ok(propose('company'))
    expect((await ok(propose('member'))).body).toMatchObject({ payoutProposed: null })
    expect(await codeOf(answer(tasker, true))).toBe('409 no_proposal')
    await ok(propose('company'))
    expect((await ok(answer(tasker, true))).body).toMatchObject({ payoutTo: 'company', payoutProposed: null })
    expect(await typesOf(company)).toContain('company_member.payout_answered')
  })

  it('all leave with the account of the company, and it is founded again when the account comes back', async () => {
    const { company, tasker } = await aCrew()
    await ok(api('/v1/me/close', { as: company, method: 'POST', body: { reason: 'No more.' } }))
    expect(await own(tasker)).toMatchObject([{ status: 'removed' }])
    await ok(
      api(`/v1/users/${company.userId}/restore`, {
        as: await anAdmin(),
        body: { reason: 'Asked to come back' },
      }),
    )
    expect(await own(company, '?status=active')).toMatchObject([{ role: 'owner' }])
  })

  it('keep an account from being closed while it is the last owner of another account’s company', async () => {
    const { company, tasker, ids } = await aCrew()
    await ok(changeMember(company, ids.tasker, { role: 'owner' }))
    const [founder] = (await own(company)) as { id: string }[]
    await ok(member(company, founder?.id ?? '', 'leave'))
    const { status, body } = await api('/v1/me/close', {
      as: tasker,
      method: 'POST',
      body: { reason: 'Bye' },
    })
    expect(`${status} ${body.code}`).toBe('409 account_not_closable')
    expect(body.detail).toContain('last_owner')
  })
})
