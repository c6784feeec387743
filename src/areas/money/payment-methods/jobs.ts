import { outside } from '../../../core/jobs.ts'
import { detachMethods } from './detaching.ts'

export const jobs = {
  detachMethods: outside(async (ctx, until) => ({ ...(await detachMethods(ctx, until)) })),
}
