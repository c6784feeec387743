/** The least a Worker can do: what the runtime alone costs. */
export default {
  fetch: () => Response.json({ hello: 'world' }),
}
