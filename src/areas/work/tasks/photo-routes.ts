import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
import { ctxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { anyUser } from '../../../http/policy.ts'
import { Id, idParams } from '../../../http/schemas.ts'
import { addPhoto, orderPhotos, removePhoto, updatePhoto } from './photos.ts'
import { Task, toTask } from './schemas.ts'

const Caption = z.string().trim().min(1).max(300).nullable().openapi({
  example: 'The valve below the tap',
  description: 'Caption; null: none.',
})
const IsPrimary = z.literal(true).openapi({
  example: true,
  description: 'True: apps show it first. Another photo is that by the same operation.',
})

const AddTaskPhoto = z
  .strictObject({
    mediaId: Id.openapi({ description: 'An image that the client of the task has uploaded.' }),
    caption: Caption.optional(),
    isPrimary: IsPrimary.optional(),
  })
  .openapi('AddTaskPhoto', {
    description: 'A photo of what is to be done.',
    example: { mediaId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', caption: 'The valve below the tap' },
  })

const UpdateTaskPhoto = z
  .strictObject({ caption: Caption, isPrimary: IsPrimary })
  .partial()
  .openapi('UpdateTaskPhoto', {
    description: 'Changes of a photo of a task.',
    example: { caption: 'The valve below the tap', isPrimary: true },
  })

const OrderTaskPhotos = z
  .strictObject({
    photoIds: z
      .array(Id)
      .max(30)
      .refine((ids) => new Set(ids).size === ids.length, valueTexts.eachOnce)
      .openapi({ description: 'All photos of the task in the new order.' }),
  })
  .openapi('OrderTaskPhotos', {
    description: 'The photos of a task in another order.',
    example: { photoIds: ['019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40'] },
  })

const ofTask = idParams('taskId')
const ofPhoto = idParams('taskId', 'photoId')
const policy = {
  roles: anyUser,
  relation: { who: ['client'], orStaff: true },
  scope: 'tasks:write',
  permission: 'tasks.manage',
} as const
const responses = { 200: { description: 'The task with its photos.', schema: Task } } as const
const closed = ['not_editable', 'task_deleted'] as const

export const photoRoutes = newRoutes()

const add = defineOperation({
  operationId: 'tasks.addPhoto',
  method: 'post',
  path: '/v1/tasks/{taskId}/photos',
  tag: 'Tasks',
  summary: 'Add a photo to a task',
  description:
    'Until the work starts. Whoever sees the task sees its photos, and may open their files. The first photo is the primary one.',
  policy,
  params: ofTask,
  body: AddTaskPhoto,
  responses,
  problems: [...closed, 'media_refused', 'already_exists', 'limit_reached'],
})

photoRoutes.openapi(add, async (c) => {
  const ctx = ctxOf(c)
  const row = await addPhoto(ctx, c.req.valid('param').taskId, c.req.valid('json'))
  return c.json(tagged(c, toTask(row, ctx.actor)), 200)
})

const update = defineOperation({
  operationId: 'tasks.updatePhoto',
  method: 'patch',
  path: '/v1/tasks/{taskId}/photos/{photoId}',
  tag: 'Tasks',
  summary: 'Update a photo of a task',
  description: 'Changes the caption, or makes it the primary photo. Until the work starts.',
  policy,
  params: ofPhoto,
  body: UpdateTaskPhoto,
  responses,
  problems: closed,
})

photoRoutes.openapi(update, async (c) => {
  const ctx = ctxOf(c)
  const { taskId, photoId } = c.req.valid('param')
  const row = await updatePhoto(ctx, taskId, photoId, c.req.valid('json'))
  return c.json(tagged(c, toTask(row, ctx.actor)), 200)
})

const order = defineOperation({
  operationId: 'tasks.orderPhotos',
  method: 'put',
  path: '/v1/tasks/{taskId}/photo-order',
  tag: 'Tasks',
  summary: 'Reorder the photos of a task',
  description: 'Puts all photos of the task in the order that is sent. Until the work starts.',
  policy,
  params: ofTask,
  body: OrderTaskPhotos,
  responses,
  problems: [...closed, 'photos_incomplete'],
})

photoRoutes.openapi(order, async (c) => {
  const ctx = ctxOf(c)
  const row = await orderPhotos(ctx, c.req.valid('param').taskId, c.req.valid('json').photoIds)
  return c.json(tagged(c, toTask(row, ctx.actor)), 200)
})

const remove = defineOperation({
  operationId: 'tasks.removePhoto',
  method: 'delete',
  path: '/v1/tasks/{taskId}/photos/{photoId}',
  tag: 'Tasks',
  summary: 'Remove a photo of a task',
  description:
    'Until the work starts. If it was the primary photo, the first of the others is. Its file expires unless something else shows it.',
  policy,
  params: ofPhoto,
  responses,
  problems: closed,
})

photoRoutes.openapi(remove, async (c) => {
  const ctx = ctxOf(c)
  const { taskId, photoId } = c.req.valid('param')
  return c.json(tagged(c, toTask(await removePhoto(ctx, taskId, photoId), ctx.actor)), 200)
})
