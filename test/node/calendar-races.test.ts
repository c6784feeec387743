import { afterAll, beforeAll, expect, it } from 'vitest'
import { acceptChange, proposeChange } from '../../src/areas/work/bookings/booking-changes.ts'
import { bookHold } from '../../src/areas/work/calendar/direct-bookings.ts'
import { holdSlot, releaseHold, renewHold } from '../../src/areas/work/calendar/slots.ts'
import { newId } from '../../src/core/ids.ts'
import { aPerson } from '../support/calendar-world.ts'
import {
  asOwner,
  connect,
  insertBooking,
  insertTask,
  openWorld,
  type Person,
  transaction,
} from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

describeReal('one calendar, from many connections at once', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts
  let other: Awaited<ReturnType<typeof connect>>
  let clients: Person[]
  let day = 0

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 16)
    other = await connect(world.ownerUrl)
    await asOwner(world.connection, () =>
      world.connection.query(
        `insert into task_categories (id, slug, names) values ($1, 'plumbing', '{"en": "Plumbing", "ar": "سباكة"}')`,
        [newId()],
      ),
    )
    clients = []
    for (let n = 0; n < 200; n += 1) clients.push(await aPerson(world, 'client'))
  })
  afterAll(async () => {
    await other.end()
    await contexts.close()
    await world.close()
  })

  /** 10:00 UTC of another day each time, within the horizon. */
  const nextDay = () => {
    day += 1
    return new Date(
      Math.floor(Date.now() / 86_400_000) * 86_400_000 + (day + 1) * 86_400_000 + 10 * 3_600_000,
    )
  }
  const later = (at: Date, minutes: number) => new Date(at.getTime() + minutes * 60_000).toISOString()

  const hold = (client: Person, taskerId: string, startsAt: string, minutes = 60) =>
    holdSlot(contexts.contextOf(client), { taskerId, startsAt }, { minutes, urgent: false })

  const taskAt = (startsAt: string, client = world.client) =>
    asOwner(world.connection, () => insertTask({ ...world, client }, { state: 'matching', startsAt }))

  const draftOf = (client: Person) =>
    asOwner(world.connection, () => insertTask({ ...world, client }, { state: 'draft' }))

  /** The tasker accepts: as `offers.accept` writes it. */
  const book = (task: string, tasker: Person, connection = world.connection) =>
    transaction(connection, tasker, () => insertBooking({ ...world, tasker, connection }, task, 'accepted'))

  const itemsOf = async (taskerId: string | null) =>
    (
      await world.connection.query(
        `select kind, state, held_by is not null as "isHeld", source_id is not null as "hasSource", id from calendar_items
          where tasker_id = $1 and state = 'live' order by lower(during)`,
        [taskerId],
      )
    ).rows

  const reasonOf = (attempt: Promise<unknown>) =>
    attempt.then(
      () => 'ok',
      (error: { constraint?: string; message: string }) => error.constraint ?? error.message,
    )

  it('200 clients hold one slot: one does', async () => {
    const tasker = await aPerson(world, 'tasker')
    const startsAt = nextDay().toISOString()
    const outcomes = await times(200, (n) =>
      outcomeOf(hold(clients[n] as Person, tasker.id as string, startsAt)),
    )
    expect(count(outcomes)).toEqual({ ok: 1, slot_unavailable: 199 })
    expect(await itemsOf(tasker.id)).toHaveLength(1)
  })

  it('clients who want overlapping times of one tasker get as many as fit, whatever their order', async () => {
    const tasker = await aPerson(world, 'tasker')
    const at = nextDay()
    const outcomes = await times(60, (n) =>
      outcomeOf(hold(clients[n] as Person, tasker.id as string, later(at, (n % 12) * 30), 60)),
    )
    const held = await itemsOf(tasker.id)
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(held.length)
    expect(held.length).toBeGreaterThan(3)
    expect(Object.keys(count(outcomes)).sort()).toEqual(['ok', 'slot_unavailable'])
  })

  it('a client who holds slots of many taskers at once holds as many as they may', async () => {
    const startsAt = nextDay().toISOString()
    const taskers = await times(6, () => aPerson(world, 'tasker'))
    const client = await aPerson(world, 'client')
    const outcomes = await Promise.all(
      taskers.map((tasker) => outcomeOf(hold(client, tasker.id as string, startsAt))),
    )
    expect(count(outcomes)).toEqual({ ok: 3, hold_limit_reached: 3 })
  })

  it('a hold beside a booking of that time: one of the two', async () => {
    const seen = new Set<string>()
    for (let round = 0; round < 10; round += 1) {
      const tasker = await aPerson(world, 'tasker')
      const at = nextDay()
      const task = await taskAt(at.toISOString())
      const ways = [
        () => outcomeOf(hold(clients[100 + round] as Person, tasker.id as string, later(at, 30))),
        () => reasonOf(book(task, tasker)),
      ]
      const outcomes = await Promise.all((round % 2 === 0 ? ways : ways.toReversed()).map((way) => way()))
      expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1)
      for (const outcome of outcomes)
        expect(['ok', 'slot_unavailable', 'calendar_items_no_overlap']).toContain(outcome)
      const items = await itemsOf(tasker.id)
      expect(items).toHaveLength(1)
      seen.add(items[0].kind)
    }
    expect(seen.size).toBeGreaterThan(0)
  })

  it('a booking of the client takes the place of their hold, in the same item, while others try to get it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const tasker = await aPerson(world, 'tasker')
      const client = await aPerson(world, 'client')
      const at = nextDay()
      const held = await hold(client, tasker.id as string, at.toISOString())
      const task = await taskAt(at.toISOString(), client)
      const [booked, ...others] = await Promise.all([
        reasonOf(book(task, tasker)),
        ...[1, 2, 3].map((n) =>
          outcomeOf(hold(clients[150 + round * 3 + n] as Person, tasker.id as string, at.toISOString())),
        ),
      ])
      expect([booked, ...others]).toEqual(['ok', 'slot_unavailable', 'slot_unavailable', 'slot_unavailable'])
      const items = await itemsOf(tasker.id)
      expect(items).toEqual([{ id: held.id, kind: 'visit', state: 'live', isHeld: false, hasSource: true }])
      await expect(renewHold(contexts.contextOf(client), held.id)).rejects.toMatchObject({
        code: 'not_found',
      })
    }
  })

  it('two drafts that are booked on one hold: one of them has it, in the same item', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [tasker, client] = [await aPerson(world, 'tasker'), await aPerson(world, 'client')]
      const at = nextDay().toISOString()
      const held = await hold(client, tasker.id as string, at)
      const drafts = await times(2, () => draftOf(client))
      const outcomes = await Promise.all(
        drafts.map((draft) => outcomeOf(bookHold(contexts.contextOf(client), held.id, draft))),
      )
      expect(outcomes.sort()).toEqual(['hold_ended', 'ok'])
      expect(await itemsOf(tasker.id)).toEqual([
        { id: held.id, kind: 'hold', state: 'live', isHeld: false, hasSource: true },
      ])
      const { rows } = await world.connection.query(
        `select t.state, b.status, t.starts_at = lower(b.scheduled_during) and t.starts_at = $2 as "isThen" from tasks t
           left join bookings b on b.task_id = t.id where t.id = any ($1) order by t.state`,
        [drafts, at],
      )
      expect(rows.map(({ state, status }) => [state, status])).toEqual([
        ['draft', null],
        ['posted', 'offered'],
      ])
      expect(rows[1].isThen).toBe(true)
    }
  })

  it('one draft that is booked on two holds is offered to one tasker', async () => {
    const client = await aPerson(world, 'client')
    const at = nextDay().toISOString()
    const taskers = await times(2, () => aPerson(world, 'tasker'))
    const holds = await Promise.all(taskers.map((tasker) => hold(client, tasker.id as string, at)))
    const draft = await draftOf(client)
    const outcomes = await Promise.all(
      holds.map(({ id }) => outcomeOf(bookHold(contexts.contextOf(client), id, draft))),
    )
    expect(outcomes.sort()).toEqual(['not_editable', 'ok'])
    const kept = await Promise.all(taskers.map((tasker) => itemsOf(tasker.id)))
    expect(
      kept
        .flat()
        .map(({ isHeld }) => isHeld)
        .sort(),
    ).toEqual([false, true])
  })

  it('a hold that ends while it is booked: its client or the next one has the time, never both', async () => {
    const seen = new Set<string>()
    for (let round = 0; round < 8; round += 1) {
      const [tasker, client] = [await aPerson(world, 'tasker'), await aPerson(world, 'client')]
      const at = nextDay().toISOString()
      const held = await hold(client, tasker.id as string, at)
      const draft = await draftOf(client)
      await world.connection.query(
        `update calendar_items set expires_at = clock_timestamp() + make_interval(secs => $2) where id = $1`,
        [held.id, (round % 4) * 0.01],
      )
      const [booked, next] = await Promise.all([
        outcomeOf(bookHold(contexts.contextOf(client), held.id, draft)),
        outcomeOf(hold(clients[round] as Person, tasker.id as string, at)),
        other.query('select khidma.expire_holds(500)'),
      ])
      expect(['ok', 'hold_ended']).toContain(booked)
      expect(['ok', 'slot_unavailable']).toContain(next)
      expect([booked, next].filter((outcome) => outcome === 'ok').length).toBeLessThan(2)
      expect((await itemsOf(tasker.id)).length).toBeLessThan(2)
      seen.add(booked)
    }
    expect(seen.size).toBeGreaterThan(0)
  })

  it('a booking that moves beside another one that is made: one of them has the time', async () => {
    const seen = new Set<string>()
    for (let round = 0; round < 8; round += 1) {
      const tasker = await aPerson(world, 'tasker')
      const at = nextDay()
      const moving = await book(await taskAt(at.toISOString()), tasker)
      const target = later(at, 180)
      const proposal = await proposeChange(contexts.contextOf(tasker), moving, { startsAt: target }, 'Later.')
      const task = await taskAt(target)
      const ways = [
        () =>
          outcomeOf(
            acceptChange(contexts.contextOf(world.client), { bookingId: moving, changeId: proposal.id }),
          ),
        () => reasonOf(book(task, tasker, other)),
      ]
      const outcomes = await Promise.all((round % 2 === 0 ? ways : ways.toReversed()).map((way) => way()))
      expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1)
      for (const outcome of outcomes)
        expect(['ok', 'tasker_busy', 'calendar_items_no_overlap']).toContain(outcome)
      seen.add(outcomes.join(' '))
      const { rows } = await world.connection.query(
        `select count(*)::int as n from calendar_items a join calendar_items b on a.tasker_id = b.tasker_id and a.id < b.id
          where a.tasker_id = $1 and a.state = 'live' and b.state = 'live' and a.guarded && b.guarded`,
        [tasker.id],
      )
      expect(rows[0].n).toBe(0)
    }
    expect(seen.size).toBeGreaterThan(0)
  })

  it('a hold whose time is over is in nobody’s way, though nobody has collected it', async () => {
    const tasker = await aPerson(world, 'tasker')
    const at = nextDay().toISOString()
    const [early, late] = [await aPerson(world, 'client'), await aPerson(world, 'client')]
    const first = await hold(early, tasker.id as string, at)
    await world.connection.query(
      `update calendar_items set expires_at = now() - interval '1 second' where id = $1`,
      [first.id],
    )
    await expect(renewHold(contexts.contextOf(early), first.id)).rejects.toMatchObject({
      code: 'hold_ended',
    })
    const second = await hold(late, tasker.id as string, at)
    expect((await itemsOf(tasker.id)).map(({ id }) => id)).toEqual([second.id])
    await releaseHold(contexts.contextOf(late), second.id)
    expect(await itemsOf(tasker.id)).toEqual([])
  })

  it('frees the time of a booking that is canceled, disputed or completed, and keeps its visits', async () => {
    const tasker = await aPerson(world, 'tasker')
    const booking = await book(await taskAt(nextDay().toISOString()), tasker)
    const visits = () =>
      transaction(world.connection, world.system, () =>
        world.connection.query(
          `insert into visits (id, booking_id, number, tasker_id, during)
           select khidma.uuid_v7(), b.id, (select max(v.number) + 1 from visits v where v.booking_id = b.id), b.tasker_id,
                  tstzrange(now() + interval '80 days', now() + interval '80 days 1 hour') from bookings b where b.id = $1`,
          [booking],
        ),
      )
    await visits()
    expect((await itemsOf(tasker.id)).map(({ kind }) => kind)).toEqual(['visit', 'visit'])
    await expect(visits()).rejects.toMatchObject({ constraint: 'calendar_items_no_overlap' })
    await transaction(world.connection, world.client, () =>
      world.connection.query(`update bookings set status = 'canceled' where id = $1`, [booking]),
    )
    expect(await itemsOf(tasker.id)).toEqual([])
    const { rows } = await world.connection.query(
      `select state from visits where booking_id = $1 order by number`,
      [booking],
    )
    expect(rows.map(({ state }) => state)).toEqual(['canceled', 'canceled'])
  })

  it('lets no absence overlap a booking, and puts imported busy times around what is there', async () => {
    const tasker = await aPerson(world, 'tasker')
    const at = nextDay()
    await book(await taskAt(at.toISOString()), tasker)
    const away = (from: string, until: string) =>
      world.connection.query(
        `insert into tasker_availability_blocks (id, tasker_id, kind, starts_at, ends_at) values ($1, $2, 'unavailable', $3, $4)`,
        [newId(), tasker.id, from, until],
      )
    await expect(away(later(at, 30), later(at, 90))).rejects.toMatchObject({
      constraint: 'calendar_items_no_overlap',
    })
    const calendar = newId()
    await world.connection.query(
      `insert into external_calendars (id, tasker_id, name, url) values ($1, $2, 'Private', 'sealed')`,
      [calendar, tasker.id],
    )
    const busy = [[at.getTime() / 1_000 - 3_600, at.getTime() / 1_000 + 7_200]]
    await world.connection.query(`select khidma.keep_external_calendars($1)`, [
      JSON.stringify([{ id: calendar, busy }]),
    ])
    expect((await itemsOf(tasker.id)).map(({ kind }) => kind)).toEqual(['external', 'visit', 'external'])
    // An absence takes the place of imported time.
    await away(later(at, 60), later(at, 90))
    expect((await itemsOf(tasker.id)).map(({ kind }) => kind)).toEqual(['external', 'visit', 'block'])
    await world.connection.query(`delete from external_calendars where id = $1`, [calendar])
    expect((await itemsOf(tasker.id)).map(({ kind }) => kind)).toEqual(['visit', 'block'])
  })
})
