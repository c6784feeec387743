import { afterAll, beforeAll, expect, it } from 'vitest'
import { listEvents } from '../../src/areas/platform/events/events.ts'
import { newId } from '../../src/core/ids.ts'
import { eventually } from '../support/eventually.ts'
import { actAs, connect, openWorld, type Person } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { describeReal } from '../support/real-postgres.ts'

type Connection = Awaited<ReturnType<typeof connect>>

const pageLimit = 5
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describeReal('events, while slow and fast transactions write them', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts
  let writers: Connection[]

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 4)
    writers = await Promise.all(Array.from({ length: 8 }, () => connect(world.ownerUrl)))
  })
  afterAll(async () => {
    await Promise.all(writers.map((writer) => writer.end()))
    await contexts.close()
    await world.close()
  })

  const writer = (index: number): Connection => writers[index] as Connection

  async function begin(connection: Connection): Promise<void> {
    await connection.query('begin')
    await actAs(connection, world.system)
  }

  /** One event about a task that concerns the client. Returns the id of the task. */
  async function emit(connection: Connection): Promise<string> {
    const taskId = newId()
    await connection.query(`select khidma.emit('task.created', 'task', $1, 1, '{}', $2::uuid[])`, [
      taskId,
      [world.client.id],
    ])
    return taskId
  }

  /** Goes on behind the last event it has, as a third party does: by sequence, or from page to page by the list's own key. */
  function poller(person: Person, by: 'sequence' | 'cursor') {
    const seen: string[] = []
    let last: { xid: string; seq: number } | undefined
    const poll = async (): Promise<string[]> => {
      const after = by === 'sequence' ? last?.seq : undefined
      const key = by === 'cursor' && last ? [last.xid, String(last.seq)] : null
      const rows = await listEvents(
        contexts.contextOf(person),
        { after, types: ['task.created'] },
        { limit: pageLimit, after: key },
      )
      const page = rows.slice(0, pageLimit)
      last = page.at(-1) ?? last
      seen.push(...page.map(({ objectId }) => objectId))
      return page.map(({ objectId }) => objectId)
    }
    return { seen, poll }
  }

  /** Polls in the wrong way: by sequence alone, as far as is visible. */
  function naivePoller() {
    const seen: string[] = []
    let last = 0
    const poll = async (): Promise<void> => {
      const { rows } = await world.connection.query<{ seq: string; object_id: string }>(
        `select seq, object_id from outbox where type = 'task.created' and seq > $1 order by seq`,
        [last],
      )
      last = Number(rows.at(-1)?.seq ?? last)
      seen.push(...rows.map((row) => row.object_id))
    }
    return { seen, poll, last: () => last }
  }

  async function everythingWritten(): Promise<string[]> {
    const { rows } = await world.connection.query<{ object_id: string }>(
      `select object_id from outbox where type = 'task.created' order by xid, seq`,
    )
    return rows.map((row) => row.object_id)
  }

  /** Other tests' transactions on the same server hold the horizon back as well: not for long. */
  async function drain({ seen, poll }: ReturnType<typeof poller>, count: number): Promise<void> {
    for (const until = Date.now() + 30_000; seen.length < count && Date.now() < until; ) {
      if ((await poll()).length === 0) await pause(20)
    }
    await poll()
  }

  it('stop before a running transaction, whose events then come first', async () => {
    const pollers = (['sequence', 'cursor'] as const).flatMap((by) =>
      [world.client, world.ops].map((person) => poller(person, by)),
    )
    const naive = naivePoller()
    const [slow, fast] = [writer(0), writer(1)]
    await begin(slow)
    const first = await emit(slow)
    await begin(fast)
    const second = await emit(fast)
    await fast.query('commit')
    for (const { poll } of pollers) expect(await poll()).toEqual([])
    await naive.poll()
    // The slow one writes once more: a higher sequence, yet ordered before committed events.
    const third = await emit(slow)
    await slow.query('commit')
    for (const each of pollers) {
      await drain(each, 3)
      expect(each.seen).toEqual([first, third, second])
    }
    await naive.poll()
    expect(naive.seen).toEqual([second, third])
  })

  it('reach every reader once, in one order', async () => {
    const pollers = [
      poller(world.client, 'sequence'),
      poller(world.client, 'cursor'),
      poller(world.ops, 'sequence'),
      poller(world.ops, 'cursor'),
    ]
    const naive = naivePoller()
    let isWriting = true
    const reading = [...pollers, naive].map(async ({ poll }) => {
      while (isWriting) {
        await poll()
        await pause(3)
      }
    })
    await Promise.all(writers.map((connection, index) => writeFor(connection, index, naive)))
    isWriting = false
    await Promise.all(reading)

    const written = await everythingWritten()
    expect(written.length).toBeGreaterThan(100)
    for (const each of pollers) {
      await drain(each, written.length)
      expect(each.seen).toEqual(written)
    }
    await naive.poll()
    expect(new Set(naive.seen).size).toBeLessThan(written.length)
  })

  it('end a call in the order in which they happened', async () => {
    const connection = writer(0)
    await begin(connection)
    const written = [await emit(connection), await emit(connection), await emit(connection)]
    const { rows } = await connection.query(
      `select array(select e ->> 'objectId' from json_array_elements((khidma.finish_request('[]')).events) e) as ids`,
    )
    await connection.query('rollback')
    expect(rows[0].ids).toEqual(written)
  })

  it('are sent to nobody who is erased', async () => {
    const connection = writer(0)
    await begin(connection)
    await connection.query('update users set erased_at = now() where id = $1', [world.tasker.id])
    const taskId = newId()
    await connection.query(`select khidma.emit('task.created', 'task', $1, 1, '{}', $2::uuid[])`, [
      taskId,
      [world.client.id, world.tasker.id],
    ])
    const { rows } = await connection.query(
      'select f.recipients from outbox o, khidma.event_for_fan_out(o.id) f where o.object_id = $1',
      [taskId],
    )
    await connection.query('rollback')
    expect(rows[0].recipients).toMatchObject([{ userId: world.client.id }])
  })

  /**
   * Some transactions take long, some none, some are rolled back; all write before and after their pause. One ends when
   * the naive reader has gone past what it wrote.
   */
  async function writeFor(
    connection: Connection,
    index: number,
    naive: ReturnType<typeof naivePoller>,
  ): Promise<void> {
    const isSlow = index < 3
    for (let round = 0; round < (isSlow ? 8 : 25); round += 1) {
      await begin(connection)
      const taskId = await emit(connection)
      if (index === 0 && round === 0) {
        const { rows } = await connection.query('select seq from outbox where object_id = $1', [taskId])
        await eventually('the naive reader has gone past', () => naive.last() > Number(rows[0].seq))
      }
      await pause(isSlow ? 60 + 25 * index : index + (round % 5))
      await emit(connection)
      await connection.query(round % 6 === 5 ? 'rollback' : 'commit')
    }
  }
})
