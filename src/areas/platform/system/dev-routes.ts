import { sql } from 'drizzle-orm'
import type { Routes } from '../../../http/mount.ts'
import { listDevMessages } from '../../../providers/dev-outbox.ts'
import { systemContext } from '../../../system-context.ts'
import { isCodePending } from '../../people/identity/codes/deliver.ts'

const pendingPollMs = 100

/** Mounts tools that a developer needs and that nobody in production may have. Mounted in development builds only. */
export function mountDevTools(app: Routes): void {
  app.get('/__dev/outbox', async (c) => {
    if (c.env.ENVIRONMENT !== 'development') return c.notFound()
    // In a query an unescaped `+` is a space: nobody types %2B by hand.
    const to = (c.req.query('to') ?? '').replace(/^ /, '+')
    // A code travels by the queue: one that was asked for is there when the outbox is read, without asking again.
    const ctx = systemContext(c.env, 'dev-outbox')
    while (await isCodePending(ctx, to)) await scheduler.wait(pendingPollMs)
    return c.json({ data: await listDevMessages(c.env, to) }, 200)
  })

  /** Where the simulators of the payment gateways are: `POST /__sim/pay` there is the payer. */
  app.get('/__dev/gateways', (c) =>
    c.env.ENVIRONMENT === 'development' ? c.json(JSON.parse(c.env.DEV_GATEWAYS ?? '{}'), 200) : c.notFound(),
  )

  /** Turns the clock forward for one search, where nobody wants to sit through 45 seconds, or through the hours of a rung of its ladder. */
  app.post('/__dev/matching/:taskId/end-wave', async (c) => {
    if (c.env.ENVIRONMENT !== 'development') return c.notFound()
    await systemContext(c.env, 'dev-clock').db.write([
      sql`update tasks set climbs_at = now() where id = ${c.req.param('taskId')} and climbs_at is not null`,
    ])
    await c.env.TASK_MATCHERS.getByName(c.req.param('taskId')).endWave()
    return c.body(null, 204)
  })

  /** Lets the time pass in which the client answers a request for a lead, and collects what has ended. */
  app.post('/__dev/lead-requests/:requestId/be-silent', async (c) => {
    if (c.env.ENVIRONMENT !== 'development') return c.notFound()
    await systemContext(c.env, 'dev-clock').db.write([
      sql`update lead_requests set expires_at = now() where id = ${c.req.param('requestId')} and status = 'pending'`,
      sql`select khidma.end_leads(100)`,
    ])
    return c.body(null, 204)
  })

  /** Lets time pass for one booking: its hours, and the deadlines that follow from them, come nearer by so many minutes. */
  app.post('/__dev/bookings/:bookingId/pass-time', async (c) => {
    if (c.env.ENVIRONMENT !== 'development') return c.notFound()
    const during = sql`tstzrange(lower(scheduled_during) - p.passed, upper(scheduled_during) - p.passed)`
    await systemContext(c.env, 'dev-clock').db.write([
      sql`update bookings set scheduled_during = ${during} from (select make_interval(mins => ${Number(c.req.query('minutes'))}::int)) p (passed)
           where id = ${c.req.param('bookingId')}`,
    ])
    return c.body(null, 204)
  })
}
