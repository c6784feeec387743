import { describe, expect, it } from 'vitest'
import { areaByPath } from '../../src/areas/paths.ts'
import { areaOf } from '../../src/http/mount.ts'
import { api } from '../support/api.ts'
import { document } from './call.ts'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

describe('the area of a path', () => {
  it('is the only one that answers it', () => {
    const paths = Object.entries(areaByPath).map(([path, area]) => ({
      segments: path.split('/'),
      path,
      area,
    }))
    const mixed = paths.flatMap((one) =>
      paths
        .filter(({ area, segments }) => area !== one.area && overlap(one.segments, segments))
        .map(({ path }) => [one.path, path]),
    )
    expect(mixed).toEqual([])
  })

  it.each([
    ['/v1/bookings/x', 'bookings'],
    ['/v1/bookings/x/visits', 'calendar'],
    ['/v1/bookings/x/visits/', undefined],
    ['/v1/bookings/x/nothing', undefined],
    ['/v1', undefined],
    ['/', 'system'],
  ])('%s is %s', (path, area) => {
    expect(areaOf(path)).toBe(area)
  })
})

/** Tells whether a path can be of both: `/v1/tasks/:taskId` and `/v1/tasks/drafts`. */
function overlap(one: string[], other: string[]): boolean {
  const isOpen = (segment = '') => segment.startsWith(':')
  return (
    one.length === other.length &&
    one.every((segment, index) => segment === other[index] || isOpen(segment) || isOpen(other[index]))
  )
}

it.each(Object.entries(document.paths))(
  '%s is answered, and says which methods it has',
  async (path, item) => {
    const has = methods.filter((method) => method.toLowerCase() in item)
    const method = methods.find((one) => !has.includes(one)) as string
    const { status, headers } = await api(path.replaceAll(/\{\w+\}/g, 'x'), { method })
    expect(status).toBe(405)
    expect(headers.get('allow')?.split(', ')).toEqual(
      has.flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : one)),
    )
  },
)
