import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { mutants } from '../../tools/mutants/list/index.ts'
import { applied } from '../../tools/mutants/mutant.ts'

describe('the mutants of tools/mutants', () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    '%s can still be made',
    (_name, mutant) => {
      const text = readFileSync(mutant.file, 'utf8')
      const changed = applied(mutant, text)
      expect(changed, `${mutant.file} does not hold the text exactly once`).not.toBeNull()
      expect(changed).not.toBe(text)
    },
  )

  it('are not made in generated files, which are written anew before the tests run', () => {
    const files = new Set(mutants.map(({ file }) => file))
    const generated = [...files].filter((file) =>
      /^\W+generated (from|by)\b/i.test(readFileSync(file, 'utf8')),
    )
    expect(generated).toEqual([])
  })

  it('have names of their own, and tests that exist', () => {
    const names = mutants.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    const files = globSync('test/**/*.test.ts')
    const missing = mutants.flatMap(({ tests }) =>
      tests.filter((path) => !files.some((file) => file === path || file.startsWith(`${path}/`))),
    )
    expect(missing).toEqual([])
  })
})
