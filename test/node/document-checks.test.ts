import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { decideAdjustment, proposeAdjustment } from '../../src/areas/money/adjustments/adjustments.ts'
import { compareDocuments } from '../../src/areas/money/ledger/jobs.ts'
import { confirmCash } from '../../src/areas/money/payments/cash.ts'
import { createRefund } from '../../src/areas/money/payments/refunds.ts'
import { newId } from '../../src/core/ids.ts'
import { postEntry } from '../support/books.ts'
import { asOwner, insertBooking, insertPayment, insertTask, openWorld } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { describeReal } from '../support/real-postgres.ts'

describeReal('the comparison of documents with entries', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts
  let payment: string
  let refund: string

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 4)
    const booking = await asOwner(world.connection, async () => {
      const task = await insertTask(world, { state: 'completed' })
      const id = await insertBooking(world, task, 'completed')
      await insertPayment(world, id, 'requires_action')
      await world.connection.query(
        `update bookings set started_at = now() - interval '1 hour', completed_at = now() where id = $1`,
        [id],
      )
      return id
    })
    payment = (await confirmCash(contexts.contextOf(world.tasker), booking)).id
    const wish = { amount: 500, reason: 'requested', destination: 'wallet' } as const
    refund = (await createRefund(contexts.contextOf(world.ops), payment, wish)).id
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  const differences = async () =>
    (
      await world.connection.query(
        'select document_id as id, what from khidma.document_differences() order by what',
      )
    ).rows
  /** The job of another day. */
  async function nightly() {
    await asOwner(world.connection, () =>
      world.connection.query(`update ledger_checks set created_at = created_at - interval '1 day'`),
    )
    return compareDocuments(contexts.systemContext('cron.checkDocuments'))
  }
  const lastCheck = async () =>
    (await world.connection.query('select differences, details from ledger_checks order by id desc limit 1'))
      .rows[0]
  /** As somebody with the database in their hands, past all triggers; undone afterwards. */
  const asOwnerOf = (text: string, values: unknown[]) =>
    asOwner(world.connection, () => world.connection.query(text, values))

  async function aFinance() {
    const id = newId()
    await world.connection.query('insert into users (id, phone, role) values ($1, $2, $3)', [
      id,
      aPhone(),
      'admin',
    ])
    return contexts.contextOf({ id, role: 'admin' })
  }
  /** Proposed by one person of finance; returns its approval by another. */
  async function aCorrection(amount: number, { explains }: { explains: string }) {
    const { id } = await proposeAdjustment(await aFinance(), {
      kind: 'correction',
      currency: 'EGP',
      reason: 'Puts the books right.',
      explainsDocumentId: explains,
      lines: [
        { account: 'platform_fee', owner: null, name: null, amount },
        { account: 'gateway_fees', owner: null, name: null, amount: -amount },
      ],
    })
    const second = await aFinance()
    return () => decideAdjustment(second, id, 'posted', undefined)
  }

  it('finds nothing in what the program does, and runs once a day', async () => {
    expect(await differences()).toEqual([])
    expect(await nightly()).toEqual({ checks: 1, differences: 0 })
    expect(await compareDocuments(contexts.systemContext('cron.checkDocuments'))).toEqual({
      checks: 0,
      differences: 0,
    })
    expect(await lastCheck()).toEqual({ differences: 0, details: [] })
  })

  it('waits for an hour after a run that failed, so that one which takes too long is not begun each minute', async () => {
    const failed = (ago: string) =>
      world.connection.query(
        `insert into retention_runs (id, job, outcome, started_at, duration_ms)
         values (khidma.uuid_v7(), 'checkDocuments', 'failed', now() - $1::interval, 10000)`,
        [ago],
      )
    await failed('61 minutes')
    expect(await nightly()).toEqual({ checks: 1, differences: 0 })
    await failed('59 minutes')
    expect(await nightly()).toEqual({ checks: 0, differences: 0 })
    await world.connection.query(`delete from retention_runs where job = 'checkDocuments'`)
  })

  it.each([
    [
      'a payment that says more than its entries',
      'captured',
      'update payment_intents set amount_authorized = 99000, amount_captured = 99000, updated_at = now() where id = $1',
      () => payment,
    ],
    [
      'a payment that forgets its refund',
      'refunded',
      'update payment_intents set amount_refunded = 0, updated_at = now() where id = $1',
      () => payment,
    ],
    [
      'a refund that says less than its entries',
      'returned',
      'update refunds set amount = 400, from_payable = 0, from_debt = 400, updated_at = now() where id = $1',
      () => refund,
    ],
  ])('finds %s, and raises the alert', async (_name, what, text, idOf) => {
    const alarm = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const table = text.split(' ')[1]
    const { rows } = await world.connection.query(`select to_jsonb(t) as row from ${table} t where id = $1`, [
      idOf(),
    ])
    await asOwnerOf(text, [idOf()])
    expect(await differences()).toContainEqual({ id: idOf(), what })
    const report = await nightly()
    expect(report.differences).toBeGreaterThan(0)
    expect(alarm.mock.calls.map(([line]) => line)).toContainEqual({
      message: 'ledger.documents_differ',
      differences: report.differences,
    })
    alarm.mockRestore()
    expect((await lastCheck()).details).toContainEqual(
      expect.objectContaining({ documentId: idOf(), what, documentType: expect.any(String) }),
    )
    await asOwnerOf(
      `update ${table} t set (${Object.keys(rows[0].row).join(', ')}) = (select ${Object.keys(rows[0].row)
        .map((column) => `r.${column}`)
        .join(', ')} from jsonb_populate_record(null::${table}, $2) r) where id = $1`,
      [idOf(), JSON.stringify(rows[0].row)],
    )
    expect(await differences()).toEqual([])
    expect(await nightly()).toEqual({ checks: 1, differences: 0 })
  })

  it('looks again at what differed, until an approved correction explains it', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const entry = await postEntry(world.connection, {
      lines: [
        { account: 'platform_fee', owner: null, amount: -7 },
        { account: 'gateway_fees', owner: null, amount: 7 },
      ],
    })
    expect(await differences()).toEqual([{ id: entry, what: 'no_document' }])
    expect(await nightly()).toEqual({ checks: 1, differences: 1 })
    // Days later nothing of it has changed, and it is still there.
    await asOwnerOf(`update ledger_checks set created_at = created_at - interval '30 days'`, [])
    expect(await nightly()).toEqual({ checks: 1, differences: 1 })
    const approve = await aCorrection(7, { explains: entry })
    expect(await differences()).toHaveLength(1)
    await approve()
    expect(await differences()).toEqual([])
    expect(await nightly()).toEqual({ checks: 1, differences: 0 })
    vi.restoreAllMocks()
  })

  it('reports again what differs beyond what a correction explained, then and later', async () => {
    const amountOf = async () =>
      (
        await world.connection.query(
          'select what, (expected - posted)::int as missing from khidma.document_differences() where document_id = $1',
          [payment],
        )
      ).rows
    const { rows } = await world.connection.query(
      'select amount_captured::int as captured from payment_intents where id = $1',
      [payment],
    )
    const says = (amount: number) =>
      asOwnerOf(
        'update payment_intents set amount_authorized = $2, amount_captured = $2, updated_at = now() where id = $1',
        [payment, rows[0].captured + amount],
      )
    await says(900)
    expect(await amountOf()).toEqual([{ what: 'captured', missing: 900 }])
    await (await aCorrection(300, { explains: payment }))()
    expect(await amountOf()).toEqual([{ what: 'captured', missing: 600 }])
    await (await aCorrection(5_000, { explains: payment }))()
    expect(await amountOf()).toEqual([])
    // The same payment goes wrong once more, and back.
    await says(950)
    expect(await amountOf()).toEqual([{ what: 'captured', missing: 50 }])
    await says(900)
    expect(await amountOf()).toEqual([])
    // Once the document says again what its entries do, the corrections of it are too much.
    await says(0)
    expect(await amountOf()).toEqual([{ what: 'captured', missing: -900 }])
    await says(900)
  })

  it('counts what is explained once, where two corrections of it are approved at the same moment', async () => {
    const entry = await postEntry(world.connection, {
      lines: [
        { account: 'platform_fee', owner: null, amount: -40 },
        { account: 'gateway_fees', owner: null, amount: 40 },
      ],
    })
    const both = [await aCorrection(40, { explains: entry }), await aCorrection(40, { explains: entry })]
    await Promise.all(both.map((approve) => approve()))
    expect(await differences()).toEqual([])
    const { rows } = await world.connection.query(
      `select coalesce((explained ->> 'no_document')::int, 0) as explained from adjustments
        where explains_document_id = $1 order by 1`,
      [entry],
    )
    expect(rows).toEqual([{ explained: -40 }, { explained: 0 }])
  })
})
