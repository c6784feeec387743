import { afterAll, beforeAll, expect, it } from 'vitest'
import { updateService } from '../../src/areas/supply/professions/services.ts'
import { bookService } from '../../src/areas/work/calendar/direct-bookings.ts'
import { newId } from '../../src/core/ids.ts'
import { asOwner, openWorld } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { outcomeOf } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

describeReal('a service that is booked while it is changed', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts
  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 4)
    await asOwner(world.connection, () =>
      world.connection.query(
        `insert into task_categories (id, slug, names) values ($1, 'plumbing', '{"en": "Plumbing", "ar": "سباكة"}')`,
        [newId()],
      ),
    )
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  async function aService(): Promise<string> {
    const { connection, tasker } = world
    const [profile, version, service] = [newId(), newId(), newId()]
    await asOwner(connection, async () => {
      await connection.query('delete from calendar_items')
      await connection.query(`delete from role_profiles`)
      await connection.query(
        `insert into role_profiles (id, user_id, profession, status, approval_status, is_public, public_version_id)
         values ($1, $2, 'photographer', 'active', 'approved', true, $3)`,
        [profile, tasker.id, version],
      )
      await connection.query(
        `insert into services (id, profile_id, name, category, price_type, price_amount, currency, duration_minutes)
         values ($1, $2, 'Portrait', 'plumbing', 'fixed', 80000, 'EGP', 60)`,
        [service, profile],
      )
    })
    return service
  }

  const place = { address: 'Tahrir 1', city: 'Cairo', lat: 30.0444, lng: 31.2357 }
  let hour = 40
  const order = () => {
    hour += 3
    const startsAt = new Date((Math.ceil(Date.now() / 3_600_000) + hour) * 3_600_000).toISOString()
    return { startsAt, extraIds: [], details: place }
  }
  const bookedBy = async (service: string) =>
    (
      await world.connection.query(
        `select t.service_terms ->> 'priceAmount' as price, b.agreed_rate_amount as agreed
           from tasks t join bookings b on b.task_id = t.id where t.service_id = $1`,
        [service],
      )
    ).rows

  it('is booked before it is deactivated, or not at all', async () => {
    const outcomes = new Set<string>()
    for (let round = 0; round < 12; round += 1) {
      const service = await aService()
      const [client, tasker] = [contexts.contextOf(world.client), contexts.contextOf(world.tasker)]
      const [booked, changed] = await Promise.all([
        outcomeOf(bookService(client, service, order())),
        outcomeOf(updateService(tasker, service, { isActive: false }, null)),
      ])
      expect(changed).toBe('ok')
      expect(['ok', 'service_unavailable']).toContain(booked)
      expect(await bookedBy(service)).toHaveLength(booked === 'ok' ? 1 : 0)
      outcomes.add(booked as string)
    }
    const service = await aService()
    await updateService(contexts.contextOf(world.tasker), service, { isActive: false }, null)
    expect(await outcomeOf(bookService(contexts.contextOf(world.client), service, order()))).toBe(
      'service_unavailable',
    )
  })

  it('is booked at the old price or at the new one, never at parts of both', async () => {
    for (let round = 0; round < 12; round += 1) {
      const service = await aService()
      const [client, tasker] = [contexts.contextOf(world.client), contexts.contextOf(world.tasker)]
      await Promise.all([
        bookService(client, service, order()),
        updateService(tasker, service, { priceAmount: 99_000 }, null),
      ])
      const [terms] = await bookedBy(service)
      expect(['80000', '99000']).toContain(terms.price)
      expect(String(terms.agreed)).toBe(terms.price)
    }
  })
})
