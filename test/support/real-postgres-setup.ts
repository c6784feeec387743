import type { TestProject } from 'vitest/node'
import { NoPostgres, startRealPostgres } from '../../tools/database/real.ts'
import './provided.ts'

/** One real server for all tests in Node. Without one they are skipped, except in CI. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  try {
    const { url, template, close } = await startRealPostgres()
    project.provide('realPostgres', { url, template })
    return close
  } catch (error) {
    if (!(error instanceof NoPostgres) || process.env.CI === 'true') throw error
    console.log(`${error.message} Tests that need it are skipped.`)
    project.provide('realPostgres', null)
    return undefined
  }
}
