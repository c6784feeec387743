import { outside } from '../../../core/jobs.ts'
import { workOnEvents } from './receiving.ts'
import { sweep } from './work.ts'

export const jobs = {
  gatewayEvents: outside(async (ctx, until) => ({ events: await workOnEvents(ctx, null, until) })),
  gatewayWork: outside(async (ctx, until) => ({ ...(await sweep(ctx, until)) })),
}
