import type { TestProject } from 'vitest/node'
import { NoPostgres } from '../../tools/database/real.ts'
import './provided.ts'
import { borrowRealPostgres } from './shared-server.ts'

/** One real server for all tests in Node. Without one they are skipped, except in CI. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  try {
    const { server, giveBack } = await borrowRealPostgres()
    project.provide('realPostgres', { url: server.url, template: server.template })
    return giveBack
  } catch (error) {
    if (!(error instanceof NoPostgres) || process.env.CI === 'true') throw error
    console.log(`${error.message} Tests that need it are skipped.`)
    project.provide('realPostgres', null)
    return undefined
  }
}
