import { defineArea } from '../../../core/area.ts'
import { chatProblems } from './problems.ts'

export const chat = defineArea({
  name: 'chat',
  tags: {
    Conversations: 'Chat between the parties, over HTTP and over a socket.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  scopes: {
    'conversations:read': 'Read conversations and their messages',
    'conversations:write': 'Send messages and mark them as read',
    'sockets:connect': 'Connect to the user channel and to conversations',
  },
  permissions: {
    'conversations.read': {
      description: 'View conversations of others',
      heldBy: ['ops', 'support'],
    },
  },
  problems: chatProblems,
  events: {
    'conversation.opened': {
      summary: 'A booking has its conversation, begun with it or a lead',
    },
  },
})
