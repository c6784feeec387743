import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { remindOfInvoices } from '../../../../src/areas/commerce/invoices/jobs.ts'
import { newId } from '../../../../src/core/ids.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env } from '../../../support/api.ts'
import { pullEvents } from '../../../support/events.ts'
import { aClient, act, anAdmin, anOps, aTasker, ok, withKey } from '../../../support/story.ts'
import { anUnpaidInvoice } from '../../../support/world/commerce.ts'
import { anInvoicedBooking, invoiceAll } from './scene.ts'

const get = (id: string, as: Caller) => api(`/v1/invoices/${id}`, { as })
const toVoid = (id: string, as: Caller) =>
  api(`/v1/invoices/${id}/void`, { as, body: { reason: 'Wrong company' }, headers: withKey() })
const credit = (id: string, as: Caller, body: object) =>
  api(`/v1/invoices/${id}/credit-notes`, { as, body, headers: withKey() })

describe('the invoices of a settled booking', () => {
  it('are the fare to the client on behalf of the tasker, and the commission to the tasker', async () => {
    const { client, tasker, bookingId, fare, commission } = await anInvoicedBooking()
    expect(fare).toMatchObject({
      kind: 'invoice',
      status: 'paid',
      bookingId,
      buyerId: client.userId,
      supplierId: tasker.userId,
      dueAt: null,
      lines: [{ kind: 'service', quantity: 1, unitPrice: fare.totalAmount, total: fare.totalAmount }],
    })
    expect(fare.number).toMatch(/^EG-F-\d{4}-\d{6}$/)
    expect(commission).toMatchObject({
      status: 'issued',
      isOverdue: false,
      buyerId: tasker.userId,
      supplierId: null,
      lines: [{ kind: 'commission' }],
    })
    const onBehalf = (await ok(api('/v1/me/invoices?side=supplier', { as: tasker }))).body.data
    expect(onBehalf).toEqual([fare])
  })

  it('are for their buyer, who has earned the fare, and staff; strangers get 404', async () => {
    const { client, tasker, fare, commission } = await anInvoicedBooking()
    for (const as of [client, tasker, await anOps()]) expect((await get(fare.id, as)).status).toBe(200)
    expect((await get(commission.id, client)).status).toBe(404)
    expect((await get(fare.id, await aTasker())).status).toBe(404)
    const { body } = await ok(
      api(`/v1/audit-log?subjectUserId=${client.userId}&action=invoices.get`, { as: await anAdmin() }),
    )
    expect(body.data).toMatchObject([{ targetType: 'invoices', targetId: fare.id }])
  })

  it('are credited by a refund', async () => {
    const { client, bookingId, fare } = await anInvoicedBooking()
    const payment = (await ok(api(`/v1/bookings/${bookingId}/payment`, { as: client }))).body
    const body = { amountMinor: 1_000, reason: 'requested' }
    await ok(api(`/v1/payments/${payment.id}/refunds`, { as: await anAdmin(), body, headers: withKey() }))
    await invoiceAll()
    const [note] = (await ok(api('/v1/me/invoices?kind=credit_note', { as: client }))).body.data
    expect(note).toMatchObject({
      creditedInvoiceId: fare.id,
      totalAmount: 1_000,
      reason: 'refund',
      allowedActions: [],
    })
    expect(note.number).toMatch(/^EG-FC-/)
    expect((await get(fare.id, client)).body.creditedAmount).toBe(1_000)
  })

  it('name the details for taxes that their parties have at the issue', async () => {
    const details = {
      legalName: 'Nile Fittings LLC',
      taxId: '123-456',
      address: '1 Tahrir Square',
      country: 'EG',
    }
    const { client, fare } = await anInvoicedBooking({}, (userId) =>
      database().write([
        sql`insert into tax_details (user_id, legal_name, tax_id, address, country) values (${userId}, ${details.legalName}, ${details.taxId}, ${details.address}, 'EG')`,
      ]),
    )
    const party = { name: details.legalName, taxId: details.taxId, address: details.address, country: 'EG' }
    expect(fare.buyer).toEqual(party)
    await ok(
      api('/v1/me/tax-details', {
        as: client,
        method: 'PUT',
        body: { ...details, legalName: 'Another', region: null },
      }),
    )
    expect((await get(fare.id, client)).body.buyer).toEqual(party)
  })
})

describe('me.setTaxDetails', () => {
  it('keeps them until they are deleted', async () => {
    const as = await aClient()
    const own = async () => (await ok(api('/v1/me/tax-details', { as }))).body
    expect(await own()).toEqual({
      legalName: null,
      taxId: null,
      address: null,
      country: null,
      region: null,
      status: 'ordinary',
      updatedAt: null,
    })
    const body = { legalName: 'Mona Adel', taxId: null, address: null, country: 'EG', region: 'Giza' }
    await ok(api('/v1/me/tax-details', { as, method: 'PUT', body }))
    expect(await own()).toMatchObject(body)
    expect((await api('/v1/me/tax-details', { as, method: 'DELETE' })).status).toBe(204)
    expect(await own()).toMatchObject({ legalName: null })
  })
})

describe('invoices.void', () => {
  it('keeps the number of an unpaid invoice, and is for finance alone', async () => {
    const client = await aClient()
    const id = await anUnpaidInvoice(client.userId)
    const { number } = (await ok(get(id, client))).body
    expect((await toVoid(id, await anOps())).body.code).toBe('permission_missing')
    const answer = await ok(toVoid(id, await anAdmin()))
    expect(answer.body).toMatchObject({ status: 'void', number, reason: 'Wrong company' })
    expect(answer.body.voidedAt).not.toBeNull()
    expect((await toVoid(id, await anAdmin())).body.code).toBe('invalid_transition')
    expect((await toVoid(newId(), await anAdmin())).status).toBe(404)
  })

  it('is refused of what is paid, credited, or a credit note', async () => {
    const { fare } = await anInvoicedBooking()
    const admin = await anAdmin()
    expect((await toVoid(fare.id, admin)).body.code).toBe('invalid_transition')
    const id = await anUnpaidInvoice((await aClient()).userId)
    const note = (await ok(credit(id, admin, { amountMinor: 100, reason: 'Part' }))).body
    expect((await toVoid(id, admin)).body.code).toBe('invoice_credited')
    expect((await toVoid(note.id, admin)).body.code).toBe('invoice_credited')
  })

  it('issues one of the ledger again, with the details of its buyer of now', async () => {
    const { tasker, commission } = await anInvoicedBooking()
    const body = { legalName: 'Reda Services', taxId: '77-1', address: null, country: null, region: null }
    await ok(api('/v1/me/tax-details', { as: tasker, method: 'PUT', body }))
    await ok(toVoid(commission.id, await anAdmin()))
    const [again, first] = (await ok(api('/v1/me/invoices', { as: tasker }))).body.data
    expect(first).toMatchObject({ id: commission.id, status: 'void' })
    expect(again).toMatchObject({
      status: 'issued',
      documentId: commission.documentId,
      totalAmount: commission.totalAmount,
      buyer: { name: 'Reda Services', taxId: '77-1' },
    })
    expect(await invoiceAll()).toMatchObject({ issued: 0 })
  })
})

describe('invoices.credit', () => {
  it('takes an amount back, and then all that is left: nothing is owed any more', async () => {
    const client = await aClient()
    const admin = await anAdmin()
    const id = await anUnpaidInvoice(client.userId)
    const first = await credit(id, admin, { amountMinor: 300, reason: 'A part' })
    expect(first).toMatchObject({
      status: 201,
      body: { kind: 'credit_note', totalAmount: 300, creditedInvoiceId: id },
    })
    expect(first.body.number).toMatch(/^EG-SC-/)
    expect(await credit(id, admin, { amountMinor: 701, reason: 'Too much' })).toMatchObject({
      status: 422,
      body: { code: 'amount_above_invoice' },
    })
    expect((await ok(credit(id, admin, { reason: 'The rest' }))).body.totalAmount).toBe(700)
    expect((await ok(get(id, client))).body).toMatchObject({ status: 'paid', creditedAmount: 1_000 })
  })

  it('answers the same to a repeated request, and issues one credit note', async () => {
    const [client, admin] = [await aClient(), await anAdmin()]
    const id = await anUnpaidInvoice(client.userId)
    const headers = withKey()
    const call = () =>
      ok(
        api(`/v1/invoices/${id}/credit-notes`, {
          as: admin,
          body: { amountMinor: 10, reason: 'Once' },
          headers,
        }),
      )
    expect((await call()).body).toEqual((await call()).body)
    expect((await ok(get(id, client))).body.creditedAmount).toBe(10)
  })

  it('is refused of a void invoice', async () => {
    const admin = await anAdmin()
    const id = await anUnpaidInvoice((await aClient()).userId)
    await ok(toVoid(id, admin))
    expect((await credit(id, admin, { reason: 'Late' })).body.code).toBe('invoice_void')
  })
})

describe('an unpaid invoice', () => {
  const remind = () => remindOfInvoices(systemContext(env, 'cron.remindOfInvoices'))
  const due = (id: string) =>
    database().write([sql`update invoices set next_reminder_at = now() where id = ${id}`])
  const remindersOf = async (user: Caller) =>
    (await pullEvents(user)).data
      .map(({ type }: { type: string }) => type)
      .filter((type: string) => /reminder|overdue/.test(type))

  it('is reminded of before it is due', async () => {
    const client = await aClient()
    const id = await anUnpaidInvoice(client.userId, 2)
    await due(id)
    await remind()
    expect(await remindersOf(client)).toEqual(['invoice.reminder'])
    expect((await ok(get(id, client))).body.isOverdue).toBe(false)
    await remind()
    expect(await remindersOf(client)).toHaveLength(1)
  })

  it('is overdue by its instant, reminded of then, and no more once it is paid', async () => {
    const client = await aClient()
    const id = await anUnpaidInvoice(client.userId, -1)
    expect((await ok(get(id, client))).body.isOverdue).toBe(true)
    expect((await ok(api('/v1/me/invoices?overdue=true', { as: client }))).body.data).toHaveLength(1)
    await due(id)
    await remind()
    expect(await remindersOf(client)).toEqual(['invoice.overdue'])
    await due(id)
    await database().write([
      sql`select khidma.mark_invoice_paid(i.document_type, i.document_id, now()) from invoices i where i.id = ${id}`,
    ])
    await remind()
    expect(await remindersOf(client)).toHaveLength(1)
    expect((await ok(get(id, client))).body).toMatchObject({ status: 'paid', isOverdue: false })
  })
})

describe('invoices.list', () => {
  it('finds invoices by buyer, booking, document, number and state', async () => {
    const { client, bookingId, fare, commission } = await anInvoicedBooking()
    const ops = await anOps()
    const idsOf = async (query: string) =>
      (await ok(api(`/v1/invoices?${query}`, { as: ops }))).body.data.map(({ id }: { id: string }) => id)
    expect(await idsOf(`userId=${client.userId}`)).toEqual([fare.id])
    expect((await idsOf(`bookingId=${bookingId}`)).sort()).toEqual([fare.id, commission.id].sort())
    expect(await idsOf(`documentId=${fare.documentId}`)).toEqual([fare.id])
    expect(await idsOf(`number=${commission.number}`)).toEqual([commission.id])
    expect(await idsOf(`bookingId=${bookingId}&status=paid`)).toEqual([fare.id])
    expect(await idsOf(`bookingId=${bookingId}&kind=credit_note`)).toEqual([])
  })
})

describe('invoices.getProof', () => {
  it('says to everybody when invoices were proved, and how many differences there were', async () => {
    const proof = await ok(api('/v1/invoice-proof'))
    expect(proof.headers.get('cache-control')).toBe('public, max-age=300')
    await database().write([sql`select khidma.check_invoices()`])
    const [last] = (await ok(api('/v1/invoice-checks', { as: await anOps() }))).body.data
    expect(last.details).toEqual([])
    expect((await api('/v1/invoice-proof')).body).toEqual({
      provedAt: last.createdAt,
      differences: last.differences,
    })
  })
})

describe('invoiceSellers.update', () => {
  it('changes what invoices name from now on, for those who may change settings', async () => {
    const admin = await anAdmin()
    const { body } = await ok(api('/v1/invoice-sellers', { as: admin }))
    expect(body.items.map(({ country }: { country: string }) => country)).toEqual([
      'EG',
      'GH',
      'IN',
      'KG',
      'NG',
    ])
    const [egypt] = body.items
    const { headers } = await ok(api(`/v1/invoice-sellers/${egypt.id}`, { as: admin }))
    const update = (as: Caller) =>
      api(`/v1/invoice-sellers/${egypt.id}`, {
        as,
        method: 'PATCH',
        body: { name: 'Khidma Egypt LLC', taxId: '987-654-321' },
        headers: { 'if-match': headers.get('etag') ?? '' },
      })
    expect((await update(await anOps())).status).toBe(403)
    await ok(update(admin))
    const { fare } = await anInvoicedBooking()
    expect(fare.seller).toMatchObject({ name: 'Khidma Egypt LLC', taxId: '987-654-321', country: 'EG' })
    expect(fare.seller.country).toBe('EG')
    expect((await act(admin, '/v1/invoice-sellers', { method: 'GET' })).items[0].version).toBe(
      egypt.version + 1,
    )
  })
})
