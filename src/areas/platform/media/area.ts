import { defineArea } from '../../../core/area.ts'
import { mediaRetention } from './retention-policies.ts'

export const media = defineArea({
  name: 'media',
  tags: {
    Media: 'Photos, voice notes and documents.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  retention: mediaRetention,
  scopes: {
    'media:read': 'Read files',
    'media:write': 'Upload files',
  },
  permissions: {
    'media.read': {
      description: 'View files of others',
      heldBy: ['ops'],
    },
  },
  problems: {
    media_refused: {
      status: 422,
      fields: [
        'mediaId',
        'avatarMediaId',
        'logoMediaId',
        'resumeMediaId',
        'frontMediaId',
        'backMediaId',
        'selfieMediaId',
        'iconMediaId',
      ],
      title: {
        en: 'The file is not accepted',
        ar: 'الملف غير مقبول',
      },
      detail: {
        en: 'Its type or size is not allowed, its content is of another type, or it has not been uploaded.',
        ar: 'نوعه أو حجمه غير مسموح به، أو محتواه من نوع آخر، أو لم يُرفع بعد.',
      },
      cause:
        'The type, size or hash of the file differs from what was announced or is not allowed, or the file named by an id was not uploaded by the caller.',
      remedy:
        'Read `errors`; announce the file with `media.create` as it is, upload it, and send its id then.',
    },
  },
})
